using System.Globalization;
using System.Text;

namespace Reconciler.Cli;

/// <summary>Makes text from outside safe to print on a terminal.</summary>
internal static class Plain
{
    /// <summary>One line without control characters, cut to a length.</summary>
    public static string Line(string text, int longest = int.MaxValue)
    {
        var line = new StringBuilder(Math.Min(text.Length, 256));
        foreach (var rune in text.EnumerateRunes())
        {
            line.Append(rune.Value is '\n' or '\t' ? " " : IsSafe(rune) ? rune.ToString() : "\uFFFD");
        }

        return Cut(line.ToString().Trim(), longest);
    }

    /// <summary>A line of a log: colours and other escapes are taken out, tabs stay.</summary>
    public static string LogLine(string text)
    {
        if (text.All(c => c is '\t' or (>= ' ' and < '\x7f')))
        {
            return text;
        }

        var line = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\e' && i + 1 < text.Length && text[i + 1] == '[')
            {
                // A control sequence goes up to its final byte.
                for (i += 2; i < text.Length && text[i] is >= ' ' and < '@'; i++)
                {
                }

                continue;
            }

            if (Rune.TryGetRuneAt(text, i, out var rune))
            {
                line.Append(rune.Value == '\t' || IsSafe(rune) ? rune.ToString() : "");
                i += rune.Utf16SequenceLength - 1;
            }
        }

        return line.ToString();
    }

    /// <summary>The first characters, with … where something is missing.</summary>
    public static string Cut(string text, int longest) => text.Length <= longest ? text : text[..Math.Max(0, longest - 1)].TrimEnd() + "…";

    // Formatting characters can turn a line around (bidirectional overrides) or hide part of it.
    private static bool IsSafe(Rune rune) => Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate);
}
