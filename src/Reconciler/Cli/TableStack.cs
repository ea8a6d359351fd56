namespace Reconciler.Cli;

/// <summary>A table for a narrow screen: the cells of a row one below the other. Pure.</summary>
internal static class TableStack
{
    private const int Gap = 2;
    private const int LeastRoom = 20;

    /// <summary>Whether a table has too little room for its last column, beside the others.</summary>
    public static bool IsNeeded(PageBlock.Table table, int width)
    {
        var widths = table.Widths();
        return width - widths.SkipLast(1).Sum(column => column + Gap) - Gap < Math.Min(widths[^1], LeastRoom);
    }

    /// <summary>The rows, each on lines of its own: what it is, and below it what its last column says.</summary>
    public static IEnumerable<PageBlock> Of(PageBlock.Table table) => table.Rows.SelectMany(row => new PageBlock[]
    {
        new PageBlock.Wrapped(string.Join("  ", row.Cells.SkipLast(1).Where(cell => cell.Length > 0)), Gap, row.Ink, int.MaxValue, Gap),
        new PageBlock.Wrapped(row.Cells[^1], 2 * Gap, row.Ink, int.MaxValue, 0),
    });
}
