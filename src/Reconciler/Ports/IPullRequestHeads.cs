namespace Reconciler.Ports;

/// <summary>Brings the heads of pull requests into the local mirror, and lets go of them again.</summary>
internal interface IPullRequestHeads
{
    /// <summary>Fetches a head. Null when the mirror has it, whole; otherwise cause and cure in one line.</summary>
    /// <remarks>A head that moved since it was listed is trouble, too: it is listed again soon.</remarks>
    Task<string?> FetchAsync(PullRequest pullRequest, CancellationToken cancellationToken);

    /// <summary>Lets go of the heads of all other pull requests. Never throws but for cancellation.</summary>
    Task KeepOnlyAsync(IReadOnlySet<long> numbers, CancellationToken cancellationToken);
}
