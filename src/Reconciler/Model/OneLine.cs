using System.Globalization;
using System.Text;

namespace Reconciler.Model;

/// <summary>Makes text from outside fit for one line of a report, a log or a terminal.</summary>
internal static class OneLine
{
    /// <summary>
    /// The text with every run of white space, control characters and invisible format characters made one space, and cut with '…' to at
    /// most <paramref name="limit"/> characters.
    /// </summary>
    public static string Of(string text, int limit = 300)
    {
        var line = new StringBuilder();
        var isGap = false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune) || IsInvisible(rune))
            {
                isGap = line.Length > 0;
                continue;
            }

            if (line.Length + rune.Utf16SequenceLength + (isGap ? 1 : 0) > limit)
            {
                return Cut(line, limit);
            }

            line.Append(isGap ? " " : "").Append(rune.ToString());
            isGap = false;
        }

        return line.ToString();
    }

    // Escape sequences can rewrite a terminal, and direction marks can make a line read as what it does not say.
    private static bool IsInvisible(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;

    private static string Cut(StringBuilder line, int limit)
    {
        line.Length = Math.Min(line.Length, limit - 1);
        if (line.Length > 0 && char.IsHighSurrogate(line[^1]))
        {
            line.Length--;
        }

        return line.Append('…').ToString();
    }
}
