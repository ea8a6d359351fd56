using System.Collections.Immutable;

namespace Reconciler.Cli;

/// <summary>A row of a table.</summary>
/// <param name="Ink">The ink of all its cells.</param>
/// <param name="Cells">One text a column.</param>
internal sealed record TableRow(Ink Ink, ImmutableArray<string> Cells);
