using Spectre.Console;
using Spectre.Console.Rendering;

namespace Reconciler.Cli.Drawing;

/// <summary>Draws a page on a terminal. No text is ever read as markup.</summary>
/// <param name="page">What to draw.</param>
/// <param name="isLive">Whether it is drawn over: then every line must fit the width, or the next frame would land in the wrong place.</param>
internal sealed class PageDrawing(Page page, bool isLive) : Renderable
{
    /// <inheritdoc/>
    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth) =>
        page.Blocks.SelectMany(block => block switch
        {
            PageBlock.Table table when TableStack.IsNeeded(table, maxWidth) => TableStack.Of(table).SelectMany(row => Lines(row, maxWidth)),
            PageBlock.Table table => Segments(table, options, maxWidth),
            _ => Lines(block, maxWidth),
        });

    private IEnumerable<Segment> Lines(PageBlock block, int width)
    {
        foreach (var line in PageLines.Of(block, width))
        {
            var segments = line.Where(piece => piece.Text.Length > 0).Select(piece => new Segment(piece.Text, StyleOf(piece.Ink)));
            foreach (var segment in isLive ? Segment.Truncate(segments, width) : segments)
            {
                yield return segment;
            }

            yield return Segment.LineBreak;
        }
    }

    private static IEnumerable<Segment> Segments(PageBlock.Table table, RenderOptions options, int width)
    {
        var drawn = new Table { Border = TableBorder.Simple, UseSafeBorder = true, BorderStyle = StyleOf(Ink.Faint), ShowRowSeparators = false, Expand = false };
        foreach (var (index, heading) in table.Headings.Index())
        {
            drawn.AddColumn(new TableColumn(new Text(heading, StyleOf(Ink.Faint))) { NoWrap = index < table.Headings.Length - 1, Padding = new Padding(1, 0, 0, 0) });
        }

        foreach (var row in table.Rows)
        {
            drawn.AddRow(row.Cells.Select((cell, index) => (IRenderable)new Text(cell, StyleOf(row.Ink))
            {
                Overflow = table.Wraps && index == row.Cells.Length - 1 ? Overflow.Fold : Overflow.Ellipsis,
            }));
        }

        return Tight(((IRenderable)drawn).Render(options, width));
    }

    // A border leaves empty lines above and below, and blanks at the ends of lines, which show when text is copied.
    private static IEnumerable<Segment> Tight(IEnumerable<Segment> table)
    {
        foreach (var line in Segment.SplitLines(table))
        {
            var last = line.FindLastIndex(segment => !string.IsNullOrWhiteSpace(segment.Text));
            foreach (var (index, segment) in line.Take(last + 1).Index())
            {
                yield return index == last ? new Segment(segment.Text.TrimEnd(), segment.Style) : segment;
            }

            if (last >= 0)
            {
                yield return Segment.LineBreak;
            }
        }
    }

    private static Style StyleOf(Ink ink) => ink switch
    {
        Ink.Bold => new Style(decoration: Decoration.Bold),
        Ink.Faint => new Style(decoration: Decoration.Dim),
        Ink.Good => new Style(Color.Green),
        Ink.Warn => new Style(Color.Olive),
        Ink.Bad => new Style(Color.Maroon),
        _ => Style.Plain,
    };
}
