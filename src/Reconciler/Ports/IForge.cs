using System.Collections.Immutable;
using Reconciler.Model;

namespace Reconciler.Ports;

/// <summary>The place where the repository's people look: commit statuses, deployments, pull requests.</summary>
/// <remarks>
/// Every call may be made again after a crash in the middle of it, and then ends the same: what is there already is looked for before anything
/// is made. Trouble is an answer, never an exception; only cancellation is thrown.
/// </remarks>
internal interface IForge
{
    /// <summary>Its name for people, such as <c>GitHub</c>.</summary>
    string Name { get; }

    /// <summary>Requests it still answers before its rate limit, as its last answer said; null when it says nothing of that.</summary>
    long? RequestsLeft => null;

    /// <summary>Shows how a commit stands on this host.</summary>
    Task<ForgeAnswer> SetStatusAsync(ForgeMessage.CommitStatus status, CancellationToken cancellationToken);

    /// <summary>Shows how a deployment goes. Forges without deployments answer <see cref="ForgeAnswer.Done"/> and do nothing.</summary>
    Task<ForgeAnswer> SetDeploymentAsync(ForgeMessage.DeploymentProgress progress, CancellationToken cancellationToken);

    /// <summary>
    /// Opens the pull request that takes a bad revision back, or adds this host's section to the one that is there. Makes the branch when it is
    /// not there yet. One that a person closed is never opened again, and one with somebody else's commits is left alone.
    /// </summary>
    /// <param name="story">A rolled-back deployment of a commit.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    Task<ForgeAnswer> ExplainRollbackAsync(DeploymentStory story, CancellationToken cancellationToken);

    /// <summary>Says on the pull request that takes <paramref name="bad"/> back that a newer commit works, and closes it. Without one, nothing is done.</summary>
    Task<ForgeAnswer> CloseRollbackAsync(Revision bad, Revision by, CancellationToken cancellationToken);

    /// <summary>Writes this host's one comment on a pull request, or rewrites it in place.</summary>
    Task<ForgeAnswer> CommentPlanAsync(ForgeMessage.PlanReported report, CancellationToken cancellationToken);

    /// <summary>The open pull requests against the watched branch; at most a hundred, the latest changed first.</summary>
    Task<PullRequestsAnswer> OpenPullRequestsAsync(CancellationToken cancellationToken);

    /// <summary>Looks at everything the forge needs to be told: access, permissions, webhook, rate limit.</summary>
    Task<ImmutableArray<ForgeFinding>> ExamineAsync(CancellationToken cancellationToken);
}

/// <summary>What telling a forge gave. A closed set.</summary>
internal abstract record ForgeAnswer
{
    private ForgeAnswer() { }

    /// <summary>The forge shows it.</summary>
    /// <param name="Link">Where it can be seen; null when nowhere of its own.</param>
    /// <param name="Remark">Worth a line in the log, such as why nothing had to be done; null when not.</param>
    public sealed record Done(Uri? Link, string? Remark) : ForgeAnswer;

    /// <summary>It may work later.</summary>
    /// <param name="Detail">Cause and cure in one line; bounded, free of secrets.</param>
    /// <param name="NotBefore">When the forge asked not to be tried sooner; null when it did not say.</param>
    public sealed record Later(string Detail, DateTimeOffset? NotBefore) : ForgeAnswer;

    /// <summary>It will never work as it is, such as a status on a commit the forge does not have.</summary>
    /// <param name="Reason">Cause and cure in one line; bounded, free of secrets.</param>
    public sealed record Refused(string Reason) : ForgeAnswer;
}

/// <summary>What asking for pull requests gave. A closed set.</summary>
internal abstract record PullRequestsAnswer
{
    private PullRequestsAnswer() { }

    /// <summary>These are open.</summary>
    public sealed record Open(ImmutableArray<PullRequest> PullRequests) : PullRequestsAnswer;

    /// <summary>They could not be read.</summary>
    /// <param name="Detail">Cause and cure in one line; bounded, free of secrets.</param>
    /// <param name="NotBefore">When the forge asked not to be tried sooner; null when it did not say.</param>
    public sealed record Failed(string Detail, DateTimeOffset? NotBefore) : PullRequestsAnswer;
}

/// <summary>An open pull request against the watched branch.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Head">The commit at its head.</param>
/// <param name="HeadReference">The full ref that leads to the head in the repository itself, such as <c>refs/pull/7/head</c>.</param>
/// <param name="Branch">Its branch, for people.</param>
/// <param name="IsFromFork">Whether the head lives in another repository.</param>
/// <param name="IsOurs">Whether it is one that takes a revision back, made by a Reconciler.</param>
internal sealed record PullRequest(long Number, Revision Head, string HeadReference, string Branch, bool IsFromFork, bool IsOurs);

/// <summary>One thing an examination found.</summary>
/// <param name="Subject">What was looked at, such as <c>permission to set statuses</c>.</param>
/// <param name="IsWell">Whether it is as it should be.</param>
/// <param name="Detail">What was seen, in one line.</param>
/// <param name="Cure">What to do; empty when nothing.</param>
internal sealed record ForgeFinding(string Subject, bool IsWell, string Detail, string Cure);
