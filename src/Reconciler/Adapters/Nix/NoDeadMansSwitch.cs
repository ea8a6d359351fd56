using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Adapters.Nix;

/// <summary>Where no systemd runs there is nothing that could outlive the daemon.</summary>
internal sealed class NoDeadMansSwitch : IDeadMansSwitch
{
    /// <inheritdoc/>
    public Task ReadyAsync(DeadMansOrder order, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<Failure?> ArmAsync(DeadMansOrder order, CancellationToken cancellationToken) => Task.FromResult<Failure?>(null);

    /// <inheritdoc/>
    public bool Stands(DeploymentId deployment) => true;

    /// <inheritdoc/>
    public bool Disarm(DeploymentId deployment, UnattendedPutBack? takenUp) => true;

    /// <inheritdoc/>
    public Task ActNowAsync(DeploymentId deployment, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<DeadMansSighting> LookAsync(DeploymentId deployment, CancellationToken cancellationToken) =>
        Task.FromResult<DeadMansSighting>(new DeadMansSighting.Quiet());

    /// <inheritdoc/>
    public Failure? ArmBoot(Toplevel system, TimeSpan after) => null;

    /// <inheritdoc/>
    public void DisarmBoot()
    {
    }

    /// <inheritdoc/>
    public Task TidyAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
