using System.Collections.Immutable;
using Reconciler.Adapters.Processes;
using Reconciler.Model;

namespace Reconciler.Adapters.Nix;

/// <summary>Compares two systems by what the store knows of them. Runs nothing of either.</summary>
internal sealed class ClosureComparison(StoreFiles store, IProcessRunner runner)
{
    // What was compared last is, as a rule, what runs when the next one comes.
    private Known? _last;

    /// <summary>Compares; what the store does not answer is left out.</summary>
    /// <param name="host">What runs and what was booted.</param>
    /// <param name="toplevel">The other system.</param>
    /// <param name="cancellationToken">Ends the comparison.</param>
    public async Task<ClosureChanges> CompareAsync(HostState host, Toplevel toplevel, CancellationToken cancellationToken)
    {
        var fresh = ReadAsync(toplevel, cancellationToken);
        var before = host.Running is not { } running ? null : running == toplevel ? await fresh : await ReadAsync(running, cancellationToken);
        var after = await fresh;
        _last = after is null ? _last : new Known(toplevel, after);
        return new ClosureChanges(
            before is not null && after is not null ? ClosureDiff.Between(before.Paths, after.Paths) : [],
            after?.Bytes, before?.Bytes, RebootReasons.Between(store, host.Booted, toplevel));
    }

    private async Task<Closure?> ReadAsync(Toplevel toplevel, CancellationToken cancellationToken)
    {
        if (_last is { } last && last.Toplevel == toplevel)
        {
            return last.Closure; // what a path in the store refers to does not change
        }

        var outcome = await runner.RunAsync(NixCommands.ClosureWithSizes(toplevel).WithNixEnvironment(), cancellationToken);
        return outcome is ProcessOutcome.Exited { Succeeded: true } told ? Closure.Parse(told.Output) : null;
    }

    private sealed record Known(Toplevel Toplevel, Closure Closure);
}
