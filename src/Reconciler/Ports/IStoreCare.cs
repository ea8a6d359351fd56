using System.Collections.Immutable;
using Reconciler.Model;

namespace Reconciler.Ports;

/// <summary>
/// Finds store paths that count as valid and are damaged, as after a power cut that lost what had not been flushed, and removes them, so that they
/// are built anew.
/// </summary>
internal interface IStoreCare
{
    /// <summary>Whether the machine went down before all that was built had reached the disk, and nobody has looked the store over since. Starts no process.</summary>
    bool IsSuspect { get; }

    /// <summary>Looks the store over, and removes what is damaged with all that refers to it.</summary>
    /// <param name="keep">Systems of which nothing may be removed.</param>
    /// <param name="everything">Whether to look at the whole store, and not only at what came into it since it was flushed last.</param>
    /// <param name="cancellationToken">Ends the look; what was removed stays removed.</param>
    Task<StoreLook> MendAsync(IReadOnlyCollection<Toplevel> keep, bool everything, CancellationToken cancellationToken);

    /// <summary>What was found is written down: from here on the store counts as sound.</summary>
    Task ConcludeAsync(CancellationToken cancellationToken);
}

/// <summary>What a look over the store gave. A closed set.</summary>
internal abstract record StoreLook
{
    private StoreLook() { }

    /// <summary>It was looked over.</summary>
    /// <param name="Damaged">How many paths were damaged.</param>
    /// <param name="Removed">How many were removed: damaged ones, and what refers to them.</param>
    /// <param name="Paths">The first few of the damaged ones.</param>
    /// <param name="Left">What could not be removed; null when all is well.</param>
    public sealed record Done(int Damaged, int Removed, ImmutableArray<string> Paths, StoreDamage? Left) : StoreLook;

    /// <summary>It could not be looked over.</summary>
    public sealed record Failed(Failure Failure) : StoreLook;
}
