using FakeGitHub.Http;
using FakeGitHub.Json;
using FakeGitHub.Repositories;
using FakeGitHub.World;
using LibGit2Sharp;

namespace FakeGitHub.Api;

/// <summary>Pull requests: list, read, open.</summary>
internal static class PullsApi
{
    public const int MaxBody = 65_536;

    public static void Add(RouteTable routes)
    {
        routes.AddRepo("GET", "/pulls", "pull_requests:read", List);
        routes.AddRepo("POST", "/pulls", "pull_requests:write", Create);
        routes.AddRepo("GET", "/pulls/{number}", "pull_requests:read", Get);
        routes.AddRepo("PATCH", "/pulls/{number}", "pull_requests:write", PullEdit.Update);
        routes.AddRepo("GET", "/pulls/{number}/files", "pull_requests:read", Files);
        routes.AddRepo("GET", "/pulls/{number}/commits", "pull_requests:read", Commits);
        routes.AddRepo("GET", "/pulls/{number}/reviews", "pull_requests:read", call =>
            Find(call) is null ? ApiAnswer.NotFound() : Paging.Page<string>(call, [], _ => null));
        routes.AddRepo("POST", "/pulls/{number}/requested_reviewers", "pull_requests:write", PullEdit.RequestReviewers);
    }

    public static PullRequest? Find(ApiCall call) => call.Repository.Pulls.Find(call.Number("number"));

    public static ApiAnswer Show(ApiCall call, PullRequest pull, int status = 200)
    {
        var json = PullJson.Full(pull, call.Repository, call.World.FindRepository(pull.HeadRepository), PullLook.At(pull, call.Repository), call.Links);
        return status == 201 ? ApiAnswer.Created(json) : new ApiAnswer(status, json);
    }

    public static FieldError? BodyTooLong(string? body) => body is not null && Wire.Length(body) > MaxBody
        ? new FieldError("Issue", "body", "custom", "body is too long (maximum is 65536 characters)")
        : null;

    private static ApiAnswer List(ApiCall call)
    {
        if (call.Asked("state") is { } asked and not ("open" or "closed" or "all"))
        {
            return ApiAnswer.Invalid(new FieldError("PullRequest", "state", "invalid", $"{asked} is not a state"));
        }

        var found = call.Repository.PullRequests.Where(x =>
            (call.Asked("state") ?? "open") switch { "all" => true, "open" => x.Open, _ => !x.Open }
            && (call.Asked("base") ?? x.BaseRef) == x.BaseRef
            && (!Contains(call.Asked("head"), ':') || string.Equals(call.Asked("head"), x.HeadLabel, StringComparison.OrdinalIgnoreCase)));
        var sorted = call.Asked("sort") is "updated" ? found.OrderBy(x => x.UpdatedAt).ThenBy(x => x.Id) : found.OrderBy(x => x.Id);
        var ascending = call.Asked("direction") == "asc" || (call.Asked("direction") is null && call.Asked("sort") is not (null or "created"));
        return Paging.Page(call, [.. ascending ? sorted : sorted.Reverse()], x =>
            PullJson.Simple(x, call.Repository, call.World.FindRepository(x.HeadRepository), call.Links));
    }

    /// <summary>A head filter without an owner filters nothing, at GitHub too.</summary>
    private static bool Contains(string? text, char c) => text?.Contains(c, StringComparison.Ordinal) == true;

    private static ApiAnswer Get(ApiCall call) => Find(call) switch
    {
        null => ApiAnswer.NotFound(),
        var pull when call.Accept.Contains(".diff", StringComparison.Ordinal) => Diff(call, pull),
        var pull => Show(call, pull),
    };

    private static ApiAnswer Diff(ApiCall call, PullRequest pull)
    {
        using var git = call.Open();
        using var patch = PullLook.Changes(git, git.CommitOf(pull.HeadSha)!, PullLook.Base(git, pull)!);
        return new ApiAnswer(200) { Text = patch.Content, ContentType = "application/vnd.github.diff; charset=utf-8" };
    }

