using System.Collections.Immutable;
using Reconciler.History;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Ports;

namespace Reconciler.Reconciling;

/// <summary>All that can be shown of the host at one instant. Immutable; replaced whole by the loop.</summary>
internal sealed record HostStatus
{
    /// <summary>The host.</summary>
    public required HostName Host { get; init; }

    /// <summary>When it was put together.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>When the daemon started.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>What the ledger says.</summary>
    public required HostHistory History { get; init; }

    /// <summary>What the machine says; null before the first look.</summary>
    public HostState? Machine { get; init; }

    /// <summary>What the remotes show.</summary>
    public GitView Git { get; init; } = GitView.Nothing;

    /// <summary>Which revision is wanted; null before the first look.</summary>
    public Selection? Selection { get; init; }

    /// <summary>The step under way, or the last one decided; null before the first look.</summary>
    public HostStep? Step { get; init; }

    /// <summary>When that step was decided.</summary>
    public DateTimeOffset? StepSince { get; init; }

    /// <summary>When a pass decided last; unlike <see cref="StepSince"/> it moves with every pass, also when the step stays the same.</summary>
    public DateTimeOffset? DecidedAt { get; init; }

    /// <summary>Probe rounds of the trial under way.</summary>
    public ImmutableArray<ProbeRound> Rounds { get; init; } = [];

    /// <summary>Trouble inside the daemon that keeps it from working, such as a full state disk; null when there is none.</summary>
    public string? Trouble { get; init; }

    /// <summary>Telling the repository is held up by this; null when it is not.</summary>
    public string? TellTrouble { get; init; }

    /// <summary>The forge that is told; null when there is none.</summary>
    public ForgeStatus? Forge { get; init; }

    /// <summary>The webhook; null when none is listened for.</summary>
    public PushStatus? Push { get; init; }

    /// <summary>The status page; null when there is none.</summary>
    public PageStatus? Page { get; init; }
}

/// <summary>How the status page is served.</summary>
/// <param name="Address">Where it listens.</param>
/// <param name="Trouble">Why it cannot be served; null when it can.</param>
internal sealed record PageStatus(string Address, string? Trouble);

/// <summary>How telling the forge stands.</summary>
/// <param name="Name">The forge, for people.</param>
/// <param name="Outbox">What waits, and why.</param>
/// <param name="RequestsLeft">Requests it still answers before its rate limit, as it last said; null when it said nothing.</param>
internal sealed record ForgeStatus(string Name, OutboxState Outbox, long? RequestsLeft = null);

/// <summary>What came by webhook since the daemon started.</summary>
/// <param name="Address">Where it listens.</param>
/// <param name="HeardAt">When a delivery was last accepted; null when none was.</param>
/// <param name="PingAt">When the forge last asked whether anybody listens; null when it did not.</param>
/// <param name="Accepted">Deliveries accepted.</param>
/// <param name="Refused">Requests turned away.</param>
/// <param name="Trouble">Why nothing can be heard; null when it can.</param>
internal sealed record PushStatus(string Address, DateTimeOffset? HeardAt, DateTimeOffset? PingAt, long Accepted, long Refused, string? Trouble);

/// <summary>The status now, and word of each change.</summary>
internal interface IStatusBoard
{
    /// <summary>The status now.</summary>
    HostStatus Current { get; }

    /// <summary>Ends when a status newer than <paramref name="seen"/> is there.</summary>
    Task<HostStatus> NextAsync(HostStatus seen, CancellationToken cancellationToken);
}
