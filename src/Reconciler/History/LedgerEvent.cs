using System.Collections.Immutable;
using Reconciler.Model;

namespace Reconciler.History;

/// <summary>A fact about this host. Facts are appended and never rewritten. A closed set.</summary>
/// <remarks>
/// Facts named <c>…Began</c> are written before the act, the others after it. All deployment facts speak of the latest deployment.
/// </remarks>
internal abstract record LedgerEvent
{
    private LedgerEvent() { }

    /// <summary>The daemon met this host for the first time and took what ran, and what it boots, as the system to come back to.</summary>
    public sealed record HostAdopted(Toplevel Running, Toplevel BootDefault) : LedgerEvent;

    /// <summary>A deployment began. Its position in the ledger is its name.</summary>
    public sealed record DeploymentBegan(DeploymentSource Source, Toplevel RollBackTo) : LedgerEvent;

    /// <summary>The system of the deployment is in the store.</summary>
    public sealed record BuildSucceeded(Toplevel Toplevel) : LedgerEvent;

    /// <summary>The host was checked and what the system would change is known.</summary>
    public sealed record PlanRecorded(SystemPlan Plan) : LedgerEvent;

    /// <summary>An attempt came to nothing through no fault of the revision; it is made again, no sooner than told.</summary>
    public sealed record AttemptPostponed(Failure Cause, DateTimeOffset Until) : LedgerEvent;

    /// <summary>Intent: the system is about to be activated.</summary>
    /// <param name="Deadline">When, at the latest, the host must be confirmed or put back.</param>
    /// <param name="BootId">The kernel's boot id.</param>
    /// <param name="FailedUnitsBefore">Units that had failed before; they do not count against the trial.</param>
    /// <param name="ChecksFailingBefore">Checks of the system before that failed already; a rollback is not asked to mend them.</param>
    public sealed record TrialBegan(
        DateTimeOffset Deadline, string BootId, ImmutableArray<string> FailedUnitsBefore, ImmutableArray<string> ChecksFailingBefore) : LedgerEvent;

    /// <summary>Activation ended.</summary>
    public sealed record ActivationEnded(ActivationOutcome Outcome) : LedgerEvent;

    /// <summary>The system stands in the boot menu for one boot; the default is still the last confirmed system.</summary>
    /// <param name="Reasons">What takes effect only after a boot; none when it is booted though it need not be.</param>
    public sealed record RebootStaged(ImmutableArray<string> Reasons) : LedgerEvent;

    /// <summary>Intent: the boot loader is about to be told to boot the staged system once, and the host to be rebooted.</summary>
    /// <param name="BootId">The kernel's boot id before it.</param>
    /// <param name="FailedUnitsBefore">Units that had failed before; they do not count against the trial.</param>
    /// <param name="ChecksFailingBefore">Checks of the system before that failed already; a rollback is not asked to mend them.</param>
    public sealed record RebootRequested(
        string BootId, ImmutableArray<string> FailedUnitsBefore, ImmutableArray<string> ChecksFailingBefore) : LedgerEvent;

    /// <summary>The host has come up on the staged system; its trial begins.</summary>
    /// <param name="Deadline">When, at the latest, the host must be confirmed or put back.</param>
    /// <param name="BootId">The kernel's boot id.</param>
    public sealed record TrialBooted(DateTimeOffset Deadline, string BootId) : LedgerEvent;

    /// <summary>Intent: the host is about to be rebooted to come back to the last confirmed system.</summary>
    /// <param name="BootId">The kernel's boot id before it.</param>
    public sealed record ReturnRequested(string BootId) : LedgerEvent;

    /// <summary>An operator ended the trial under way.</summary>
    public sealed record TrialRefused : LedgerEvent;

    /// <summary>Intent: the gate passed; profile and boot entry are about to move.</summary>
    public sealed record ConfirmBegan(ImmutableArray<ProbeResult> Results) : LedgerEvent;

    /// <summary>The system runs, is the profile's generation and the boot default.</summary>
    public sealed record Confirmed(Toplevel Toplevel, int Generation, bool WasActivated) : LedgerEvent;

    /// <summary>A testing system passed its gate and stays until the next boot.</summary>
    public sealed record Accepted(ImmutableArray<ProbeResult> Results) : LedgerEvent;

    /// <summary>Intent: the host is about to be put back.</summary>
    public sealed record RollbackBegan(Failure Cause, JournalExcerpt Journal) : LedgerEvent;

    /// <summary>The host was put back, and that was verified.</summary>
    public sealed record RolledBack : LedgerEvent;

    /// <summary>Every attempt to put the host back failed.</summary>
    public sealed record RollbackFailed(string Detail) : LedgerEvent;

    /// <summary>The deployment ended before anything was activated.</summary>
    public sealed record DeploymentFailed(Failure Cause) : LedgerEvent;

    /// <summary>The dead-man's switch put the host back, since the daemon did not see to it; written by the next daemon that looked.</summary>
    public sealed record PutBackUnattended(UnattendedPutBack Act) : LedgerEvent;

    /// <summary>
    /// Damaged paths were found in the store and removed, so that they are built anew. With nothing damaged: what a power cut may have kept from
    /// the disk was looked over while a deployment was built and not yet tried. Either way that deployment is built once more.
    /// </summary>
    /// <param name="Damaged">How many paths were damaged.</param>
    /// <param name="Removed">How many were removed: damaged ones, and what refers to them.</param>
    /// <param name="Paths">The first few of the damaged ones.</param>
    public sealed record StoreMended(int Damaged, int Removed, ImmutableArray<string> Paths) : LedgerEvent;

    /// <summary>A newer revision took its place before anything was activated.</summary>
    public sealed record DeploymentSuperseded(Revision By) : LedgerEvent;

    /// <summary>The repository was told how a deployment ended: its note is written and, after a rollback, its revert branch is there.</summary>
    /// <param name="Deployment">Which one; it need not be the latest.</param>
    /// <param name="Pushed">Whether a remote took it; false when no remote allows writing.</param>
    /// <param name="Explanation">Branch or address of the explanation; null when there is none.</param>
    public sealed record Told(DeploymentId Deployment, bool Pushed, string? Explanation) : LedgerEvent;

    /// <summary>What runs is not what was confirmed, with nothing in flight. Written once for each system met.</summary>
    public sealed record DriftFound(Toplevel Expected, Toplevel Running) : LedgerEvent;

    /// <summary>Intent: the confirmed system is about to be activated over a drifted one.</summary>
    public sealed record DriftRepairBegan(Toplevel Expected) : LedgerEvent;

    /// <summary>What runs is again what was confirmed.</summary>
    public sealed record DriftEnded(Toplevel Expected) : LedgerEvent;

    /// <summary>An operator stopped new deployments.</summary>
    public sealed record Suspended(string Reason) : LedgerEvent;

    /// <summary>An operator let deployments go on; also ends <see cref="DeploymentPhase.NeedsOperator"/>.</summary>
    public sealed record Resumed : LedgerEvent;

    /// <summary>An operator fixed the host to one revision.</summary>
    public sealed record Pinned(Revision Revision) : LedgerEvent;

    /// <summary>An operator let the host follow its branch again.</summary>
    public sealed record Unpinned : LedgerEvent;

    /// <summary>An operator let go of a quarantined revision.</summary>
    public sealed record QuarantineReleased(Revision Revision) : LedgerEvent;

    /// <summary>An operator accepted that the branch went backwards or sideways to this revision.</summary>
    public sealed record RewindAllowed(Revision Revision) : LedgerEvent;
}
