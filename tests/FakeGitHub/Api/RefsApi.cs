using System.Text.Json.Nodes;
using FakeGitHub.Http;
using FakeGitHub.Json;
using FakeGitHub.Repositories;
using LibGit2Sharp;

namespace FakeGitHub.Api;

/// <summary>References of the git database.</summary>
internal static class RefsApi
{
    public static void Add(RouteTable routes)
    {
        routes.AddRepo("GET", "/git/ref/{ref+}", "contents:read", Get);
        routes.AddRepo("GET", "/git/matching-refs/{ref+}", "contents:read", Matching);
        routes.AddRepo("POST", "/git/refs", "contents:write", Create);
        routes.AddRepo("PATCH", "/git/refs/{ref+}", "contents:write", Update);
        routes.AddRepo("DELETE", "/git/refs/{ref+}", "contents:write", Delete);
    }

    private static JsonObject Show(ApiCall call, GitStore git, string name, string sha)
    {
        var type = git.Git.Lookup(sha) switch { TagAnnotation => "tag", Tree => "tree", Blob => "blob", _ => "commit" };
        return new JsonObject
        {
            ["ref"] = name,
            ["node_id"] = Wire.NodeId("Ref", name),
            ["url"] = $"{call.Links.Repo(call.Repository)}/git/{name}",
            ["object"] = new JsonObject { ["sha"] = sha, ["type"] = type, ["url"] = $"{call.Links.Repo(call.Repository)}/git/{type}s/{sha}" },
        };
    }

    private static string FullName(ApiCall call) => $"refs/{call.Value("ref")}";

    private static ApiAnswer Get(ApiCall call)
    {
        using var git = call.Open();
        return git.Refs().TryGetValue(FullName(call), out var sha) ? ApiAnswer.Ok(Show(call, git, FullName(call), sha)) : ApiAnswer.NotFound();
    }

    private static ApiAnswer Matching(ApiCall call)
    {
        using var git = call.Open();
        var found = git.Refs().Where(x => x.Key.StartsWith(FullName(call), StringComparison.Ordinal)).OrderBy(x => x.Key, StringComparer.Ordinal);
        return ApiAnswer.Ok(Wire.Array(found, x => Show(call, git, x.Key, x.Value)));
    }

    private static ApiAnswer Create(ApiCall call)
    {
        using var git = call.Open();
        var (name, sha) = (call.Text("ref") ?? "", call.Text("sha") ?? "");
        if (!name.StartsWith("refs/", StringComparison.Ordinal) || name.Count(x => x == '/') < 2 || !Reference.IsValidName(name))
        {
            return ApiAnswer.Unprocessable("Reference name must start with 'refs/' and have at least two slashes.");
        }

        if (git.Refs().ContainsKey(name))
        {
            return ApiAnswer.Unprocessable("Reference already exists");
        }

        if (!GitStore.IsSha(sha) || git.Git.Lookup(sha) is not { } target)
        {
            return ApiAnswer.Unprocessable("Object does not exist");
        }

        git.SetRef(name, target.Id);
        call.Watch.Moved(call.Repository, [new RefChange(name, GitStore.NoSha, sha)], call.Actor);
        return ApiAnswer.Created(Show(call, git, name, sha));
    }

    private static ApiAnswer Update(ApiCall call)
    {
        using var git = call.Open();
        if (!git.Refs().TryGetValue(FullName(call), out var before))
        {
            return ApiAnswer.Unprocessable("Reference does not exist");
        }

        var sha = call.Text("sha") ?? "";
        if (!GitStore.IsSha(sha) || git.Git.Lookup(sha) is not { } target)
        {
            return ApiAnswer.Unprocessable("Object does not exist");
        }

        if (call.Flag("force") != true && !(git.CommitOf(sha) is { } tip && git.CommitOf(before) is { } old && git.Contains(tip, old)))
        {
            return ApiAnswer.Unprocessable("Update is not a fast forward");
        }

        git.SetRef(FullName(call), target.Id);
        call.Watch.Moved(call.Repository, before == sha ? [] : [new RefChange(FullName(call), before, sha)], call.Actor);
        return ApiAnswer.Ok(Show(call, git, FullName(call), sha));
    }

    private static ApiAnswer Delete(ApiCall call)
    {
        using var git = call.Open();
        if (!git.Refs().TryGetValue(FullName(call), out var before))
        {
            return ApiAnswer.Unprocessable("Reference does not exist");
        }

        if (FullName(call) == $"refs/heads/{call.Repository.DefaultBranch}")
        {
            return ApiAnswer.Unprocessable("Cannot delete the default branch");
        }

        git.Git.Refs.Remove(FullName(call));
        call.Watch.Moved(call.Repository, [new RefChange(FullName(call), before, GitStore.NoSha)], call.Actor);
        return ApiAnswer.NoContent();
    }
}
