using System.Collections.Immutable;

namespace Reconciler.Model;

/// <summary>What is known of the soundness of the store. A closed set.</summary>
internal abstract record StoreSighting
{
    private StoreSighting() { }

    /// <summary>Nothing speaks against it.</summary>
    public sealed record Sound : StoreSighting;

    /// <summary>The machine went down before everything built had reached the disk, or a build met a damaged path.</summary>
    public sealed record Suspect : StoreSighting;

    /// <summary>It could not be looked over; that is tried again later.</summary>
    public sealed record Unknown(Failure Cause, int Attempts, DateTimeOffset Until) : StoreSighting;

    /// <summary>Damage was found that cannot be mended here; it is looked at again later.</summary>
    public sealed record Damaged(StoreDamage Damage, DateTimeOffset Until) : StoreSighting;
}

/// <summary>Damaged store paths that could not be removed.</summary>
/// <param name="Paths">The first few of them.</param>
/// <param name="Count">How many there are.</param>
/// <param name="OfSystem">Whether one belongs to a system that runs, boots or is needed to come back to; otherwise something else on the host holds them.</param>
internal sealed record StoreDamage(ImmutableArray<string> Paths, int Count, bool OfSystem)
{
    /// <summary>One of them, for people.</summary>
    public string First => Paths.IsDefaultOrEmpty ? "a store path" : Paths[0];
}
