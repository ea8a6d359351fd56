using System.Collections.Immutable;

namespace Reconciler.Cli;

/// <summary>A piece of a <see cref="Page"/>. A closed set. All text in it is clean of control characters.</summary>
internal abstract record PageBlock
{
    private PageBlock() { }

    /// <summary>One line, never wrapped: what is longer than the screen is folded by the terminal, so that it can be copied whole.</summary>
    public sealed record Line(string Text, Ink Ink) : PageBlock;

    /// <summary>Text that wraps.</summary>
    /// <param name="Text">The text.</param>
    /// <param name="Indent">Columns before each line.</param>
    /// <param name="Ink">Its ink.</param>
    /// <param name="Most">Lines at most; the last is cut.</param>
    /// <param name="Hang">Columns more before every line but the first.</param>
    public sealed record Wrapped(string Text, int Indent, Ink Ink, int Most, int Hang) : PageBlock;

    /// <summary>A label, and text that wraps beside it.</summary>
    public sealed record Field(string Label, string Text, Ink Ink, int Most) : PageBlock;

    /// <summary>Rows under headings.</summary>
    /// <param name="Headings">The names of the columns.</param>
    /// <param name="Rows">As many cells each as there are headings.</param>
    /// <param name="Wraps">Whether the last column wraps where it can; otherwise it is cut.</param>
    public sealed record Table(ImmutableArray<string> Headings, ImmutableArray<TableRow> Rows, bool Wraps) : PageBlock
    {
        /// <summary>Columns of the screen each column takes when nothing is cut.</summary>
        public ImmutableArray<int> Widths() =>
            [.. Headings.Select((heading, column) => Rows.Select(row => row.Cells[column].Length).Append(heading.Length).Max())];
    }
}
