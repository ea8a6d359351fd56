using Reconciler.Model;

namespace Reconciler.Ports;

/// <summary>Puts the host back when a trial is neither confirmed nor ended in time, whatever became of the daemon: crashed, removed, unable to start.</summary>
/// <remarks>
/// It needs neither the daemon nor the network. A reboot ends it: until a system is confirmed, the boot entry leads to the one before.
/// There is one at a time; what it did is taken up as a fact by the next daemon that looks.
/// </remarks>
internal interface IDeadMansSwitch
{
    /// <summary>Prepares what such an order needs, so that giving it soon after takes no time. Gives no order; trouble is told when it is given.</summary>
    Task ReadyAsync(DeadMansOrder order, CancellationToken cancellationToken);

    /// <summary>Sets it, in place of one set before. Null when that is done; a failure also when the one before acts, or has acted, and that was not taken up yet.</summary>
    Task<Failure?> ArmAsync(DeadMansOrder order, CancellationToken cancellationToken);

    /// <summary>Whether it was set for a deployment, and neither taken back nor acted on. One that a reboot has ended may count as set.</summary>
    bool Stands(DeploymentId deployment);

    /// <summary>Takes the order back, in one instant. False when it is too late: it acts, or has acted, and what it did was not taken up yet.</summary>
    /// <param name="deployment">Which one.</param>
    /// <param name="takenUp">What it did for this deployment, as far as that was taken up; null for nothing.</param>
    bool Disarm(DeploymentId deployment, UnattendedPutBack? takenUp);

    /// <summary>Has it act at once where it stands, for a daemon that cannot write down that it puts the host back itself. Never throws but for cancellation.</summary>
    Task ActNowAsync(DeploymentId deployment, CancellationToken cancellationToken);

    /// <summary>What is known of it. Asks the system only while it acts.</summary>
    Task<DeadMansSighting> LookAsync(DeploymentId deployment, CancellationToken cancellationToken);

    /// <summary>Sets it for a boot into a system on trial: unless that is taken up in time, the host is rebooted, and lands on its default. Null when that is done.</summary>
    /// <param name="system">The system that is to be booted once.</param>
    /// <param name="after">How long it waits, from that boot on.</param>
    Failure? ArmBoot(Toplevel system, TimeSpan after);

    /// <summary>Takes that back: the boot was taken up, or does not come. Never throws.</summary>
    void DisarmBoot();

    /// <summary>Removes what is left of one that was disarmed, and any that was not. Never throws.</summary>
    Task TidyAsync(CancellationToken cancellationToken);
}

/// <summary>What the switch is to do.</summary>
/// <param name="Deployment">The deployment it watches over.</param>
/// <param name="PutBack">The absolute system to activate.</param>
/// <param name="After">How long it waits.</param>
/// <param name="BootToo">Whether profile and boot entry may have moved and are set again too.</param>
internal sealed record DeadMansOrder(DeploymentId Deployment, Toplevel PutBack, TimeSpan After, bool BootToo)
{
    /// <summary>What an order before this did, as far as that was taken up; null for nothing.</summary>
    public UnattendedPutBack? TakenUp { get; init; }
}
