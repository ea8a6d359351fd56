using FakeGitHub.Http;
using FakeGitHub.Json;
using FakeGitHub.Repositories;
using FakeGitHub.World;

namespace FakeGitHub.Api;

/// <summary>Pull requests: edit, close, reopen, ask for a review.</summary>
internal static class PullEdit
{
    public static ApiAnswer Update(ApiCall call)
    {
        if (PullsApi.Find(call) is not { } pull)
        {
            return ApiAnswer.NotFound();
        }

        using var git = call.Open();
        if (Problem(call, git, pull) is { } problem)
        {
            return ApiAnswer.Invalid(problem);
        }

        var changed = pull with
        {
            Title = call.Text("title") ?? pull.Title,
            Body = call.Body.ContainsKey("body") ? call.Text("body") : pull.Body,
            BaseRef = call.Text("base") ?? pull.BaseRef,
            UpdatedAt = call.Now,
        };
        return PullsApi.Show(call, Move(call, call.Repository.Pulls.Put(changed)));
    }

    public static ApiAnswer RequestReviewers(ApiCall call)
    {
        if (PullsApi.Find(call) is not { } pull)
        {
            return ApiAnswer.NotFound();
        }

        var asked = (call.Texts("reviewers") ?? []).Select(call.World.FindAccount).ToList();
        if (asked.Contains(null))
        {
            return ApiAnswer.Unprocessable("Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a "
                + $"collaborator of the {call.Repository.FullName} repository.");
        }

        if (asked.Contains(pull.Author))
        {
            return ApiAnswer.Unprocessable("Review cannot be requested from pull request author.");
        }

        var changed = call.Repository.Pulls.Put(pull with { Reviewers = [.. pull.Reviewers.Union(asked.OfType<Account>())], UpdatedAt = call.Now });
        return ApiAnswer.Created(PullJson.Simple(changed, call.Repository, call.World.FindRepository(pull.HeadRepository), call.Links));
    }

    private static FieldError? Problem(ApiCall call, GitStore git, PullRequest pull)
    {
        if (call.Text("state") is { } state and not ("open" or "closed"))
        {
            return new FieldError("PullRequest", "state", "invalid", $"{state} is not a state");
        }

        if (call.Text("base") is { } target && git.TipOf(target) is null)
        {
            return new FieldError("PullRequest", "base", "invalid");
        }

        if (call.Text("state") != "open" || pull.Open)
        {
            return PullsApi.BodyTooLong(call.Text("body"));
        }

        if (pull.Merged || call.World.FindRepository(pull.HeadRepository) is not { } source || !HasBranch(source, pull.HeadRef))
        {
            return new FieldError("PullRequest", "state", "invalid", $"state cannot be changed. The {pull.HeadRef} branch was force-pushed, merged or deleted.");
        }

        return call.Repository.PullRequests.Any(x => x.Open && x.HeadLabel == pull.HeadLabel && x.BaseRef == pull.BaseRef)
            ? new FieldError("PullRequest", "state", "invalid", $"state cannot be changed. There is already an open pull request from {pull.HeadLabel} to {pull.BaseRef}.")
            : null;
    }

    private static bool HasBranch(RepositoryState repository, string branch)
    {
        using var git = new GitStore(repository.Folder);
        return git.TipOf(branch) is not null;
    }

    private static PullRequest Move(ApiCall call, PullRequest pull)
    {
        var open = call.Text("state") switch { "open" => true, "closed" => false, _ => pull.Open };
        if (open == pull.Open)
        {
            call.Watch.Events.Pull(call.Repository, pull, "edited", call.Actor);
            return pull;
        }

        var moved = call.Repository.Pulls.Put(pull with { Open = open, ClosedAt = open ? null : call.Now });
        call.Watch.Events.Pull(call.Repository, moved, open ? "reopened" : "closed", call.Actor);
        return moved;
    }
}
