using System.Text;
using System.Text.RegularExpressions;
using Reconciler.Model;

namespace Reconciler.Adapters.Forge;

/// <summary>Makes text from outside safe to show and to commit: bounded, without control characters, without words that machines obey.</summary>
internal static partial class PlainText
{
    /// <summary>One line: terminal sequences, control and invisible characters go, runs of white space become one space.</summary>
    /// <param name="text">Any text, of any length.</param>
    /// <param name="limit">At most this many characters are kept, the mark of the cut included.</param>
    public static string Line(string? text, int limit) => Clean(text, limit, foldsSpace: true);

    /// <summary>Lines of a block, oldest first, their spacing kept; at most the last <paramref name="limit"/>, and empty ones left out.</summary>
    public static IReadOnlyList<string> LastLines(IEnumerable<string> lines, int limit, int width) =>
        [.. lines
            .SelectMany(line => line.Split('\n'))
            .Select(line => Clean(line, width, foldsSpace: false).TrimEnd())
            .Where(line => line.Length > 0)
            .TakeLast(limit)];

    /// <summary>
    /// A line for a commit message. Forges act on what they find in one: they close issues, notify people and skip checks. Quoted text must not
    /// do that, so the words are kept and the signs that make them work are set apart.
    /// </summary>
    public static string Quoted(string line)
    {
        var text = IssueNumber().Replace(line, "# ");
        text = Reference().Replace(text, " ");
        text = Mention().Replace(text, "@ ");
        text = SkipMark().Replace(text, "[ ");
        return text.Replace("***NO_CI***", "** NO_CI **", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Breaks a text into lines of at most <paramref name="width"/> characters where its spaces allow.</summary>
    public static IEnumerable<string> Wrap(string text, int width, string firstIndent = "", string indent = "")
    {
        var line = new StringBuilder(firstIndent);
        var isEmpty = true;
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!isEmpty && line.Length + 1 + word.Length > width)
            {
                yield return line.ToString();
                line.Clear().Append(indent);
                isEmpty = true;
            }

            if (!isEmpty)
            {
                line.Append(' ');
            }

            line.Append(word);
            isEmpty = false;
        }

        if (!isEmpty)
        {
            yield return line.ToString();
        }
    }

    private static string Clean(string? text, int limit, bool foldsSpace)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        // A text much longer than what is kept is not looked at to its end.
        var isLong = text.Length > (8 * limit) + 256;
        var line = Printable.Line(Printable.WithoutTerminalSequences(isLong ? text[..((8 * limit) + 256)] : text), limit, unseen: "", foldsSpace);
        return isLong && !line.EndsWith(Printable.CutMark) ? Printable.Cut(new StringBuilder(line), limit).ToString() : line;
    }

    [GeneratedRegex("#(?=[0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex IssueNumber();

    // The same in other spellings: GH-12, !12 for a merge request, and the whole address of an issue.
    [GeneratedRegex(
        "(?<=\\bGH-|!|/(?:issues|pull|pulls|merge_requests|work_items)/)(?=[0-9])", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Reference();

    [GeneratedRegex("(?<![A-Za-z0-9_./-])@(?=[A-Za-z0-9_])", RegexOptions.CultureInvariant)]
    private static partial Regex Mention();

    [GeneratedRegex(@"\[(?=\s*(?:skip|no|ci|actions)[ -](?:ci|skip|actions)\s*\])", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex SkipMark();
}
