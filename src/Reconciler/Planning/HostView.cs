using System.Collections.Immutable;
using Reconciler.History;
using Reconciler.Model;

namespace Reconciler.Planning;

/// <summary>All the planner may look at, gathered at one instant.</summary>
internal sealed record HostView
{
    /// <summary>The instant.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>What the operator allows.</summary>
    public required HostPolicy Policy { get; init; }

    /// <summary>What the ledger says.</summary>
    public required HostHistory History { get; init; }

    /// <summary>What the machine says.</summary>
    public required HostState Host { get; init; }

    /// <summary>Which revision is wanted.</summary>
    public required Selection Selection { get; init; }

    /// <summary>Whether a remote answered when it was last looked at.</summary>
    public bool RepositoryAnswers { get; init; }

    /// <summary>Whether the wanted revision is signed as required; null when that was not asked, as for a revision dealt with before.</summary>
    public SignatureVerdict? Signatures { get; init; }

    /// <summary>What is known of the activation the latest deployment began; looked for only while it matters.</summary>
    public ActivationSighting Activation { get; init; } = new ActivationSighting.NotFound();

    /// <summary>What is known of the dead-man's switch of the latest deployment; looked for only while it may act.</summary>
    public DeadMansSighting DeadMansSwitch { get; init; } = new DeadMansSighting.Quiet();

    /// <summary>What is known of the soundness of the store.</summary>
    public StoreSighting Store { get; init; } = new StoreSighting.Sound();

    /// <summary>Probe rounds of the trial under way that this daemon saw.</summary>
    public ImmutableArray<ProbeRound> Rounds { get; init; } = [];

    /// <summary>Checks whose failure counts only at the end of the window.</summary>
    public ImmutableHashSet<string> PatientChecks { get; init; } = [];

    /// <summary>What stands in the way of a reboot; asked for only while one is due.</summary>
    public RebootObstacles Obstacles { get; init; } = RebootObstacles.None;

    /// <summary>When the reboot that is due was announced; null when it was not.</summary>
    public DateTimeOffset? RebootAnnouncedAt { get; init; }

    /// <summary>When telling the repository may be tried again; null when it may be now.</summary>
    public DateTimeOffset? TellAgainAt { get; init; }

    /// <summary>When repairing drift may be tried again; null when it may be now.</summary>
    public DateTimeOffset? RepairAgainAt { get; init; }

    /// <summary>The system that only a reboot leads away from, as the last repair of drift found; null for none.</summary>
    public Toplevel? RepairTakesReboot { get; init; }
}
