using System.Collections.Immutable;
using Reconciler.Model;

namespace Reconciler.Ports;

/// <summary>The commits in the local mirror.</summary>
internal interface IGitHistory
{
    /// <summary>How a tip stands to a base. A base or tip missing from the mirror counts as <see cref="Lineage.Diverged"/>.</summary>
    Lineage Compare(Revision start, Revision tip);

    /// <summary>What people want to read of a commit; null when the mirror does not hold it.</summary>
    CommitSummary? Describe(Revision revision);

    /// <summary>The commits of a tip that a base does not have, newest first; at most <paramref name="limit"/>.</summary>
    ImmutableArray<CommitSummary> Between(Revision? start, Revision tip, int limit);

    /// <summary>Finds a commit by a full or unique short id, a branch of a remote, or a tag; null when there is none, or several.</summary>
    Revision? Resolve(string text);

    /// <summary>Whether every commit of <paramref name="tip"/> that <paramref name="confirmed"/> does not have is signed by an allowed signer.</summary>
    /// <param name="confirmed">Commits up to here are trusted; when null only the tip itself is looked at.</param>
    /// <param name="tip">The wanted revision.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    Task<SignatureVerdict> VerifySignaturesAsync(Revision? confirmed, Revision tip, CancellationToken cancellationToken);
}
