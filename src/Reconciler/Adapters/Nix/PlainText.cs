using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Reconciler.Adapters.Nix;

/// <summary>Makes one harmless line of what a program printed.</summary>
internal static partial class PlainText
{
    /// <summary>Longest line that is passed on.</summary>
    public const int LongestLine = 1000;

    /// <summary>Takes out terminal sequences, control characters and characters that reorder text; tabs become a space; cuts.</summary>
    public static string Line(string raw, int longest = LongestLine)
    {
        var text = raw.Contains('\e', StringComparison.Ordinal) ? TerminalSequence().Replace(raw, "") : raw;
        var clean = new StringBuilder(Math.Min(text.Length, longest + 1));
        foreach (var rune in text.EnumerateRunes())
        {
            if (clean.Length >= longest)
            {
                return clean.Append('…').ToString();
            }

            switch (Rune.GetUnicodeCategory(rune))
            {
                case UnicodeCategory.Control when rune.Value == '\t':
                    clean.Append(' ');
                    break;
                case UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator:
                    break;
                default:
                    clean.Append(rune.ToString());
                    break;
            }
        }

        return clean.ToString().TrimEnd();
    }

    // CSI, OSC (ended by BEL or ST), and the two-character sequences.
    [GeneratedRegex(@"\e(\[[0-?]*[ -/]*[@-~]|\][^\a\e]*(\a|\e\\)?|[ -/]*[0-~])", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex TerminalSequence();
}
