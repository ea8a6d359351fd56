using System.Text;

namespace Reconciler.Cli;

/// <summary>Puts text together for a terminal of some width: labelled lines that wrap, and tables that are cut.</summary>
internal sealed class Page(int width, bool colour)
{
    private const int LabelWidth = 12;
    private readonly StringBuilder _text = new();

    /// <summary>The inks.</summary>
    public enum Ink
    {
        /// <summary>As it is.</summary>
        None,

        /// <summary>Stands out.</summary>
        Bold,

        /// <summary>Steps back.</summary>
        Faint,

        /// <summary>All is well.</summary>
        Good,

        /// <summary>Worth a look.</summary>
        Warn,

        /// <summary>Something is wrong.</summary>
        Bad,
    }

    /// <summary>Columns.</summary>
    public int Width { get; } = width;

    /// <summary>A line.</summary>
    public Page Line(string text = "", Ink ink = Ink.None)
    {
        _text.Append(Paint(text, ink)).Append('\n');
        return this;
    }

    /// <summary>Text that wraps, every line of it indented.</summary>
    public Page Wrapped(string text, int indent, Ink ink = Ink.None, int most = int.MaxValue)
    {
        foreach (var line in Wrap(Plain.Line(text), Width - indent, most))
        {
            _text.Append(' ', indent);
            Line(line, ink);
        }

        return this;
    }

    /// <summary>A label and its text, which wraps beside it; nothing when the text is empty.</summary>
    public Page Field(string label, string? text, Ink ink = Ink.None, int most = int.MaxValue)
    {
        if (string.IsNullOrEmpty(text))
        {
            return this;
        }

        var first = true;
        foreach (var line in Wrap(Plain.Line(text), Width - LabelWidth - 2, most))
        {
            _text.Append("  ").Append(Paint((first ? label : "").PadRight(LabelWidth), Ink.Faint));
            Line(line, ink);
            first = false;
        }

        return this;
    }

    /// <summary>Rows under headings; the last column takes what is left of the width.</summary>
    public Page Table(IReadOnlyList<string> headings, IEnumerable<(Ink Ink, string[] Cells)> rows)
    {
        var all = rows.Select(row => (row.Ink, Cells: row.Cells.Select(cell => Plain.Line(cell)).ToArray())).ToList();
        var widths = headings.Select((heading, column) => all.Select(row => row.Cells[column].Length).Append(heading.Length).Max()).ToArray();
        Line(Row([.. headings], widths), Ink.Faint);
        foreach (var (ink, cells) in all)
        {
            Line(Row(cells, widths), ink);
        }

        return this;
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    private string Row(string[] cells, int[] widths)
    {
        var line = new StringBuilder(" ");
        for (var column = 0; column < cells.Length; column++)
        {
            line.Append(' ').Append(column == cells.Length - 1 ? cells[column] : cells[column].PadRight(widths[column] + 1));
        }

        return Plain.Cut(line.ToString().TrimEnd(), Width);
    }

    private string Paint(string text, Ink ink) => !colour || ink == Ink.None || text.Length == 0
        ? text
        : ink switch
        {
            Ink.Bold => $"\e[1m{text}\e[0m",
            Ink.Faint => $"\e[2m{text}\e[0m",
            Ink.Good => $"\e[32m{text}\e[0m",
            Ink.Warn => $"\e[33m{text}\e[0m",
            _ => $"\e[31m{text}\e[0m",
        };

    private static IEnumerable<string> Wrap(string text, int width, int most)
    {
        var lines = 0;
        while (text.Length > width && lines < most - 1)
        {
            // A word longer than a line, such as a store path, is left whole so that it can be copied; the terminal folds it.
            var at = text.LastIndexOf(' ', width) is var before and > 0 ? before : text.IndexOf(' ', width);
            if (at < 0)
            {
                break;
            }

            yield return text[..at].TrimEnd();
            text = text[at..].TrimStart();
            lines++;
        }

        yield return Plain.Cut(text, most == int.MaxValue ? int.MaxValue : width);
    }
}
