using System.Globalization;
using System.Text;

namespace Webhooks;

/// <summary>Makes outside text fit for a log line.</summary>
internal static class CleanText
{
    /// <summary>The text without control, format and other invisible characters, cut to at most <paramref name="limit"/> characters.</summary>
    public static string Of(string text, int limit)
    {
        var clean = new StringBuilder(Math.Min(text.Length, limit));
        Span<char> characters = stackalloc char[2];
        foreach (var rune in text.EnumerateRunes())
        {
            if (clean.Length + rune.Utf16SequenceLength > limit)
            {
                break;
            }

            if (!IsInvisible(rune))
            {
                clean.Append(characters[..rune.EncodeToUtf16(characters)]);
            }
        }

        return clean.ToString();
    }

    // Escape sequences can rewrite a terminal, and direction marks can make a line read as what it does not say.
    private static bool IsInvisible(Rune rune) =>
        rune == Rune.ReplacementChar
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate;
}
