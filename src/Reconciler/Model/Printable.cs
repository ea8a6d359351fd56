using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Reconciler.Model;

/// <summary>What every cleaner of outside text shares: which characters are never shown, what a terminal would obey, and how to cut.</summary>
internal static partial class Printable
{
    /// <summary>What stands where something was cut away.</summary>
    public const char CutMark = '…';

    /// <summary>
    /// Whether a character shows nothing of its own: control characters rewrite a terminal, and direction marks make a line read as what it does
    /// not say.
    /// </summary>
    public static bool IsInvisible(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate;

    /// <summary>The text without colours, titles and whatever else a terminal would obey.</summary>
    public static string WithoutTerminalSequences(string text) =>
        text.Contains('\e', StringComparison.Ordinal) ? TerminalSequence().Replace(text, "") : text;

    /// <summary>The text with nothing in it that a reader does not see, in one line.</summary>
    /// <param name="text">Any text, of any length.</param>
    /// <param name="limit">At most so many characters are kept, the mark of the cut included.</param>
    /// <param name="unseen">What stands where an invisible character was: nothing, a space, or a mark.</param>
    /// <param name="foldsSpace">Whether runs of white space become one space, and none stands at an end; else each character of it becomes a space.</param>
    public static string Line(string text, int limit, string unseen, bool foldsSpace)
    {
        var line = new StringBuilder(Math.Min(text.Length, Math.Max(0, limit)));
        var gap = "";
        foreach (var rune in text.EnumerateRunes())
        {
            var shown = IsSpace(rune) ? " " : IsInvisible(rune) ? unseen : rune.ToString();
            if (shown.Length == 0 || (foldsSpace && shown == " "))
            {
                gap = shown.Length > 0 && line.Length > 0 ? " " : gap;
                continue;
            }

            if (line.Length + gap.Length + shown.Length > limit)
            {
                return Cut(line, limit).ToString();
            }

            line.Append(gap).Append(shown);
            gap = "";
        }

        return line.ToString();
    }

    /// <summary>The text made at most <paramref name="limit"/> characters long, the mark of the cut included, and never cut inside a character.</summary>
    public static StringBuilder Cut(StringBuilder text, int limit)
    {
        text.Length = Math.Clamp(limit - 1, 0, text.Length);
        if (text.Length > 0 && char.IsHighSurrogate(text[^1]))
        {
            text.Length--;
        }

        return text.Append(CutMark);
    }

    private static bool IsSpace(Rune rune) => rune.Value is '\t' or '\n' or '\r' || Rune.GetUnicodeCategory(rune) is UnicodeCategory.SpaceSeparator;

    // CSI, OSC (ended by BEL or ST), and the two-character sequences.
    [GeneratedRegex(@"\e(\[[0-?]*[ -/]*[@-~]|\][^\a\e]*(\a|\e\\)?|[ -/]*[0-~])", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex TerminalSequence();
}
