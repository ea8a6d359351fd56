using System.Text.Json.Nodes;
using FakeGitHub.Http;
using FakeGitHub.Json;
using FakeGitHub.World;

namespace FakeGitHub.Api;

/// <summary>Commit statuses.</summary>
internal static class StatusesApi
{
    private const int MaxDescription = 140;
    private const int MaxContext = 255;
    private const int MaxPerContext = 1000;

    public static void Add(RouteTable routes)
    {
        routes.AddRepo("POST", "/statuses/{sha}", "statuses:write", Create);
        routes.AddRepo("GET", "/commits/{ref+}/statuses", "statuses:read", List);
        routes.AddRepo("GET", "/commits/{ref+}/status", "statuses:read", Combined);
    }

    /// <summary>The latest status of each context, in the order the contexts first came.</summary>
    public static IReadOnlyList<CommitStatus> Latest(RepositoryState repository, string sha) =>
        [.. repository.StatusesOf(sha).GroupBy(x => x.Context, StringComparer.OrdinalIgnoreCase).Select(x => x.Last())];

    public static string CombinedState(IReadOnlyList<CommitStatus> latest)
    {
        if (latest.Any(x => x.State is "failure" or "error"))
        {
            return "failure";
        }

        return latest.Count == 0 || latest.Any(x => x.State == "pending") ? "pending" : "success";
    }

    private static ApiAnswer Create(ApiCall call)
    {
        using var git = call.Open();
        var sha = call.Value("sha");
        if (git.CommitOf(sha) is not { } commit)
        {
            return ApiAnswer.Unprocessable($"No commit found for SHA: {sha}");
        }

        var context = call.Text("context") ?? "default";
        if (Problem(call, commit.Sha, context) is { } problem)
        {
            return ApiAnswer.Invalid(problem);
        }

        var status = new CommitStatus(
            call.World.NextId(), commit.Sha, call.Text("state")!, context, call.Text("description"), call.Text("target_url"), call.Actor, call.Now);
        call.Repository.Statuses.Add(status);
        call.Watch.Events.Status(call.Repository, status);
        return ApiAnswer.Created(StatusJson.Full(status, call.Repository, call.Links));
    }

    private static FieldError? Problem(ApiCall call, string sha, string context)
    {
        if (call.Text("state") is not ("error" or "failure" or "pending" or "success"))
        {
            return Custom("state", "state is not included in the list");
        }

        if (call.Text("description") is { } description && Wire.Length(description) > MaxDescription)
        {
            return Custom("description", $"description is too long (maximum is {MaxDescription} characters)");
        }

        if (Wire.Length(context) > MaxContext)
        {
            return Custom("context", $"context is too long (maximum is {MaxContext} characters)");
        }

        if (call.Text("target_url") is { } target && !target.StartsWith("http://", StringComparison.Ordinal) && !target.StartsWith("https://", StringComparison.Ordinal))
        {
            return Custom("target_url", "target_url must use http(s) scheme");
        }

        return call.Repository.StatusesOf(sha).Count(x => string.Equals(x.Context, context, StringComparison.OrdinalIgnoreCase)) >= MaxPerContext
            ? Custom("base", "This SHA and context has reached the maximum number of statuses.")
            : null;
    }

    private static FieldError Custom(string field, string message) => new("Status", field, "custom", message);

    private static ApiAnswer List(ApiCall call)
    {
        using var git = call.Open();
        return git.Resolve(call.Value("ref")) is { } commit
            ? Paging.Page(call, [.. call.Repository.StatusesOf(commit.Sha).Reverse()], x => StatusJson.Full(x, call.Repository, call.Links))
            : ApiAnswer.NotFound();
    }

    private static ApiAnswer Combined(ApiCall call)
    {
        using var git = call.Open();
        if (git.Resolve(call.Value("ref")) is not { } commit)
        {
            return ApiAnswer.NotFound();
        }

        var latest = Latest(call.Repository, commit.Sha);
        var page = Paging.Page(call, latest, x => StatusJson.Simple(x, call.Repository, call.Links));
        return page with
        {
            Body = new JsonObject
            {
                ["state"] = CombinedState(latest),
                ["statuses"] = page.Body!.DeepClone(),
                ["sha"] = commit.Sha,
                ["total_count"] = latest.Count,
                ["repository"] = RepositoryJson.Simple(call.Repository, call.Links),
                ["commit_url"] = $"{call.Links.Repo(call.Repository)}/commits/{commit.Sha}",
                ["url"] = $"{call.Links.Repo(call.Repository)}/commits/{commit.Sha}/status",
            },
        };
    }
}
