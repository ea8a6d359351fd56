using Reconciler.Adapters.Processes;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Adapters.Nix;

/// <summary>Looks at what a system would change, and whether the host can take it. Changes nothing.</summary>
internal sealed class HostPreview(NixHostSettings settings, SystemLinks links, IProcessRunner runner)
{
    private readonly ClosureComparison _closures = new(new StoreFiles(settings.StoreDirectory), runner);

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

        if (!Directory.Exists(settings.SystemdDirectory))
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

    private async Task<Failure?> CheckAsync(Toplevel toplevel, IDeploymentLog log, CancellationToken cancellationToken) =>
        await RunSwitchAsync(NixCommands.Check(toplevel, settings.ActivationTimeout), log, quiet: true, cancellationToken) is { } end
            ? Refusal(end) ?? Unclear(end, log, "check")
            : null;

    // One after the other: both take the switch's lock.
    private async Task<(SystemPlan Plan, Failure? Refused)> UnitsAsync(Toplevel toplevel, IDeploymentLog log, CancellationToken cancellationToken)
    {
        if (await CheckAsync(toplevel, log, cancellationToken) is { } unfit)
        {
            return (new SystemPlan(), unfit);
        }

        var end = await RunSwitchAsync(NixCommands.DryActivate(toplevel, settings.ActivationTimeout), log, quiet: false, cancellationToken);
        if (end is null or { Code: 0 })
        {
            return (end is null ? new SystemPlan() : DryActivation.Parse(end.Output), null);
        }

        return (DryActivation.Parse(end.Output), Refusal(end) ?? Unclear(end, log, "dry-activate"));
    }

    // A refusal in its own words. An older program that does not know the action answers with its usage: that refuses nothing.
    private static Failure? Refusal(DetachedEnd.Exited end) => end switch
    {
        { Code: 0 } => null,
        _ when SwitchExit.IsLockHeld(end) => new Failure.AnotherSwitchRuns("switch-to-configuration"),
        _ when end.Output.Contains("Pre-switch check", StringComparison.Ordinal) => new Failure.PreSwitchCheckFailed(Excerpt.OfActivation(end.Output)),
        _ => null,
    };

    private static Failure? Unclear(DetachedEnd.Exited end, IDeploymentLog log, string action)
    {
        if (end.Code != 0 && !end.Output.Contains("Usage:", StringComparison.OrdinalIgnoreCase))
        {
            log.Write($"{action} ended with exit {end.Code}; going on without it");
        }

        return null;
    }

    private async Task<DetachedEnd.Exited?> RunSwitchAsync(ProcessRequest request, IDeploymentLog log, bool quiet, CancellationToken cancellationToken)
    {
        var lines = new LineLog(log);
        var outcome = await runner.RunAsync(
            request.WithNixEnvironment() with { KeepCharacters = 128 * 1024, OnLine = quiet ? null : line => lines.Write(line.Text) }, cancellationToken);
        if (outcome is not ProcessOutcome.Exited exited)
        {
            log.Write(PlainText.Line(outcome.Describe($"switch-to-configuration {request.Arguments[0]}")) + "; going on without it");
            return null;
        }

        var output = exited.Output + exited.Error;
        if (quiet && exited.Code != 0 && !output.Contains("Usage:", StringComparison.OrdinalIgnoreCase))
        {
            foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                lines.Write(line);
            }
        }

        return new DetachedEnd.Exited(exited.Code, output);
    }
}
