using System.Collections.Immutable;
using Reconciler.Model;

namespace Reconciler.Planning;

/// <summary>Why nothing moves. A closed set; <see cref="HoldText"/> has the words.</summary>
internal abstract record HoldReason
{
    private HoldReason() { }

    /// <summary>When it is worth looking again without being asked; null when only a trigger can change it.</summary>
    public virtual DateTimeOffset? LookAgainAt => null;

    /// <summary>The host runs what is wanted.</summary>
    /// <param name="Revision">What is wanted.</param>
    /// <param name="Branch">The branch that wants it.</param>
    /// <param name="RebootFor">What takes effect only after a reboot, such as <c>kernel, initrd</c>; null when nothing does.</param>
    public sealed record UpToDate(Revision Revision, BranchKind Branch, string? RebootFor = null) : HoldReason;

    /// <summary>No remote was read yet.</summary>
    public sealed record NothingFetchedYet : HoldReason;

    /// <summary>No remote can be read, and none ever was.</summary>
    public sealed record RepositoryUnreachable(string Remote, string Detail) : HoldReason;

    /// <summary>The remote answers and has no such branch.</summary>
    public sealed record BranchMissing(string Remote) : HoldReason;

    /// <summary>The branch was rewound or force-pushed away from what is confirmed.</summary>
    public sealed record BranchWentBack(string Remote, Revision Confirmed, Revision Tip, Lineage Lineage) : HoldReason;

    /// <summary>A commit is not signed as required.</summary>
    public sealed record Unsigned(Revision Wanted, Revision Commit, string Detail) : HoldReason;

    /// <summary>Signatures could not be checked.</summary>
    public sealed record SignaturesUnknown(Revision Wanted, string Detail, DateTimeOffset Until) : HoldReason
    {
        public override DateTimeOffset? LookAgainAt => Until;
    }

    /// <summary>An operator stopped new deployments.</summary>
    public sealed record Suspended(DateTimeOffset Since, Actor By, string Why) : HoldReason;

    /// <summary>The wanted revision failed here before.</summary>
    /// <param name="Revision">The revision.</param>
    /// <param name="Cause">Why; null when an operator left it by rolling back.</param>
    /// <param name="Deployment">The deployment that taught it.</param>
    public sealed record Quarantined(Revision Revision, Failure? Cause, DeploymentId Deployment) : HoldReason;

    /// <summary>Built and checked; activation waits for the maintenance window.</summary>
    public sealed record OutsideMaintenanceWindow(Revision? Revision, DateTimeOffset Opens) : HoldReason
    {
        public override DateTimeOffset? LookAgainAt => Opens;
    }

    /// <summary>Staged for one boot; the reboot waits for its window.</summary>
    public sealed record OutsideRebootWindow(Revision? Revision, DateTimeOffset Opens) : HoldReason
    {
        public override DateTimeOffset? LookAgainAt => Opens;
    }

    /// <summary>A reboot is due, and a program asks for none now.</summary>
    /// <param name="Revision">What it leads to, or back from.</param>
    /// <param name="Inhibitors">Who asks, and why.</param>
    /// <param name="Trouble">Why that could not be found out; null when it could.</param>
    /// <param name="AskAgainAt">When it is asked again.</param>
    /// <param name="AnywayAt">When the host is rebooted all the same, since it has to leave a system that failed; null for never.</param>
    public sealed record RebootInhibited(
        Revision? Revision, ImmutableArray<RebootInhibitor> Inhibitors, string? Trouble, DateTimeOffset AskAgainAt, DateTimeOffset? AnywayAt) : HoldReason
    {
        public override DateTimeOffset? LookAgainAt => AskAgainAt;
    }

    /// <summary>A reboot is due, and waits until nobody is logged in.</summary>
    public sealed record UsersLoggedIn(Revision? Revision, ImmutableArray<string> Users, DateTimeOffset AskAgainAt) : HoldReason
    {
        public override DateTimeOffset? LookAgainAt => AskAgainAt;
    }

    /// <summary>A reboot was announced and happens shortly.</summary>
    public sealed record RebootAnnounced(Revision? Revision, DateTimeOffset At) : HoldReason
    {
        public override DateTimeOffset? LookAgainAt => At;
    }

    /// <summary>The machine was asked to reboot and is going down.</summary>
    public sealed record RebootUnderWay(Revision? Revision, DateTimeOffset Since, DateTimeOffset Until) : HoldReason
    {
        public override DateTimeOffset? LookAgainAt => Until;
    }

    /// <summary>An attempt failed through no fault of the revision; the next is due later.</summary>
    public sealed record BackingOff(Failure Cause, int Attempts, DateTimeOffset Until) : HoldReason
    {
        public override DateTimeOffset? LookAgainAt => Until;
    }

    /// <summary>On trial; the next probes are due later.</summary>
    public sealed record AwaitingHealth(DateTimeOffset NextRound, DateTimeOffset Deadline, ImmutableArray<ProbeResult> Failing) : HoldReason
    {
        public override DateTimeOffset? LookAgainAt => NextRound < Deadline ? NextRound : Deadline;
    }

    /// <summary>What runs is not what was confirmed; configured to tell only, or the repair is due later.</summary>
    /// <param name="Expected">What should run.</param>
    /// <param name="Running">What runs.</param>
    /// <param name="Boots">What the next boot would land on, when that alone is not what was confirmed; null otherwise.</param>
    /// <param name="RepairAt">When the repair is tried again; null when it is not.</param>
    public sealed record Drifted(Toplevel Expected, Toplevel Running, Toplevel? Boots, DateTimeOffset? RepairAt) : HoldReason
    {
        /// <summary>Whether the repair went as far as it can without a reboot.</summary>
        public bool TakesReboot { get; init; }

        public override DateTimeOffset? LookAgainAt => RepairAt;
    }

    /// <summary>An accepted testing system was ended by a boot more than once lately; it may have caused it.</summary>
    public sealed record TestingEndedByBoots(Revision Revision, int Times) : HoldReason;

    /// <summary>The dead-man's switch is putting the host back; what it did is taken up when it has ended.</summary>
    public sealed record BeingPutBack(DeploymentId Deployment, Toplevel RollBackTo, DateTimeOffset Until) : HoldReason
    {
        public override DateTimeOffset? LookAgainAt => Until;
    }

    /// <summary>Store paths are damaged that cannot be removed and built anew.</summary>
    public sealed record StoreDamaged(StoreDamage Damage, DateTimeOffset Until) : HoldReason
    {
        public override DateTimeOffset? LookAgainAt => Until;
    }

    /// <summary>A rollback failed.</summary>
    /// <param name="Deployment">The deployment that was to be rolled back.</param>
    /// <param name="RollBackTo">The system to come back to.</param>
    /// <param name="Cause">Why.</param>
    /// <param name="Detail">Why the rollback failed.</param>
    /// <param name="TryAgainAt">When it is tried once more; null while suspended.</param>
    public sealed record NeedsOperator(DeploymentId Deployment, Toplevel RollBackTo, Failure Cause, string Detail, DateTimeOffset? TryAgainAt) : HoldReason
    {
        public override DateTimeOffset? LookAgainAt => TryAgainAt;
    }

    /// <summary>The host has no running system that could be come back to.</summary>
    public sealed record NoSystemToReturnTo : HoldReason;
}
