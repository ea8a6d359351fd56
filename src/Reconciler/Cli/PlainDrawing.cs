using System.Collections.Immutable;
using System.Text;

namespace Reconciler.Cli;

/// <summary>Draws pages as plain text: for pipes and files, and where the first milliseconds count. Pure.</summary>
internal static class PlainDrawing
{
    /// <summary>Draws a page.</summary>
    public static string Of(Page page, int width)
    {
        var text = new StringBuilder();
        foreach (var line in page.Blocks.SelectMany(block => Lines(block, width)))
        {
            foreach (var piece in line)
            {
                text.Append(piece.Text);
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    private static IEnumerable<InkedText[]> Lines(PageBlock block, int width) => block switch
    {
        PageBlock.Table table when TableStack.IsNeeded(table, width) => TableStack.Of(table).SelectMany(row => PageLines.Of(row, width)),
        PageBlock.Table table => Rows(table, width),
        _ => PageLines.Of(block, width),
    };

    private static IEnumerable<InkedText[]> Rows(PageBlock.Table table, int width)
    {
        var widths = table.Widths();
        return table.Rows.Prepend(new TableRow(Ink.Faint, table.Headings)).Select(row => new[] { new InkedText(Row(row, widths, width), row.Ink) });
    }

    private static string Row(TableRow row, ImmutableArray<int> widths, int width)
    {
        var line = new StringBuilder(" ");
        foreach (var (column, cell) in row.Cells.Index())
        {
            line.Append(' ').Append(column == row.Cells.Length - 1 ? cell : cell.PadRight(widths[column] + 1));
        }

        return Plain.Cut(line.ToString().TrimEnd(), width);
    }
}
