namespace Reconciler.Model;

/// <summary>How far a deployment has come. Settled phases never change again. A closed set.</summary>
internal abstract record DeploymentPhase
{
    private DeploymentPhase() { }

    /// <summary>Whether nothing further happens to the deployment.</summary>
    public bool IsSettled => this is Confirmed or Accepted or Failed or RolledBack or Superseded or Abandoned;

    /// <summary>Whether the host may run a system that nobody has confirmed, which is what the dead-man's switch is there for.</summary>
    public bool IsAtStake => this is OnTrial or Confirming or RollingBack;

    /// <summary>Chosen; nothing was done yet.</summary>
    public sealed record Selected : DeploymentPhase;

    /// <summary>The system is in the store.</summary>
    public sealed record Built : DeploymentPhase;

    /// <summary>The host was checked and the plan recorded; activation may begin.</summary>
    public sealed record Planned : DeploymentPhase;

    /// <summary>Activation was begun; the next boot still lands on the last confirmed system.</summary>
    /// <param name="Activation">How activation ended; null while it runs, or when a crash hid its end.</param>
    /// <param name="ActivatedAt">When its end was recorded; the health gate counts from here.</param>
    public sealed record OnTrial(ActivationOutcome? Activation, DateTimeOffset? ActivatedAt) : DeploymentPhase;

    /// <summary>It stands in the boot menu, not as the default, and waits until the host may be rebooted into it once.</summary>
    public sealed record AwaitingReboot : DeploymentPhase;

    /// <summary>A reboot into it was asked for; every later boot lands on the last confirmed system.</summary>
    /// <param name="Since">When.</param>
    public sealed record Rebooting(DateTimeOffset Since) : DeploymentPhase;

    /// <summary>The health gate passed; profile and boot entry are being moved.</summary>
    public sealed record Confirming : DeploymentPhase;

    /// <summary>The system runs, is the profile, and is booted by default.</summary>
    /// <param name="WasActivated">False when the commit changed nothing in the system, so that nothing was activated.</param>
    public sealed record Confirmed(bool WasActivated) : DeploymentPhase;

    /// <summary>A testing system passed its gate: it runs until the next boot, and was not made the boot default.</summary>
    public sealed record Accepted : DeploymentPhase;

    /// <summary>The host is being put back.</summary>
    public sealed record RollingBack(Failure Cause) : DeploymentPhase;

    /// <summary>The host was put back, and that was verified.</summary>
    public sealed record RolledBack(Failure Cause) : DeploymentPhase;

    /// <summary>It ended before anything was activated.</summary>
    public sealed record Failed(Failure Cause) : DeploymentPhase;

    /// <summary>A newer revision took its place before anything was activated.</summary>
    public sealed record Superseded(Revision By) : DeploymentPhase;

    /// <summary>The rollback failed: the host needs a person.</summary>
    /// <param name="Cause">Why it was to be rolled back.</param>
    /// <param name="Detail">Why the rollback failed.</param>
    public sealed record NeedsOperator(Failure Cause, string Detail) : DeploymentPhase;

    /// <summary>An operator took over after a failed rollback and left the host as it was found.</summary>
    public sealed record Abandoned(Failure Cause) : DeploymentPhase;
}
