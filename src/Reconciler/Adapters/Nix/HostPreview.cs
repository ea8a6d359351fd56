using Reconciler.Adapters.Processes;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Adapters.Nix;

/// <summary>Looks at what a system would change, and whether the host can take it. Changes nothing.</summary>
internal sealed class HostPreview(NixHostSettings settings, SystemLinks links, IProcessRunner runner)
{
    private readonly ClosureComparison _closures = new(new StoreFiles(settings.StoreDirectory), runner);
    private readonly UnitProcesses _processes = new(settings.ServicesControlGroup);

    /// <summary>Refuses for the first reason found, cheapest first; or gives the plan.</summary>
    public async Task<PreviewOutcome> RunAsync(Toplevel toplevel, IDeploymentLog log, CancellationToken cancellationToken)
    {
        var host = links.Read();
        var failure = await OtherSwitchAsync(cancellationToken)
            ?? FreeSpace.Lacking(settings.StoreDirectory, settings.MinimumStoreFree)
            ?? (Failure?)FreeSpace.Lacking(settings.BootDirectory, settings.MinimumBootFree)
            ?? Inhibited(host.Running, toplevel);
        if (failure is not null)
        {
            return new PreviewOutcome.Refused(failure);
        }

        // The store is asked while the system's own program runs: neither changes anything.
        var closures = _closures.CompareAsync(host, toplevel, cancellationToken);
        var units = UnitsAsync(toplevel, log, cancellationToken);
        await Task.WhenAll(closures, units);
        var (plan, refused) = await units;
        return refused is not null ? new PreviewOutcome.Refused(refused) : new PreviewOutcome.Ready((await closures).AddedTo(plan));
    }

    private async Task<Failure?> OtherSwitchAsync(CancellationToken cancellationToken)
    {
        if (SwitchLock.IsHeld(settings.SwitchLockFile))
        {
            return new Failure.AnotherSwitchRuns("switch-to-configuration");
        }

        if (!Directory.Exists(settings.SystemdDirectory) || _processes.Any(NixCommands.RebuildUnit) is false)
        {
            return null;
        }

        var shown = await runner.RunAsync(NixCommands.ShowUnit(NixCommands.RebuildUnit), cancellationToken);
        return shown is ProcessOutcome.Exited { Succeeded: true } e && UnitState.Parse(e.Output) is { IsUnderWay: true }
            ? new Failure.AnotherSwitchRuns(NixCommands.RebuildUnit)
            : null;
    }

    private static Failure.SwitchInhibited? Inhibited(Toplevel? running, Toplevel toplevel) =>
        running is { } current && SwitchInhibitors.Between(current, toplevel) is { IsEmpty: false } differing ? new Failure.SwitchInhibited(differing) : null;

    // The pre-switch checks run before it, as before every action but without touching anything.
    private async Task<(SystemPlan Plan, Failure? Refused)> UnitsAsync(Toplevel toplevel, IDeploymentLog log, CancellationToken cancellationToken)
    {
        var end = await DryActivateAsync(toplevel, log, cancellationToken);
        if (end is null or { Code: 0 })
        {
            return (end is null ? new SystemPlan() : DryActivation.Parse(end.Output), null);
        }

        if (Refusal(end) is { } refused)
        {
            return (new SystemPlan(), refused);
        }

        if (!end.Output.Contains("Usage:", StringComparison.OrdinalIgnoreCase))
        {
            log.Write($"dry-activate ended with exit {end.Code}; going on without it");
        }

        return (DryActivation.Parse(end.Output), null);
    }

    // A refusal in its own words. An older program that does not know the action answers with its usage: that refuses nothing.
    private static Failure? Refusal(DetachedEnd.Exited end) => end switch
    {
        { Code: 0 } => null,
        _ when SwitchExit.IsLockHeld(end) => new Failure.AnotherSwitchRuns("switch-to-configuration"),
        _ when end.Output.Contains("Pre-switch check", StringComparison.Ordinal) => new Failure.PreSwitchCheckFailed(Excerpt.OfActivation(end.Output)),
        _ => null,
    };

    private async Task<DetachedEnd.Exited?> DryActivateAsync(Toplevel toplevel, IDeploymentLog log, CancellationToken cancellationToken)
    {
        var lines = new LineLog(log);
        var request = NixCommands.DryActivate(toplevel, settings.ActivationTimeout).WithNixEnvironment();
        var outcome = await runner.RunAsync(request with { KeepCharacters = 128 * 1024, OnLine = line => lines.Write(line.Text) }, cancellationToken);
        if (outcome is ProcessOutcome.Exited exited)
        {
            return new DetachedEnd.Exited(exited.Code, exited.Output + exited.Error);
        }

        log.Write(PlainText.Line(outcome.Describe("switch-to-configuration dry-activate")) + "; going on without it");
        return null;
    }
}
