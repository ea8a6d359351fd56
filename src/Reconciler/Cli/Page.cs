namespace Reconciler.Cli;

/// <summary>Text for a person, before it is drawn: labelled lines that wrap, and tables. Knows neither width nor colour.</summary>
internal sealed class Page
{
    private readonly List<PageBlock> _blocks = [];

    /// <summary>What stands on it, from top to bottom.</summary>
    public IReadOnlyList<PageBlock> Blocks => _blocks;

    /// <summary>A line that is not wrapped.</summary>
    /// <param name="text">Already clean of control characters.</param>
    /// <param name="ink">Its ink.</param>
    public Page Line(string text = "", Ink ink = Ink.None) => Add(new PageBlock.Line(text, ink));

    /// <summary>Text that wraps, every line of it indented.</summary>
    /// <param name="text">The text.</param>
    /// <param name="indent">Columns before each line.</param>
    /// <param name="ink">Its ink.</param>
    /// <param name="most">Lines at most.</param>
    /// <param name="hang">Columns more before every line but the first, so that they stand below its words and not below its mark.</param>
    public Page Wrapped(string text, int indent, Ink ink = Ink.None, int most = int.MaxValue, int hang = 0) =>
        Add(new PageBlock.Wrapped(Plain.Line(text), indent, ink, most, hang));

    /// <summary>A label and its text, which wraps beside it; nothing when the text is empty.</summary>
    public Page Field(string label, string? text, Ink ink = Ink.None, int most = int.MaxValue) =>
        string.IsNullOrEmpty(text) ? this : Add(new PageBlock.Field(label, Plain.Line(text), ink, most));

    /// <summary>Rows under headings; the last column takes what is left of the width.</summary>
    public Page Table(IReadOnlyList<string> headings, IEnumerable<(Ink Ink, string[] Cells)> rows, bool wraps = false) =>
        Add(new PageBlock.Table([.. headings], [.. rows.Select(row => new TableRow(row.Ink, [.. row.Cells.Select(cell => Plain.Line(cell))]))], wraps));

    /// <summary>The page as plain text.</summary>
    /// <param name="width">Columns.</param>
    public string Draw(int width) => PlainDrawing.Of(this, width);

    private Page Add(PageBlock block)
    {
        _blocks.Add(block);
        return this;
    }
}
