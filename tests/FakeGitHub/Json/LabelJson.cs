using System.Text.Json.Nodes;
using FakeGitHub.World;

namespace FakeGitHub.Json;

/// <summary>Labels.</summary>
internal static class LabelJson
{
    public static JsonObject Label(Label label, RepositoryState repository, Links links) => new()
    {
        ["id"] = label.Id,
        ["node_id"] = Wire.NodeId("Label", label.Id),
        ["url"] = $"{links.Repo(repository)}/labels/{Uri.EscapeDataString(label.Name)}",
        ["name"] = label.Name,
        ["color"] = label.Color,
        ["default"] = false,
        ["description"] = label.Description,
    };

    public static JsonArray Of(PullRequest pull, RepositoryState repository, Links links) =>
        Wire.Array(pull.Labels.Select(repository.LabelNamed).OfType<Label>(), label => Label(label, repository, links));
}
