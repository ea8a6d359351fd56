using System.Collections.Immutable;

namespace Reconciler.Model;

/// <summary>The last journal lines of the units a failure blames. Hostile text, cut to a bounded length where it is read.</summary>
/// <param name="Units">One part a unit.</param>
internal sealed record JournalExcerpt(ImmutableArray<UnitJournal> Units)
{
    /// <summary>Nothing to quote.</summary>
    public static JournalExcerpt None { get; } = new(ImmutableArray<UnitJournal>.Empty);
}

/// <summary>The last journal lines of one unit, oldest first.</summary>
internal sealed record UnitJournal(string Unit, ImmutableArray<string> Lines);
