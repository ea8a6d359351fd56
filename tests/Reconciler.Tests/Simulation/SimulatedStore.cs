using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Tests.Simulation;

/// <summary>
/// What a power cut leaves of systems that had not been flushed: some are damaged, and still count as built. Some of that damage a look at what is
/// new does not find, as when the clock was set meanwhile. It is remembered on disk that the store is suspect.
/// </summary>
internal sealed class SimulatedStore(Chance chance, int seed) : IStoreCare
{
    private readonly Random _dice = new(unchecked(seed * 43) + 7);
    private readonly Dictionary<Toplevel, Damage> _damaged = [];

    public bool IsSuspect { get; private set; }

    /// <summary>Systems that were removed, and must be built again to be there.</summary>
    public HashSet<Toplevel> Removed { get; } = [];

    public bool IsDamaged(Toplevel toplevel) => _damaged.ContainsKey(toplevel);

    /// <summary>How often a build came upon damage.</summary>
    public int Met { get; private set; }

    /// <summary>How often damage was removed.</summary>
    public int Mended { get; private set; }

    /// <summary>The power fails, and some of what was not flushed is lost.</summary>
    public void LosePower(IEnumerable<Toplevel> unflushed)
    {
        IsSuspect = true;
        foreach (var toplevel in unflushed.Where(_ => _dice.Next(2) == 0))
        {
            _damaged[toplevel] = _dice.Next(6) == 0 ? Damage.Hidden : Damage.Plain;
        }
    }

    /// <summary>What a build gives that comes upon damage: Nix says so, unless the damage is new, which may look like anything.</summary>
    public Failure? DamageMetBuilding(Toplevel toplevel)
    {
        if (!_damaged.TryGetValue(toplevel, out var damage))
        {
            return null;
        }

        Met++;
        return damage == Damage.Hidden
            ? new Failure.BuildInterrupted(WorldTrouble.StoreDamaged, "error: error parsing derivation")
            : new Failure.BuildFailed("error: builder failed to produce output path");
    }

    public Task<StoreLook> MendAsync(IReadOnlyCollection<Toplevel> keep, bool everything, CancellationToken cancellationToken)
    {
        if (chance.Strikes("before the store is mended"))
        {
            return Chance.Never<StoreLook>();
        }

        if (_dice.NextDouble() < chance.Trouble)
        {
            return Task.FromResult<StoreLook>(new StoreLook.Failed(new Failure.HostToolFailed("nix", "database is locked")));
        }

        var found = _damaged.Where(damage => everything || damage.Value == Damage.Plain).Select(damage => damage.Key).ToList();
        if (found.Any(keep.Contains))
        {
            throw new BrokenInvariantException("no system that is kept is ever damaged, since it was flushed");
        }

        var held = found.Where(_ => _dice.NextDouble() < chance.Trouble).ToList();
        foreach (var removed in found.Except(held))
        {
            _damaged.Remove(removed);
            Removed.Add(removed);
            Mended++;
        }

        return chance.Strikes("after the store was mended")
            ? Chance.Never<StoreLook>()
            : Task.FromResult<StoreLook>(new StoreLook.Done(
                found.Count, found.Count - held.Count, [.. found.Select(path => path.Path)],
                held.Count == 0 ? null : new StoreDamage([.. held.Select(path => path.Path)], held.Count, OfSystem: false)));
    }

    public Task ConcludeAsync(CancellationToken cancellationToken)
    {
        IsSuspect = false;
        return Task.CompletedTask;
    }

    private enum Damage
    {
        Plain,
        Hidden,
    }
}
