using System.Text.Json.Nodes;
using FakeGitHub.World;

namespace FakeGitHub.Json;

/// <summary>Apps and their installations.</summary>
internal static class AppJson
{
    public static JsonObject App(App app, Links links) => new()
    {
        ["id"] = app.Id,
        ["slug"] = app.Slug,
        ["client_id"] = app.ClientId,
        ["node_id"] = Wire.NodeId("Integration", app.Id),
        ["owner"] = UserJson.Simple(app.Owner, links),
        ["name"] = app.Slug,
        ["description"] = null,
        ["external_url"] = links.Html,
        ["html_url"] = $"{links.Html}/apps/{app.Slug}",
        ["created_at"] = Wire.Time(app.CreatedAt),
        ["updated_at"] = Wire.Time(app.CreatedAt),
        ["permissions"] = new JsonObject { ["metadata"] = "read" },
        ["events"] = new JsonArray(),
    };

    public static JsonNode? Maybe(App? app, Links links) => app is null ? null : App(app, links);

    public static JsonObject Installation(Installation installation, Links links) => new()
    {
        ["id"] = installation.Id,
        ["account"] = UserJson.Simple(installation.Account, links),
        ["repository_selection"] = installation.Repositories is null ? "all" : "selected",
        ["access_tokens_url"] = $"{links.Api}/app/installations/{installation.Id}/access_tokens",
        ["repositories_url"] = $"{links.Api}/installation/repositories",
        ["html_url"] = $"{links.Html}/settings/installations/{installation.Id}",
        ["app_id"] = installation.App.Id,
        ["app_slug"] = installation.App.Slug,
        ["target_id"] = installation.Account.Id,
        ["target_type"] = installation.Account.Type,
        ["permissions"] = Permissions(installation.Permissions),
        ["events"] = new JsonArray(),
        ["created_at"] = Wire.Time(installation.CreatedAt),
        ["updated_at"] = Wire.Time(installation.CreatedAt),
        ["single_file_name"] = null,
        ["suspended_by"] = installation.Suspended ? UserJson.Simple(installation.Account, links) : null,
        ["suspended_at"] = installation.Suspended ? Wire.Time(installation.CreatedAt) : null,
    };

    public static JsonObject Permissions(IReadOnlyDictionary<string, string> permissions) =>
        new(permissions.Select(x => KeyValuePair.Create<string, JsonNode?>(x.Key, x.Value)));
}
