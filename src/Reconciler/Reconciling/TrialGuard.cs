using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Ports;

namespace Reconciler.Reconciling;

/// <summary>
/// Sets the dead-man's switch anew at each step of a trial, always for longer than the daemon itself may take: it acts only when the daemon
/// does not.
/// </summary>
internal sealed class TrialGuard(IDeadMansSwitch deadMan, HostPolicy policy)
{
    /// <summary>Prepares what the order before the activation needs, while the trial has not begun.</summary>
    public Task ReadyAsync(Deployment deployment, CancellationToken cancellationToken) => deadMan.ReadyAsync(Order(deployment, ActivationAndGate), cancellationToken);

    /// <summary>Before the activation. A trial does not begin without it.</summary>
    public Task<Failure?> BeforeActivationAsync(Deployment deployment, CancellationToken cancellationToken) => ArmAsync(deployment, ActivationAndGate, cancellationToken);

    /// <summary>While the health gate decides; a round of probes may begin just before the window ends.</summary>
    public Task<Failure?> DuringGateAsync(Deployment deployment, TimeSpan longestRound, CancellationToken cancellationToken) =>
        ArmAsync(deployment, policy.ConfirmationWindow + longestRound, cancellationToken);

    /// <summary>
    /// As above, unless an order stands: the daemon that took up a boot may have died before it set one, or could not. One that stands is not set
    /// anew, or a daemon that dies time and again would put it off for ever.
    /// </summary>
    public async Task<Failure?> StillDuringGateAsync(Deployment deployment, TimeSpan longestRound, CancellationToken cancellationToken) =>
        deadMan.Stands(deployment.Id) ? null : await DuringGateAsync(deployment, longestRound, cancellationToken);

    /// <summary>While profile and boot entry move: two flushes, each bounded as an activation is, the profile and the boot entry.</summary>
    public Task<Failure?> DuringConfirmAsync(Deployment deployment, CancellationToken cancellationToken) =>
        ArmAsync(deployment with { BootMayHaveMoved = true }, 4 * policy.ActivationLimit, cancellationToken);

    /// <summary>While the daemon puts the host back itself: as at confirming, an activation, and the look whether all is well.</summary>
    public Task<Failure?> DuringRollbackAsync(Deployment deployment, CancellationToken cancellationToken) =>
        ArmAsync(deployment, (deployment.BootMayHaveMoved ? 6 : 2) * policy.ActivationLimit, cancellationToken);

    /// <summary>Until the next attempt at confirming or rolling back.</summary>
    public Task<Failure?> UntilAsync(Deployment deployment, TimeSpan wait, CancellationToken cancellationToken) => ArmAsync(deployment, wait, cancellationToken);

    /// <summary>Before a reboot into a system on trial, for as long as its daemon may take to come up and take that up.</summary>
    public Failure? BeforeBoot(Deployment deployment) => deadMan.ArmBoot(deployment.Toplevel!.Value, policy.ConfirmationWindow + policy.DeadMansGrace);

    /// <summary>The boot was taken up, or does not come. Does no harm where none is waited for.</summary>
    public void EndBoot() => deadMan.DisarmBoot();

    /// <summary>Ends it, before the fact that ends the trial is written. False when the switch was quicker: then the fact is not true.</summary>
    public bool TryEnd(Deployment deployment) => deadMan.Disarm(deployment.Id, deployment.Unattended);

    /// <summary>Leaves putting back to it, at once.</summary>
    public Task ActNowAsync(Deployment deployment, CancellationToken cancellationToken) => deadMan.ActNowAsync(deployment.Id, cancellationToken);

    /// <summary>Removes what is left of it.</summary>
    public Task TidyAsync(CancellationToken cancellationToken) => deadMan.TidyAsync(cancellationToken);

    private TimeSpan ActivationAndGate => policy.ActivationLimit + policy.ConfirmationWindow;

    private Task<Failure?> ArmAsync(Deployment deployment, TimeSpan work, CancellationToken cancellationToken) => deadMan.ArmAsync(Order(deployment, work), cancellationToken);

    private DeadMansOrder Order(Deployment deployment, TimeSpan work) => new(deployment.Id, deployment.RollBackTo, work + policy.DeadMansGrace, deployment.BootMayHaveMoved) { TakenUp = deployment.Unattended };
}
