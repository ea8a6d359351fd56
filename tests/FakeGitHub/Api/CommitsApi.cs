using System.Globalization;
using System.Text.Json.Nodes;
using FakeGitHub.Http;
using FakeGitHub.Json;
using FakeGitHub.Repositories;
using LibGit2Sharp;

namespace FakeGitHub.Api;

/// <summary>Commits as the repository shows them, and comparing two.</summary>
internal static class CommitsApi
{
    public static void Add(RouteTable routes)
    {
        routes.AddRepo("GET", "/commits", "contents:read", List);
        routes.AddRepo("GET", "/commits/{sha}/pulls", "pull_requests:read", Pulls);
        routes.AddRepo("GET", "/commits/{ref+}/check-runs", "checks:read", CheckRunsApi.OfCommit);
        routes.AddRepo("GET", "/commits/{ref+}", "contents:read", Get);
        routes.AddRepo("GET", "/compare/{basehead+}", "contents:read", Compare);
    }

    private static ApiAnswer List(ApiCall call)
    {
        using var git = call.Open();
        if (git.Git.Refs.All(x => x is SymbolicReference))
        {
            return ApiAnswer.Error(409, "Git Repository is empty.");
        }

        if (git.Resolve(call.Asked("sha") ?? call.Repository.DefaultBranch) is not { } tip)
        {
            return ApiAnswer.NotFound();
        }

        var filter = new CommitFilter { IncludeReachableFrom = tip, SortBy = CommitSortStrategies.Topological | CommitSortStrategies.Time };
        var commits = git.Git.Commits.QueryBy(filter).Where(x => Since(call, x) && Touches(call, git, x)).ToList();
        return Paging.Page(call, commits, x => CommitJson.Commit(x, call.Repository, call.World, call.Links));
    }

    private static bool Since(ApiCall call, Commit commit) =>
        (Time(call, "since") is not { } since || commit.Committer.When >= since) && (Time(call, "until") is not { } until || commit.Committer.When <= until);

    private static DateTimeOffset? Time(ApiCall call, string name) =>
        DateTimeOffset.TryParse(call.Asked(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    private static bool Touches(ApiCall call, GitStore git, Commit commit)
    {
        if (call.Asked("path") is not { } path)
        {
            return true;
        }

        return git.Git.Diff.Compare<TreeChanges>(commit.Parents.FirstOrDefault()?.Tree, commit.Tree)
            .Any(x => x.Path == path || x.OldPath == path || x.Path.StartsWith($"{path.TrimEnd('/')}/", StringComparison.Ordinal));
    }

    private static ApiAnswer Get(ApiCall call)
    {
        using var git = call.Open();
        var name = call.Value("ref");
        if (git.Resolve(name) is not { } commit)
        {
            return ApiAnswer.Unprocessable($"No commit found for SHA: {name}");
        }

        using var patch = git.Changes(commit.Parents.FirstOrDefault()?.Tree, commit.Tree);
        if (call.Accept.Contains(".sha", StringComparison.Ordinal))
        {
            return new ApiAnswer(200) { Text = commit.Sha, ContentType = "application/vnd.github.sha" };
        }

        if (call.Accept.Contains(".diff", StringComparison.Ordinal))
        {
            return new ApiAnswer(200) { Text = patch.Content, ContentType = "application/vnd.github.diff; charset=utf-8" };
        }

        var json = CommitJson.Commit(commit, call.Repository, call.World, call.Links);
        json["stats"] = new JsonObject { ["additions"] = patch.LinesAdded, ["deletions"] = patch.LinesDeleted, ["total"] = patch.LinesAdded + patch.LinesDeleted };
        json["files"] = Wire.Array(patch, x => DiffJson.Entry(x, commit.Sha, call.Repository, call.Links));
        return ApiAnswer.Ok(json);
    }

    private static ApiAnswer Pulls(ApiCall call)
    {
        using var git = call.Open();
        if (git.CommitOf(call.Value("sha")) is not { } commit)
        {
            return ApiAnswer.Unprocessable($"No commit found for SHA: {call.Value("sha")}");
        }

        var pulls = call.Repository.PullRequests.Where(x => x.MergeSha == commit.Sha || Carries(git, x, commit)).ToList();
        return Paging.Page(call, pulls, x => PullJson.Simple(x, call.Repository, call.World.FindRepository(x.HeadRepository), call.Links));
    }

    private static bool Carries(GitStore git, World.PullRequest pull, Commit commit) =>
        git.CommitOf(pull.HeadSha) is { } head && git.Between(PullLook.Base(git, pull), head).Any(x => x.Id == commit.Id);

    private static ApiAnswer Compare(ApiCall call)
    {
        using var git = call.Open();
        if (call.Value("basehead").Split("...") is not [var from, var to] || Named(call, git, from) is not { } start || Named(call, git, to) is not { } head
            || git.MergeBase(start, head) is not { } common)
        {
            return ApiAnswer.NotFound();
        }

        using var patch = git.Changes(common.Tree, head.Tree);
        if (call.Accept.Contains(".diff", StringComparison.Ordinal))
        {
            return new ApiAnswer(200) { Text = patch.Content, ContentType = "application/vnd.github.diff; charset=utf-8" };
        }

        var (ahead, behind) = (git.Between(start, head), git.Between(head, start).Count);
        var page = Paging.Page(call, ahead, x => CommitJson.Commit(x, call.Repository, call.World, call.Links));
        var url = $"{call.Links.Repo(call.Repository)}/compare/{call.Value("basehead")}";
        var html = $"{call.Links.Page(call.Repository)}/compare/{call.Value("basehead")}";
        return page with
        {
            Body = new JsonObject
            {
                ["url"] = url,
                ["html_url"] = html,
                ["permalink_url"] = $"{call.Links.Page(call.Repository)}/compare/{start.Sha}...{head.Sha}",
                ["diff_url"] = $"{html}.diff",
                ["patch_url"] = $"{html}.patch",
                ["base_commit"] = CommitJson.Commit(start, call.Repository, call.World, call.Links),
                ["merge_base_commit"] = CommitJson.Commit(common, call.Repository, call.World, call.Links),
                ["status"] = (ahead.Count, behind) switch { (0, 0) => "identical", (_, 0) => "ahead", (0, _) => "behind", _ => "diverged" },
                ["ahead_by"] = ahead.Count,
                ["behind_by"] = behind,
                ["total_commits"] = ahead.Count,
                ["commits"] = page.Body!.DeepClone(),
                ["files"] = Wire.Array(patch, x => DiffJson.Entry(x, head.Sha, call.Repository, call.Links)),
            },
        };
    }

    /// <summary><c>owner:branch</c> is a branch here too.</summary>
    private static Commit? Named(ApiCall call, GitStore git, string name) =>
        git.Resolve(name.StartsWith($"{call.Repository.Owner.Login}:", StringComparison.OrdinalIgnoreCase) ? name[(name.IndexOf(':', StringComparison.Ordinal) + 1)..] : name);
}
