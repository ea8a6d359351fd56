using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Tests.Fakes;

/// <summary>A switch that only notes what it is told; the test says what it did.</summary>
internal sealed class FakeDeadMansSwitch : IDeadMansSwitch
{
    /// <summary>Every order it was given.</summary>
    public List<DeadMansOrder> Orders { get; } = [];

    /// <summary>The order that stands; null when it was taken back.</summary>
    public DeadMansOrder? Standing { get; private set; }

    /// <summary>Why it cannot be set; null when it can.</summary>
    public Failure? Trouble { get; set; }

    /// <summary>What it did.</summary>
    public DeadMansSighting Sighting { get; set; } = new DeadMansSighting.Quiet();

    /// <summary>What it does in the very instant before it is taken back; null for nothing.</summary>
    public UnattendedPutBack? ActsAtDisarm { get; set; }

    public Task ReadyAsync(DeadMansOrder order, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<Failure?> ArmAsync(DeadMansOrder order, CancellationToken cancellationToken)
    {
        if (Trouble is null)
        {
            Orders.Add(order);
            Standing = order;
        }

        return Task.FromResult(Trouble);
    }

    public bool Stands(DeploymentId deployment) => Standing?.Deployment == deployment;

    /// <summary>Is called when it is to act at once.</summary>
    public Action ActingNow { get; set; } = () => { };

    public Task ActNowAsync(DeploymentId deployment, CancellationToken cancellationToken)
    {
        if (Stands(deployment))
        {
            Standing = null;
            ActingNow();
        }

        return Task.CompletedTask;
    }

    public bool Disarm(DeploymentId deployment, UnattendedPutBack? takenUp)
    {
        if (ActsAtDisarm is { } act)
        {
            (Sighting, ActsAtDisarm) = (new DeadMansSighting.Acted(act), null);
        }

        Standing = null;
        return Sighting is DeadMansSighting.Quiet || (Sighting is DeadMansSighting.Acted acted && acted.Act == takenUp);
    }

    public Task<DeadMansSighting> LookAsync(DeploymentId deployment, CancellationToken cancellationToken) => Task.FromResult(Sighting);

    /// <summary>The system that is booted on trial; null when none is.</summary>
    public Toplevel? Boots { get; private set; }

    public Failure? ArmBoot(Toplevel system, TimeSpan after)
    {
        Boots = Trouble is null ? system : Boots;
        return Trouble;
    }

    public void DisarmBoot() => Boots = null;

    public Task TidyAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
