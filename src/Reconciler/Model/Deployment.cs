using System.Collections.Immutable;

namespace Reconciler.Model;

/// <summary>One attempt to bring one system onto this host.</summary>
internal sealed record Deployment
{
    /// <summary>Its name.</summary>
    public required DeploymentId Id { get; init; }

    /// <summary>Where the system comes from.</summary>
    public required DeploymentSource Source { get; init; }

    /// <summary>The absolute system to come back to when this one fails.</summary>
    public required Toplevel RollBackTo { get; init; }

    /// <summary>How far it has come.</summary>
    public required DeploymentPhase Phase { get; init; }

    /// <summary>When it was selected.</summary>
    public required DateTimeOffset Began { get; init; }

    /// <summary>When its phase last changed.</summary>
    public required DateTimeOffset Changed { get; init; }

    /// <summary>Who asked for it.</summary>
    public required Actor Actor { get; init; }

    /// <summary>The built system, once known.</summary>
    public Toplevel? Toplevel { get; init; }

    /// <summary>What it would change, once known.</summary>
    public SystemPlan? Plan { get; init; }

    /// <summary>Why the last attempt came to nothing and when the next may be made; null when nothing is postponed.</summary>
    public Postponement? Postponed { get; init; }

    /// <summary>What was true when activation was last begun; null before that.</summary>
    public TrialStart? Trial { get; init; }

    /// <summary>Set once it stands in the boot menu for one boot; null for one that is tried by activating it.</summary>
    public Staging? Staged { get; init; }

    /// <summary>How often a reboot into it was asked for and did not begin.</summary>
    public int RebootFailures { get; init; }

    /// <summary>The reboot that was asked for to come back from it; null when none is under way.</summary>
    public ReturnBoot? Return { get; init; }

    /// <summary>How often such a reboot was asked for, and began.</summary>
    public int Returns { get; init; }

    /// <summary>Whether profile and boot entry may have been moved to it, in whole or in part.</summary>
    public bool BootMayHaveMoved { get; init; }

    /// <summary>The generation it was confirmed as; null otherwise, and for a testing branch.</summary>
    public int? Generation { get; init; }

    /// <summary>Set when an operator ended the trial; null otherwise.</summary>
    public Failure.RefusedByOperator? Refused { get; init; }

    /// <summary>What the dead-man's switch did; null when it did nothing.</summary>
    public UnattendedPutBack? Unattended { get; init; }

    /// <summary>The last probe results that were recorded.</summary>
    public ImmutableArray<ProbeResult> Results { get; init; } = [];

    /// <summary>Journal lines kept with a rollback.</summary>
    public JournalExcerpt Journal { get; init; } = JournalExcerpt.None;

    /// <summary>Whether the repository was told how it ended.</summary>
    public bool IsTold { get; init; }

    /// <summary>When each phase was entered, in order.</summary>
    public ImmutableArray<PhaseEntered> Timeline { get; init; } = [];

    /// <summary>The commit, where it comes from one.</summary>
    public Revision? Revision => Source is DeploymentSource.Commit commit ? commit.Candidate.Revision : null;

    /// <summary>Whether it comes from the testing branch, so must never become the boot default.</summary>
    public bool IsTesting => Source is DeploymentSource.Commit { Candidate.Branch: BranchKind.Testing };
}

/// <summary>One line of a deployment's timeline.</summary>
/// <param name="At">When.</param>
/// <param name="Event">What happened, in words for people.</param>
internal sealed record PhaseEntered(DateTimeOffset At, string Event);

/// <summary>An attempt that failed through no fault of the revision.</summary>
/// <param name="Cause">What went wrong.</param>
/// <param name="Attempts">How many attempts in a row failed, from 1.</param>
/// <param name="Until">The next attempt is made no sooner.</param>
internal sealed record Postponement(Failure Cause, int Attempts, DateTimeOffset Until);

/// <summary>A system that is tried by booting it once.</summary>
/// <param name="Reasons">What takes effect only after a boot, such as <c>kernel</c>; none when it is booted though it need not be.</param>
internal sealed record Staging(ImmutableArray<string> Reasons);

/// <summary>A reboot that leads back to the system before.</summary>
/// <param name="BootId">The kernel's boot id before it.</param>
/// <param name="Since">When it was asked for.</param>
internal sealed record ReturnBoot(string BootId, DateTimeOffset Since);

/// <summary>What was true when the trial began.</summary>
/// <param name="Deadline">When, at the latest, the host must be confirmed or put back, whatever became of the daemon.</param>
/// <param name="BootId">The kernel's boot id, which tells a reboot from a restart of the daemon.</param>
/// <param name="FailedUnitsBefore">Units that had failed before the trial; they do not count against it.</param>
/// <param name="ChecksFailingBefore">Checks of the system before that failed already; a rollback is not asked to mend them.</param>
/// <param name="Attempts">How often activation was begun, from 1.</param>
internal sealed record TrialStart(
    DateTimeOffset Deadline, string BootId, ImmutableArray<string> FailedUnitsBefore, ImmutableArray<string> ChecksFailingBefore, int Attempts);
