using System.Collections.Immutable;
using Reconciler.Adapters.Processes;
using Reconciler.Model;

namespace Reconciler.Adapters.Nix;

/// <summary>Compares two systems by what the store knows of them. Runs nothing of either.</summary>
internal sealed class ClosureComparison(StoreFiles store, IProcessRunner runner)
{
    /// <summary>Compares; what the store does not answer is left out.</summary>
    /// <param name="host">What runs and what was booted.</param>
    /// <param name="toplevel">The other system.</param>
    /// <param name="cancellationToken">Ends the comparison.</param>
    public async Task<ClosureChanges> CompareAsync(HostState host, Toplevel toplevel, CancellationToken cancellationToken)
    {
        var packages = PackagesAsync(host.Running, toplevel, cancellationToken);
        var bytes = await SizesAsync(host.Running, toplevel, cancellationToken);
        return new ClosureChanges(
            await packages,
            bytes.TryGetValue(toplevel.Path, out var after) ? after : null,
            host.Running is { } running && bytes.TryGetValue(running.Path, out var before) ? before : null,
            RebootReasons.Between(store, host.Booted, toplevel));
    }

    private async Task<ImmutableArray<PackageChange>> PackagesAsync(Toplevel? running, Toplevel toplevel, CancellationToken cancellationToken)
    {
        if (running is not { } current || current == toplevel)
        {
            return [];
        }

        var outcomes = await Task.WhenAll(
            runner.RunAsync(NixCommands.Closure(current).WithNixEnvironment(), cancellationToken),
            runner.RunAsync(NixCommands.Closure(toplevel).WithNixEnvironment(), cancellationToken));
        return outcomes is [ProcessOutcome.Exited { Succeeded: true } old, ProcessOutcome.Exited { Succeeded: true } fresh]
            ? ClosureDiff.Between(old.Output, fresh.Output)
            : [];
    }

    private async Task<IReadOnlyDictionary<string, long>> SizesAsync(Toplevel? running, Toplevel toplevel, CancellationToken cancellationToken)
    {
        var asked = NixCommands.ClosureSizes(running is { } current && current != toplevel ? [current, toplevel] : [toplevel]);
        return await runner.RunAsync(asked.WithNixEnvironment(), cancellationToken) is ProcessOutcome.Exited { Succeeded: true } e
            ? ClosureSizes.Parse(e.Output)
            : ImmutableDictionary<string, long>.Empty;
    }
}
