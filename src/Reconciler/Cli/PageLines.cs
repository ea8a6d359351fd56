namespace Reconciler.Cli;

/// <summary>Breaks the blocks of a page that are no tables into lines. Pure.</summary>
internal static class PageLines
{
    private const int LabelWidth = 12;

    /// <summary>The lines of a block.</summary>
    public static IEnumerable<InkedText[]> Of(PageBlock block, int width) => block switch
    {
        PageBlock.Line line => [[new InkedText(line.Text, line.Ink)]],
        PageBlock.Wrapped text => Wrap(text.Text, width - text.Indent, text.Most, text.Hang)
            .Select((line, index) => new[] { new InkedText(new string(' ', text.Indent + (index == 0 ? 0 : text.Hang)), Ink.None), new InkedText(line, text.Ink) }),
        PageBlock.Field field => Wrap(field.Text, width - LabelWidth - 2, field.Most, hang: 0)
            .Select((line, index) => new[]
            {
                new InkedText("  ", Ink.None),
                new InkedText((index == 0 ? field.Label : "").PadRight(LabelWidth), Ink.Faint),
                new InkedText(line, field.Ink),
            }),
        _ => throw new ArgumentException("A table has no lines of its own.", nameof(block)),
    };

    private static IEnumerable<string> Wrap(string text, int width, int most, int hang)
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
            width -= lines++ == 0 ? hang : 0;
        }

        yield return Plain.Cut(text, most == int.MaxValue ? int.MaxValue : width);
    }
}
