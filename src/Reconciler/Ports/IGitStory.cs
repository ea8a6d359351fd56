using System.Collections.Immutable;
using Reconciler.Model;

namespace Reconciler.Ports;

/// <summary>Where the story of deployments is told in git itself: notes on commits, and a branch that explains each rollback.</summary>
internal interface IGitStory
{
    /// <summary>Tells how a deployment ended. Telling the same story again changes nothing and ends the same.</summary>
    Task<TellOutcome> TellAsync(DeploymentStory story, CancellationToken cancellationToken);
}

/// <summary>How a settled deployment went.</summary>
internal sealed record DeploymentStory
{
    /// <summary>The host it was on.</summary>
    public required HostName Host { get; init; }

    /// <summary>The deployment, settled.</summary>
    public required Deployment Deployment { get; init; }

    /// <summary>The revision the host came back to; null when that system came from no commit.</summary>
    public required Revision? Restored { get; init; }

    /// <summary>The generation the host came back to; null when unknown.</summary>
    public required int? RestoredGeneration { get; init; }

    /// <summary>Ledger position the story was told at.</summary>
    public required long LedgerPosition { get; init; }

    /// <summary>Hash of that entry, which anchors the ledger outside the host.</summary>
    public required string LedgerHash { get; init; }

    /// <summary>The commits between what was restored and what failed, newest first; bounded.</summary>
    public required ImmutableArray<CommitSummary> Commits { get; init; }
}

/// <summary>What telling gave. A closed set.</summary>
internal abstract record TellOutcome
{
    private TellOutcome() { }

    /// <summary>Told.</summary>
    /// <param name="Pushed">Whether a remote has it; false when no remote allows writing, which is no failure.</param>
    /// <param name="Explanation">Branch or address of the explanation; null when there is none.</param>
    /// <param name="Remark">Worth a line in the log; null when not.</param>
    public sealed record Told(bool Pushed, string? Explanation, string? Remark) : TellOutcome;

    /// <summary>To be tried again.</summary>
    public sealed record Failed(string Detail) : TellOutcome;
}
