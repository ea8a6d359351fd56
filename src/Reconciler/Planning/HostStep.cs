using System.Collections.Immutable;
using Reconciler.Model;

namespace Reconciler.Planning;

/// <summary>The one thing to do next on this host. A closed set.</summary>
internal abstract record HostStep
{
    private HostStep() { }

    /// <summary>Take what runs as the system to come back to.</summary>
    public sealed record Adopt(Toplevel Running, Toplevel BootDefault) : HostStep;

    /// <summary>Begin a deployment of this revision.</summary>
    public sealed record Select(Candidate Candidate, Toplevel RollBackTo) : HostStep;

    /// <summary>Look the store over, and remove what is damaged in it.</summary>
    /// <param name="Keep">Systems of which nothing may be removed.</param>
    public sealed record MendStore(ImmutableArray<Toplevel> Keep) : HostStep;

    /// <summary>Build it.</summary>
    public sealed record Build(Deployment Deployment, Revision Revision) : HostStep;

    /// <summary>Look whether the host can take it, and what it would change.</summary>
    public sealed record Preview(Deployment Deployment, Toplevel Toplevel) : HostStep;

    /// <summary>Activate it on trial.</summary>
    public sealed record Try(Deployment Deployment, Toplevel Toplevel, DateTimeOffset Deadline) : HostStep;

    /// <summary>Wait for an activation that is under way.</summary>
    public sealed record AwaitActivation(Deployment Deployment) : HostStep;

    /// <summary>Write down how an activation ended that ended while nobody looked.</summary>
    public sealed record RecordActivation(Deployment Deployment, ActivationOutcome Outcome) : HostStep;

    /// <summary>Write down what the dead-man's switch did while the daemon did not see to the trial.</summary>
    public sealed record TakeUp(Deployment Deployment, UnattendedPutBack Act) : HostStep;

    /// <summary>Put it into the boot menu, to be booted once.</summary>
    /// <param name="Deployment">Which one.</param>
    /// <param name="Toplevel">Its system.</param>
    /// <param name="Reasons">What takes effect only after a boot; none when it is booted though it need not be.</param>
    public sealed record Stage(Deployment Deployment, Toplevel Toplevel, ImmutableArray<string> Reasons) : HostStep;

    /// <summary>Tell everybody on the host that it is about to be rebooted.</summary>
    public sealed record AnnounceReboot(Deployment Deployment, DateTimeOffset At) : HostStep;

    /// <summary>Have it booted once, and reboot.</summary>
    public sealed record Reboot(Deployment Deployment, Toplevel Toplevel) : HostStep;

    /// <summary>Write down that the host came up on it.</summary>
    public sealed record TakeUpBoot(Deployment Deployment, DateTimeOffset Deadline) : HostStep;

    /// <summary>Run one round of probes.</summary>
    public sealed record Probe(Deployment Deployment) : HostStep;

    /// <summary>Make it profile and boot default.</summary>
    /// <param name="Deployment">Which one.</param>
    /// <param name="Toplevel">Its system.</param>
    /// <param name="Results">The last probes; empty when the gate had passed before.</param>
    public sealed record Confirm(Deployment Deployment, Toplevel Toplevel, ImmutableArray<ProbeResult> Results) : HostStep;

    /// <summary>It changes nothing: confirm it without activating anything.</summary>
    public sealed record ConfirmUnchanged(Deployment Deployment, Toplevel Toplevel) : HostStep;

    /// <summary>Keep a testing system running without making it the boot default.</summary>
    public sealed record Accept(Deployment Deployment, ImmutableArray<ProbeResult> Results) : HostStep;

    /// <summary>Put the host back to this absolute system, and verify.</summary>
    public sealed record RollBack(Deployment Deployment, Toplevel To, Failure Cause) : HostStep;

    /// <summary>Stop trying to put the host back and call for a person.</summary>
    public sealed record GiveUp(Deployment Deployment, string Detail) : HostStep;

    /// <summary>End the deployment before anything was activated.</summary>
    public sealed record Fail(Deployment Deployment, Failure Cause) : HostStep;

    /// <summary>Wait and make the same attempt again later.</summary>
    public sealed record Postpone(Deployment Deployment, Failure Cause, DateTimeOffset Until) : HostStep;

    /// <summary>Give way to a newer revision before anything was activated.</summary>
    public sealed record Supersede(Deployment Deployment, Revision By) : HostStep;

    /// <summary>Tell the repository how a deployment ended.</summary>
    public sealed record Tell(Deployment Deployment) : HostStep;

    /// <summary>Write down that what runs is not what was confirmed.</summary>
    public sealed record ReportDrift(Toplevel Expected, Toplevel Running) : HostStep;

    /// <summary>Write down that what runs is again what was confirmed.</summary>
    public sealed record EndDrift(Toplevel Expected) : HostStep;

    /// <summary>Activate the confirmed system over what drifted.</summary>
    /// <param name="Expected">The system that should run.</param>
    /// <param name="BootDefault">The system that should be booted by default. Set again each time: the profile does not tell what the boot entry says.</param>
    public sealed record RepairDrift(Toplevel Expected, Toplevel BootDefault) : HostStep;

    /// <summary>Do nothing, for this reason.</summary>
    public sealed record Hold(HoldReason Reason) : HostStep;
}
