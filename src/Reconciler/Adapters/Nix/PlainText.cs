using System.Text;
using Reconciler.Model;

namespace Reconciler.Adapters.Nix;

/// <summary>Makes one harmless line of what a program printed.</summary>
internal static class PlainText
{
    /// <summary>Longest line that is passed on.</summary>
    public const int LongestLine = 1000;

    /// <summary>Takes out terminal sequences, control characters and characters that reorder text; tabs become a space; cuts.</summary>
    public static string Line(string raw, int longest = LongestLine)
    {
        var text = Printable.WithoutTerminalSequences(raw);
        var clean = new StringBuilder(Math.Min(text.Length, longest + 1));
        foreach (var rune in text.EnumerateRunes())
        {
            if (clean.Length >= longest)
            {
                return clean.Append(Printable.CutMark).ToString();
            }

            clean.Append(rune.Value == '\t' ? " " : Printable.IsInvisible(rune) ? "" : rune.ToString());
        }

        return clean.ToString().TrimEnd();
    }
}
