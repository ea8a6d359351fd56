using System.Text.Json.Nodes;
using FakeGitHub.Http;
using FakeGitHub.Json;

namespace FakeGitHub.Api;

/// <summary>The service itself, and who is asking.</summary>
internal static class MetaApi
{
    private static readonly string[] _root =
    [
        "current_user /user", "current_user_authorizations_html /settings/connections/applications{/client_id}", "authorizations /authorizations",
        "code_search /search/code?q={query}", "commit_search /search/commits?q={query}", "emails /user/emails", "emojis /emojis", "events /events", "feeds /feeds",
        "followers /user/followers", "following /user/following{/target}", "gists /gists{/gist_id}", "issue_search /search/issues?q={query}", "issues /issues",
        "keys /user/keys", "label_search /search/labels?q={query}", "notifications /notifications", "organization /orgs/{org}",
        "organization_repositories /orgs/{org}/repos", "organization_teams /orgs/{org}/teams", "public_gists /gists/public", "rate_limit /rate_limit",
        "repository /repos/{owner}/{repo}", "repository_search /search/repositories?q={query}", "current_user_repositories /user/repos",
        "starred /user/starred{/owner}{/repo}", "starred_gists /gists/starred", "user /users/{user}", "user_organizations /user/orgs",
        "user_repositories /users/{user}/repos", "user_search /search/users?q={query}",
    ];

    public static void Add(RouteTable routes)
    {
        routes.Add("GET", "/", "", Root);
        routes.Add("GET", "/user", "", User);
        routes.Add("GET", "/rate_limit", "", call => ApiAnswer.Ok(call.Limits.Overview(call.Caller)));
        routes.Add("GET", "/meta", "", _ => ApiAnswer.Ok(new JsonObject { ["verifiable_password_authentication"] = false, ["hooks"] = new JsonArray("127.0.0.0/8") }));
        routes.AddRepo("GET", "", "metadata:read", call => ApiAnswer.Ok(RepositoryJson.Full(call.Repository, call.Links, call.Caller.Token?.Push == true)));
    }

    private static ApiAnswer Root(ApiCall call) => ApiAnswer.Ok(new JsonObject(_root.Select(x => x.Split(' ', 2))
        .Select(x => KeyValuePair.Create<string, JsonNode?>($"{x[0]}_url", $"{(x[0].Contains("html", StringComparison.Ordinal) ? call.Links.Html : call.Links.Api)}{x[1]}"))));

    private static ApiAnswer User(ApiCall call) => call.Caller.Token switch
    {
        null => ApiAnswer.Error(401, "Requires authentication"),
        { Installation: not null } => ApiAnswer.Error(403, "Resource not accessible by integration"),
        var token => ApiAnswer.Ok(UserJson.Private(token.Account, call.Links, call.Now)),
    };
}
