using System.Text.Json.Nodes;
using FakeGitHub.Apps;
using FakeGitHub.Http;
using FakeGitHub.Json;
using FakeGitHub.World;

namespace FakeGitHub.Api;

/// <summary>What an App may ask about itself, and the tokens of its installations.</summary>
internal static class AppsApi
{
    private const string NeedsJwt = "A JSON web token could not be decoded";

    public static void Add(RouteTable routes)
    {
        routes.Add("GET", "/app", "", call => AsApp(call, app => ApiAnswer.Ok(AppJson.App(app, call.Links))));
        routes.Add("GET", "/app/installations", "", call => AsApp(call, app =>
            Paging.Page(call, [.. call.World.Installations.All.Where(x => x.App == app)], x => AppJson.Installation(x, call.Links))));
        routes.Add("GET", "/app/installations/{id}", "", call => AsApp(call, app =>
            Find(call, app) is { } found ? ApiAnswer.Ok(AppJson.Installation(found, call.Links)) : ApiAnswer.NotFound()));
        routes.Add("POST", "/app/installations/{id}/access_tokens", "", call => AsApp(call, app => CreateToken(call, app)));
        routes.AddRepo("GET", "/installation", "", call => AsApp(call, app =>
            call.World.Installations.All.FirstOrDefault(x => x.App == app && x.Covers(call.Repository)) is { } found
                ? ApiAnswer.Ok(AppJson.Installation(found, call.Links))
                : ApiAnswer.NotFound()));
        routes.Add("GET", "/installation/repositories", "", Repositories);
        routes.Add("DELETE", "/installation/token", "", call =>
            call.Caller.Token is { Installation: not null } token && call.World.RevokeToken(token) ? ApiAnswer.NoContent() : ApiAnswer.Error(401, "Bad credentials"));
    }

    private static ApiAnswer AsApp(ApiCall call, Func<App, ApiAnswer> answer) =>
        call.Caller is Caller.AsApp { App: var app } ? answer(app) : ApiAnswer.Error(401, NeedsJwt);

    private static Installation? Find(ApiCall call, App app) =>
        call.World.Installations.Find(call.Number("id")) is { } found && found.App == app ? found : null;

    private static ApiAnswer Repositories(ApiCall call)
    {
        if (call.Caller.Token is not { Installation: not null } token)
        {
            return ApiAnswer.Error(403, "You must authenticate with an installation access token in order to list repositories for an installation.");
        }

        var found = call.World.Repositories.All.Where(token.Reaches).ToList();
        return Paging.Counted(call, "repositories", found, x => RepositoryJson.Simple(x, call.Links));
    }

    private static ApiAnswer CreateToken(ApiCall call, App app)
    {
        if (Find(call, app) is not { } installation)
        {
            return ApiAnswer.NotFound();
        }

        if (installation.Suspended)
        {
            return ApiAnswer.Error(403, "This installation has been suspended");
        }

        var asked = InstallationGrant.Narrow(call, installation, out var problem);
        if (asked is null)
        {
            return ApiAnswer.Unprocessable(problem);
        }

        var secret = $"ghs_{TokenText.Random()}";
        call.World.AddToken(secret, asked);
        return new ApiAnswer(201, Show(call, installation, asked, secret));
    }

    private static JsonObject Show(ApiCall call, Installation installation, AccessToken token, string secret)
    {
        var json = new JsonObject
        {
            ["token"] = secret,
            ["expires_at"] = Wire.Time(token.ExpiresAt),
            ["permissions"] = AppJson.Permissions(token.Permissions!),
            ["repository_selection"] = token.Repositories is null && installation.Repositories is null ? "all" : "selected",
        };
        if (token.Repositories is { } ids)
        {
            json["repositories"] = Wire.Array(ids.Select(call.World.Repositories.Find).OfType<RepositoryState>(), x => RepositoryJson.Simple(x, call.Links));
        }

        return json;
    }
}
