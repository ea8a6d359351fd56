using Reconciler.Adapters.Processes;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Adapters.Nix;

/// <summary>
/// Compares by reading: the store is asked for packages and sizes, and unit files are read. No program, script or check of the other system is
/// run, and no link out of the store is followed.
/// </summary>
/// <remarks>See <see cref="UnitComparison"/> for what cannot be known this way. Reboot reasons are told against what was booted.</remarks>
internal sealed class SystemComparison : ISystemComparison
{
    private readonly SystemLinks _links;
    private readonly UnitFolder _units;
    private readonly ClosureComparison _closures;

    /// <param name="settings">Where the store and the link to the booted system are.</param>
    /// <param name="runner">Runs this host's own nix.</param>
    public SystemComparison(NixHostSettings settings, IProcessRunner runner)
    {
        var store = new StoreFiles(settings.StoreDirectory);
        _links = new SystemLinks(settings);
        _units = new UnitFolder(store);
        _closures = new ClosureComparison(store, runner);
    }

    /// <inheritdoc/>
    public async Task<SystemPlan> CompareAsync(Toplevel running, Toplevel toplevel, CancellationToken cancellationToken)
    {
        var closures = _closures.CompareAsync(_links.Read() with { Running = running }, toplevel, cancellationToken);
        var units = await Task.Run(() => UnitComparison.Between(_units.Read(running), _units.Read(toplevel)), cancellationToken);
        return (await closures).AddedTo(units);
    }
}
