using System.Collections.Immutable;

namespace Reconciler.Model;

/// <summary>Whose fault a failure is; retry, quarantine or stop follows from it.</summary>
internal enum Fault
{
    /// <summary>The commit's: quarantine it.</summary>
    Revision,

    /// <summary>This machine's: set the commit aside here and say what to mend.</summary>
    Host,

    /// <summary>The world's: back off and try again.</summary>
    World,

    /// <summary>Nobody's: the deployment gave way to another.</summary>
    Nobody,
}

/// <summary>What went wrong. A closed set; texts in it come from outside and are cut to a bounded length where they enter.</summary>
internal abstract record Failure(Fault Fault)
{
    /// <summary>The configuration does not evaluate.</summary>
    public sealed record EvaluationFailed(string Excerpt) : Failure(Fault.Revision);

    /// <summary>A derivation does not build.</summary>
    public sealed record BuildFailed(string Excerpt) : Failure(Fault.Revision);

    /// <summary>The build ran into its time limit.</summary>
    public sealed record BuildTimedOut(TimeSpan Limit) : Failure(Fault.World);

    /// <summary>Something a build needs from outside the commit was missing: network, substituter, memory, disk.</summary>
    public sealed record BuildInterrupted(WorldTrouble Trouble, string Excerpt) : Failure(Fault.World);

    /// <summary>The commit could not be checked out of the local mirror.</summary>
    public sealed record CheckoutFailed(string Detail) : Failure(Fault.World);

    /// <summary>A file system has too little room to activate safely.</summary>
    /// <param name="Where">Its mount point.</param>
    /// <param name="NeededBytes">What is asked for.</param>
    /// <param name="FreeBytes">What is there.</param>
    public sealed record NotEnoughSpace(string Where, long NeededBytes, long FreeBytes) : Failure(Fault.World);

    /// <summary>Another switch of the system is running.</summary>
    public sealed record AnotherSwitchRuns(string Unit) : Failure(Fault.World);

    /// <summary>The store could not be flushed to disk, or a needed program could not be run.</summary>
    public sealed record HostToolFailed(string Tool, string Detail) : Failure(Fault.World)
    {
        /// <summary>The tool's name for a reboot that was asked for and did not begin.</summary>
        public const string Reboot = "systemctl reboot";
    }

    /// <summary>A pre-switch check of the new system said no.</summary>
    public sealed record PreSwitchCheckFailed(string Excerpt) : Failure(Fault.Revision);

    /// <summary>A switch inhibitor differs: this change cannot be made while the system runs.</summary>
    public sealed record SwitchInhibited(ImmutableArray<string> Inhibitors) : Failure(Fault.Host);

    /// <summary>Nothing was activated because only a reboot can.</summary>
    public sealed record RebootRequired(string Reason) : Failure(Fault.Host);

    /// <summary>It could not be made sure that the next boot, and no later one, lands on it.</summary>
    public sealed record OneShotBootFailed(string Detail) : Failure(Fault.World);

    /// <summary>The host was rebooted into it and came up on the system before it.</summary>
    /// <param name="Detail">What is known of the boot that failed.</param>
    public sealed record BootFailed(string Detail) : Failure(Fault.Revision);

    /// <summary>Activation itself went wrong.</summary>
    public sealed record ActivationFailed(string HowEnded, string Excerpt) : Failure(Fault.Revision);

    /// <summary>A required check failed.</summary>
    public sealed record Unhealthy(ImmutableArray<ProbeResult> Failing) : Failure(Fault.Revision);

    /// <summary>The confirmation window ended before the required checks had passed often enough.</summary>
    public sealed record NotConfirmedInTime(ImmutableArray<ProbeResult> LastResults) : Failure(Fault.Revision);

    /// <summary>Nothing but the way to the repository failed until the window ended; the system or the world may be to blame.</summary>
    public sealed record RepositoryLost(string Detail) : Failure(Fault.World);

    /// <summary>The commit leads to the very system that failed under another commit.</summary>
    public sealed record SameSystemFailed(Revision Revision, DeploymentId Deployment) : Failure(Fault.Revision);

    /// <summary>The host restarted during the trial, more than once.</summary>
    public sealed record InterruptedByReboot(int Attempts) : Failure(Fault.Revision);

    /// <summary>Nobody confirmed the trial or ended it, because the daemon was not there to; the dead-man's switch put the host back.</summary>
    public sealed record Unattended(DateTimeOffset At) : Failure(Fault.Revision);

    /// <summary>Something other than Reconciler changed the running system during the trial.</summary>
    public sealed record DisplacedDuringTrial(Toplevel Running) : Failure(Fault.Host);

    /// <summary>Profile or boot entry could not be moved.</summary>
    public sealed record BootEntryFailed(string Detail) : Failure(Fault.Host);

    /// <summary>An operator ended the trial.</summary>
    public sealed record RefusedByOperator(string Operator) : Failure(Fault.Revision);

    /// <summary>A newer revision came while this one was failing on trial.</summary>
    public sealed record GaveWay(Revision Newer, ImmutableArray<ProbeResult> Failing) : Failure(Fault.Nobody);
}

/// <summary>The sorts of trouble outside a commit that stop a build.</summary>
internal enum WorldTrouble
{
    /// <summary>A host name did not resolve, or a connection failed.</summary>
    Network,

    /// <summary>A binary cache did not answer, or answered badly.</summary>
    Substituter,

    /// <summary>A file system is full.</summary>
    DiskFull,

    /// <summary>The kernel ended a process for want of memory.</summary>
    OutOfMemory,

    /// <summary>The build was killed from outside.</summary>
    Killed,

    /// <summary>The nix daemon or its database was not available.</summary>
    NixUnavailable,

    /// <summary>A store path that counts as valid is damaged, as after a power cut.</summary>
    StoreDamaged,
}
