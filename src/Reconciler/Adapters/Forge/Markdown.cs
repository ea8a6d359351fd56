using System.Text.RegularExpressions;

namespace Reconciler.Adapters.Forge;

/// <summary>Pieces of Markdown that stay harmless whatever text is put into them.</summary>
/// <remarks>
/// Forges act on what they read: they notify whom a text mentions, close what it says it fixes, load the images it names, and obey commands at the
/// beginning of a line. Fences and code spans keep most of them from it, but not all of them from everything: GitLab looks for closing words
/// in raw descriptions. So the signs are set apart everywhere, and hidden markers cannot be written at all.
/// </remarks>
internal static partial class Markdown
{
    /// <summary>The most characters a description or comment may have, as GitHub counts; the other forges allow more.</summary>
    public const int LongestBody = 65_536;

    private const int ShortestFence = 3;

    /// <summary>One line for prose and tables; shown as it is, whatever signs it holds. Not for the beginning of a line.</summary>
    /// <param name="text">Any text, of any length.</param>
    /// <param name="limit">At most this many of its characters are kept.</param>
    public static string Text(string? text, int limit) =>
        Sign().Replace(Html(text, limit), @"\$0").Replace("|", "&vert;", StringComparison.Ordinal);

    /// <summary>One line for the inside of an HTML element, where Markdown is not read.</summary>
    public static string Html(string? text, int limit)
    {
        var line = PlainText.Quoted(PlainText.Line(text, limit))
            .Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal)
            .Replace("\\", "&bsol;", StringComparison.Ordinal)
            .Replace("://", ": //", StringComparison.Ordinal);
        return BareAddress().Replace(line, "&period;"); // no address becomes a link
    }

    /// <summary>One line as code, for prose.</summary>
    public static string Code(string? text, int limit)
    {
        var line = Inert(PlainText.Line(text, limit));
        if (line.Length == 0)
        {
            return "";
        }

        var mark = new string('`', LongestRun(line) + 1);
        var gap = line[0] == '`' || line[^1] == '`' ? " " : "";
        return $"{mark}{gap}{line}{gap}{mark}";
    }

    /// <summary>One line as code, for the cell of a table, where a bar would end the cell.</summary>
    public static string CodeCell(string? text, int limit) =>
        BackslashBeforeBar().Replace(Code(text, limit), @"\ ").Replace("|", @"\|", StringComparison.Ordinal);

    /// <summary>A block of code. The fence is longer than any run of backticks in it.</summary>
    /// <param name="lines">Cleaned lines.</param>
    /// <param name="language">Such as <c>diff</c>.</param>
    public static string Fence(IEnumerable<string> lines, string language = "text")
    {
        var body = string.Join('\n', lines.Select(Inert));
        var fence = new string('`', Math.Max(ShortestFence, LongestRun(body) + 1));
        return $"{fence}{language}\n{body}\n{fence}";
    }

    /// <summary>A block that is folded away.</summary>
    /// <param name="summary">From <see cref="Html"/>, or the house's own words.</param>
    /// <param name="body">Markdown.</param>
    public static string Details(string summary, string body) => $"{MarkdownLines.DetailsBegin}\n<summary>{summary}</summary>\n\n{body}\n\n{MarkdownLines.DetailsEnd}";

    /// <summary>Whether two texts read the same: forges change line ends, and white space at the end.</summary>
    public static bool IsSame(string? one, string? other) => Canonical(one) == Canonical(other);

    private static string Canonical(string? text) => (text ?? "").ReplaceLineEndings("\n").TrimEnd();

    // Nothing in it notifies, closes, commands, or reads as a hidden marker.
    private static string Inert(string line) => QuickAction().Replace(PlainText.Quoted(line), "/ ")
        .Replace("<!--", "<! --", StringComparison.Ordinal)
        .Replace("-->", "-- >", StringComparison.Ordinal);

    private static int LongestRun(string text)
    {
        var (longest, run) = (0, 0);
        foreach (var c in text)
        {
            run = c == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        return longest;
    }

    [GeneratedRegex(@"[`*_\[\]~$]", RegexOptions.CultureInvariant)]
    private static partial Regex Sign();

    [GeneratedRegex(@"\\(?=\|)", RegexOptions.CultureInvariant)]
    private static partial Regex BackslashBeforeBar();

    // Forges link these without a scheme.
    [GeneratedRegex(@"(?<=\bwww)\.", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex BareAddress();

    // GitLab obeys lines such as /close and /merge.
    [GeneratedRegex("^/(?=[a-z_]+(?: |$))", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex QuickAction();
}
