using System.Collections.Immutable;
using Reconciler.Model;

namespace Reconciler.Adapters.Health;

/// <summary>What one probe saw.</summary>
/// <param name="Holds">Whether it is what was wanted.</param>
/// <param name="Detail">What was seen, and what was wanted if that differs.</param>
internal sealed record Sighting(bool Holds, string Detail)
{
    /// <summary>Units to blame; none unless something is wrong with them.</summary>
    public ImmutableArray<string> Units { get; init; } = [];

    /// <summary>What was wanted was seen.</summary>
    public static Sighting Good(string detail) => new(true, detail);

    /// <summary>Something else was seen.</summary>
    public static Sighting Bad(string detail) => new(false, detail);

    /// <summary>Nothing was seen in the time allowed.</summary>
    public static Sighting NoAnswer(TimeSpan limit) => Bad($"no answer within {FailureText.Duration(limit)}");
}
