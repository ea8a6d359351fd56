namespace Reconciler.Model;

/// <summary>Makes text from outside fit for one line of a report, a log or a terminal.</summary>
internal static class OneLine
{
    /// <summary>
    /// The text with every run of white space, control characters and invisible format characters made one space, and cut with '…' to at
    /// most <paramref name="limit"/> characters.
    /// </summary>
    public static string Of(string text, int limit = 300) => Printable.Line(text, limit, unseen: " ", foldsSpace: true);
}
