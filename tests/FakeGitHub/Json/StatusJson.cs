using System.Text.Json.Nodes;
using FakeGitHub.World;

namespace FakeGitHub.Json;

/// <summary>Commit statuses.</summary>
internal static class StatusJson
{
    /// <summary>Without its creator, as in a combined status.</summary>
    public static JsonObject Simple(CommitStatus status, RepositoryState repository, Links links) => new()
    {
        ["url"] = $"{links.Repo(repository)}/statuses/{status.Sha}",
        ["avatar_url"] = $"{links.Html}/avatars/u/{status.Creator.Id}?v=4",
        ["id"] = status.Id,
        ["node_id"] = Wire.NodeId("StatusContext", status.Id),
        ["state"] = status.State,
        ["description"] = status.Description,
        ["target_url"] = status.TargetUrl,
        ["context"] = status.Context,
        ["created_at"] = Wire.Time(status.CreatedAt),
        ["updated_at"] = Wire.Time(status.CreatedAt),
    };

    public static JsonObject Full(CommitStatus status, RepositoryState repository, Links links)
    {
        var json = Simple(status, repository, links);
        json["creator"] = UserJson.Simple(status.Creator, links);
        return json;
    }
}
