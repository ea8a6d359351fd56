using Reconciler.Model;

namespace Reconciler.Ports;

/// <summary>Compares a system with the one that runs, without running anything of it: for systems nobody has agreed to yet.</summary>
internal interface ISystemComparison
{
    /// <summary>What activating a system would change, as far as its files tell. Units are told by how they differ, not by whether they run.</summary>
    /// <param name="running">The system that runs.</param>
    /// <param name="toplevel">The other one, in the store.</param>
    /// <param name="cancellationToken">Ends the comparison.</param>
    Task<SystemPlan> CompareAsync(Toplevel running, Toplevel toplevel, CancellationToken cancellationToken);
}