    private static ApiAnswer Files(ApiCall call)
    {
        using var git = call.Open();
        if (Find(call) is not { } pull || git.CommitOf(pull.HeadSha) is not { } head || PullLook.Base(git, pull) is not { } target)
        {
            return ApiAnswer.NotFound();
        }

        using var patch = PullLook.Changes(git, head, target);
        return Paging.Page(call, [.. patch], x => DiffJson.Entry(x, head.Sha, call.Repository, call.Links));
    }

    private static ApiAnswer Commits(ApiCall call)
    {
        using var git = call.Open();
        return Find(call) is { } pull && git.CommitOf(pull.HeadSha) is { } head
            ? Paging.Page(call, git.Between(PullLook.Base(git, pull), head), x => CommitJson.Commit(x, call.Repository, call.World, call.Links))
            : ApiAnswer.NotFound();
    }

    private static ApiAnswer Create(ApiCall call)
    {
        var head = call.Text("head") ?? "";
        var (owner, branch) = head.Split(':', 2) is [var o, var b] ? (o, b) : (call.Repository.Owner.Login, head);
        var source = call.World.FindRepository($"{owner}/{call.Repository.Name}");
        if (Missing(call, source, branch) is { } missing)
        {
            return ApiAnswer.Invalid(missing);
        }

        var twin = call.Repository.PullRequests.FirstOrDefault(x =>
            x.Open && source!.IsNamed(x.HeadRepository) && x.HeadRef == branch && x.BaseRef == call.Text("base"));
        if (twin is not null)
        {
            return ApiAnswer.Invalid(new FieldError("PullRequest", null, "custom", $"A pull request already exists for {owner}:{branch}."));
        }

        return Open(call, source!, branch);
    }

    private static FieldError? Missing(ApiCall call, RepositoryState? source, string branch)
    {
        if (call.Text("title") is not { Length: > 0 and <= 256 })
        {
            return new FieldError("Issue", "title", "missing_field");
        }

        if (source is null || Tip(source, branch) is null)
        {
            return new FieldError("PullRequest", "head", "invalid");
        }

        return call.Text("base") is not { } target || Tip(call.Repository, target) is null
            ? new FieldError("PullRequest", "base", "invalid")
            : BodyTooLong(call.Text("body"));
    }

    private static string? Tip(RepositoryState repository, string branch)
    {
        using var git = new GitStore(repository.Folder);
        return git.TipOf(branch)?.Sha;
    }

    private static ApiAnswer Open(ApiCall call, RepositoryState source, string branch)
    {
        using var git = call.Open();
        var target = call.Text("base")!;
        var number = call.World.NextNumber(call.Repository);
        if (source != call.Repository)
        {
            Commands.Fetch(git.Git, source.Folder, [$"+refs/heads/{branch}:refs/pull/{number}/head"], new FetchOptions { TagFetchMode = TagFetchMode.None }, null);
        }

        var (head, tip) = (git.CommitOf(Tip(source, branch)!)!, git.TipOf(target)!);
        if (git.Between(tip, head).Count == 0)
        {
            git.Git.Refs.Remove($"refs/pull/{number}/head");
            return ApiAnswer.Invalid(new FieldError("PullRequest", null, "custom", $"No commits between {target} and {branch}"));
        }

        var pull = new PullRequest(call.World.NextId(), number, call.Text("title")!, call.Text("body"), call.Actor, call.Now)
        {
            HeadRepository = source.FullName,
            HeadRef = branch,
            HeadSha = head.Sha,
            BaseRef = target,
            BaseSha = tip.Sha,
            Draft = call.Flag("draft") ?? false,
        };
        call.Repository.Pulls.Add(pull);
        call.Watch.Publish(call.Repository, pull);
        call.Watch.Events.Pull(call.Repository, pull, "opened", call.Actor);
        return Show(call, pull, 201);
    }
}
