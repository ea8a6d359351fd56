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
            if (Rune.IsWhiteSpace(rune) || Printable.IsInvisible(rune))
            {
                isGap = line.Length > 0;
                continue;
            }

            if (line.Length + rune.Utf16SequenceLength + (isGap ? 1 : 0) > limit)
            {
                return Printable.Cut(line, limit).ToString();
            }

            line.Append(isGap ? " " : "").Append(rune.ToString());
            isGap = false;
        }

        return line.ToString();
    }
}
