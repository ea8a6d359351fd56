using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Adapters.Forge;

/// <summary>
/// What is told on pull requests, the same at every forge that offers an <see cref="IForgeDesk"/>: what is there already is looked for before
/// anything is made, so that each call may be made again after a crash in the middle of it.
/// </summary>
/// <param name="desk">The forge.</param>
/// <param name="host">This host.</param>
internal sealed class ForgeTelling(IForgeDesk desk, HostName host)
{
    private const int MostRewrites = 3;
    private string? _me;

    /// <summary>Opens the pull request that takes a bad revision back, or adds this host's section to the one that is there.</summary>
    public async Task<ForgeAnswer> ExplainRollbackAsync(DeploymentStory story, CancellationToken cancellationToken)
    {
        if (story is not { Deployment: { Phase: DeploymentPhase.RolledBack { Cause: var cause }, Revision: { } bad }, Restored: { } good })
        {
            return new ForgeAnswer.Done(null, "nothing can be taken back: what the host came back to is from no commit");
        }

        var branch = RollbackText.BranchOf(bad);
        var section = RollbackPullRequestText.Section(story, cause, bad, good);
        if (await desk.FindAsync(branch, cancellationToken) is { } found)
        {
            return await JoinAsync(found, branch, bad, section, cancellationToken);
        }

        if (await desk.TipAsync(branch, cancellationToken) is not { } tip)
        {
            return new ForgeAnswer.Later($"the branch {branch} is not there yet: it is pushed with git, so the remote has to allow the host to push it", null);
        }

        if (!tip.TakesBack(bad))
        {
            return new ForgeAnswer.Done(null, $"the branch {branch} holds somebody else's commits, so it is left alone");
        }

        var body = RollbackPullRequestText.Body(null, host, section);
        if (await desk.OpenAsync(branch, RollbackPullRequestText.Title(story, cause, bad, good), body, cancellationToken) is { } opened)
        {
            return new ForgeAnswer.Done(opened.Link, null);
        }

        // Another host was faster.
        return await desk.FindAsync(branch, cancellationToken) is { } theirs
            ? await JoinAsync(theirs, branch, bad, section, cancellationToken)
            : new ForgeAnswer.Later("the forge says that the pull request is there already, and does not find it", null);
    }

    /// <summary>Says on the pull request that takes <paramref name="bad"/> back that a newer commit works, and closes it.</summary>
    public async Task<ForgeAnswer> CloseRollbackAsync(Revision bad, Revision by, CancellationToken cancellationToken)
    {
        var branch = RollbackText.BranchOf(bad);
        if (await desk.FindAsync(branch, cancellationToken) is not { State: ForgePullState.Open } pull)
        {
            return new ForgeAnswer.Done(null, $"no pull request that takes {bad.Short} back is open");
        }

        if (await desk.TipAsync(branch, cancellationToken) is { } tip && !tip.TakesBack(bad))
        {
            return new ForgeAnswer.Done(pull.Link, $"the branch {branch} holds somebody else's commits, so its pull request stays open");
        }

        await SayOnceAsync(pull.Number, RollbackPullRequestText.OvertakenMarker(bad), RollbackPullRequestText.Overtaken(bad, by), cancellationToken);
        await desk.CloseAsync(pull.Number, cancellationToken);
        return new ForgeAnswer.Done(pull.Link, null);
    }

    /// <summary>Writes this host's one comment on a pull request, or rewrites it in place.</summary>
    public async Task<ForgeAnswer> CommentPlanAsync(ForgeMessage.PlanReported report, CancellationToken cancellationToken)
    {
        var body = PlanCommentText.Write(host, report);
        if (await OwnAsync(report.PullRequest, PlanCommentText.Marker(host), cancellationToken) is not { } comment)
        {
            return new ForgeAnswer.Done(await desk.CommentAsync(report.PullRequest, body, cancellationToken), null);
        }

        if (Markdown.IsSame(comment.Body, body))
        {
            return new ForgeAnswer.Done(comment.Link, "the comment says so already");
        }

        await desk.RewriteCommentAsync(report.PullRequest, comment, body, cancellationToken);
        return new ForgeAnswer.Done(comment.Link, null);
    }

    private async Task<ForgeAnswer> JoinAsync(ForgePull pull, string branch, Revision bad, string section, CancellationToken cancellationToken)
    {
        switch (pull.State)
        {
            case ForgePullState.Merged:
                return new ForgeAnswer.Done(pull.Link, "the pull request is merged already");
            case ForgePullState.Closed:
                return await LeaveClosedAsync(pull, bad, cancellationToken);
            default:
                break;
        }

        if (await desk.TipAsync(branch, cancellationToken) is { } tip && !tip.TakesBack(bad))
        {
            return new ForgeAnswer.Done(pull.Link, $"the branch {branch} holds somebody else's commits, so its pull request is left alone");
        }

        return await WriteSectionAsync(pull, branch, section, cancellationToken);
    }

    // Other hosts write into the same text at the same time, and forges know no "only if unchanged": so it is read again until the section stays.
    private async Task<ForgeAnswer> WriteSectionAsync(ForgePull pull, string branch, string section, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            var body = RollbackPullRequestText.Body(pull.Body, host, section);
            if (Markdown.IsSame(body, pull.Body))
            {
                return new ForgeAnswer.Done(
                    pull.Link,
                    !RollbackPullRequestText.HasSection(body, host) ? "the description is full, so this host's part is not in it"
                    : attempt == 0 ? "the description says so already" : null);
            }

            if (attempt == MostRewrites)
            {
                return new ForgeAnswer.Later("other hosts write into the same description at the same time", null);
            }

            await desk.RewriteAsync(pull.Number, body, cancellationToken);
            if (await desk.FindAsync(branch, cancellationToken) is not { State: ForgePullState.Open } again)
            {
                return new ForgeAnswer.Done(pull.Link, "the pull request was closed meanwhile");
            }

            pull = again;
        }
    }

    private async Task<ForgeAnswer> LeaveClosedAsync(ForgePull pull, Revision bad, CancellationToken cancellationToken)
    {
        if (await OwnAsync(pull.Number, RollbackPullRequestText.OvertakenMarker(bad), cancellationToken) is not null)
        {
            return new ForgeAnswer.Done(pull.Link, "the pull request was closed when a newer commit worked, and is not opened again");
        }

        await SayOnceAsync(pull.Number, RollbackPullRequestText.ClosedByHandMarker(bad), RollbackPullRequestText.ClosedByHand(bad), cancellationToken);
        return new ForgeAnswer.Done(pull.Link, "a person closed the pull request, so it is not opened again");
    }

    private async Task SayOnceAsync(long number, string marker, string body, CancellationToken cancellationToken)
    {
        if (await OwnAsync(number, marker, cancellationToken) is null)
        {
            await desk.CommentAsync(number, body, cancellationToken);
        }
    }

    // The marker alone could be anybody's.
    private async Task<ForgeComment?> OwnAsync(long number, string marker, CancellationToken cancellationToken)
    {
        _me ??= await desk.WhoAsync(cancellationToken);
        var comments = await desk.CommentsAsync(number, cancellationToken);
        return comments.FirstOrDefault(comment =>
            comment.Body.TrimStart().StartsWith(marker, StringComparison.Ordinal) && (_me is null || string.Equals(comment.Author, _me, StringComparison.OrdinalIgnoreCase)));
    }
}
