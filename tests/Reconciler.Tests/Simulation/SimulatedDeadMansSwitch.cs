using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Tests.Simulation;

/// <summary>
/// A timer beside the daemon: it acts when its time has come, whether or not a daemon lives, and is gone after a reboot. Its dice are its own, so that it changes
/// nothing in what else happens in a life.
/// </summary>
internal sealed class SimulatedDeadMansSwitch(SimulatedMachine machine, Chance chance, TimeProvider clock, int seed) : IDeadMansSwitch
{
    private readonly Random _dice = new(unchecked(seed * 37) + 5);
    private (DeadMansOrder What, DateTimeOffset Due, string Boot)? _order;
    private (DeploymentId Deployment, UnattendedPutBack Act)? _act;

    /// <summary>What waits to be done; null when nothing does.</summary>
    public DeadMansOrder? Order => _order is { } order && order.Boot == machine.Observe().BootId ? order.What : null;

    /// <summary>The deployment whose end the daemon has decided on, since the switch was set last.</summary>
    public DeploymentId? Withdrawn { get; private set; }

    public int Acts { get; private set; }

    /// <summary>What it put back at once, for a daemon that could not write down why.</summary>
    public HashSet<DeploymentId> Hurried { get; } = [];

    public Task ReadyAsync(DeadMansOrder order, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<Failure?> ArmAsync(DeadMansOrder order, CancellationToken cancellationToken)
    {
        if (Strikes("before the dead-man's switch is set"))
        {
            return Chance.Never<Failure?>();
        }

        if (_act is { } done && done.Deployment == order.Deployment && done.Act != order.TakenUp)
        {
            return Task.FromResult<Failure?>(new Failure.HostToolFailed("the dead-man's switch", "it has acted already"));
        }

        IsRefused = _dice.NextDouble() < chance.Trouble / 4;
        if (IsRefused)
        {
            return Task.FromResult<Failure?>(new Failure.HostToolFailed("systemd-run", "no bus"));
        }

        _order = (order, clock.GetUtcNow() + order.After, machine.Observe().BootId);
        (_act, Withdrawn) = (null, null);
        return Strikes("after the dead-man's switch was set") ? Chance.Never<Failure?>() : Task.FromResult<Failure?>(null);
    }

    public bool Stands(DeploymentId deployment) => Order?.Deployment == deployment;

    public bool Disarm(DeploymentId deployment, UnattendedPutBack? takenUp)
    {
        if (_order is null)
        {
            return _act is not { } act || act.Deployment != deployment || act.Act == takenUp;
        }

        (_order, Withdrawn) = (null, deployment);
        return true;
    }

    public Task<DeadMansSighting> LookAsync(DeploymentId deployment, CancellationToken cancellationToken) =>
        Task.FromResult<DeadMansSighting>(
            _act is { } act && act.Deployment == deployment ? new DeadMansSighting.Acted(act.Act) : new DeadMansSighting.Quiet());

    // A host that comes up without a daemon is not part of these lives: each has one sooner or later.
    public Failure? ArmBoot(Toplevel system, TimeSpan after)
    {
        Boots = system;
        return null;
    }

    public void DisarmBoot() => Boots = null;

    /// <summary>The system whose boot is watched; null when none is.</summary>
    public Toplevel? Boots { get; private set; }

    /// <summary>Whether it could not be set when it was to be set last.</summary>
    public bool IsRefused { get; private set; }

    public Task TidyAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Acts if its time has come; whether it did.</summary>
    public bool PassTime()
    {
        if (Order is not { } order || clock.GetUtcNow() < _order!.Value.Due)
        {
            return false;
        }

        PutBack(order);
        return true;
    }

    public Task ActNowAsync(DeploymentId deployment, CancellationToken cancellationToken)
    {
        if (Stands(deployment))
        {
            Hurried.Add(deployment);
            PutBack(Order!);
        }

        return Task.CompletedTask;
    }

    private void PutBack(DeadMansOrder order)
    {
        _order = null;
        Acts++;
        var sound = _dice.Next(8) > 0;
        machine.PutBackUnattended(order, sound);
        _act = (order.Deployment, new UnattendedPutBack(clock.GetUtcNow(), sound ? "exit 0" : "exit 2"));
    }

    private bool Strikes(string where)
    {
        if (chance.Crash > 0 && _dice.NextDouble() < chance.Crash)
        {
            chance.Die($"kill -9 {where}");
            return true;
        }

        return false;
    }
}
