using System.Text;
using System.Text.RegularExpressions;

namespace Reconciler.Adapters.Logs;

/// <summary>Makes a line of a program's output fit to be stored and shown: no escape sequences, no control characters, bounded.</summary>
internal static partial class LogLine
{
    /// <summary>Longest line in characters.</summary>
    public const int Longest = 8 * 1024;

    /// <summary>The line, cleaned.</summary>
    public static string Clean(string line)
    {
        var text = line.Length > 4 * Longest ? line[..(4 * Longest)] : line;
        text = Escapes().Replace(text, "");
        var clean = new StringBuilder(Math.Min(text.Length, Longest) + 1);
        foreach (var rune in text.EnumerateRunes())
        {
            if (clean.Length >= Longest)
            {
                return clean.Append('…').ToString();
            }

            if (rune.Value is '\n' or '\r')
            {
                clean.Append(' ');
            }
            else if (rune.Value == '\t' || !(Rune.IsControl(rune) || TurnsText(rune)))
            {
                clean.Append(rune.ToString());
            }
        }

        return text.Length < line.Length && clean.Length == Longest ? clean.Append('…').ToString() : clean.ToString();
    }

    // Marks that change the direction of writing can make a line read as what it is not.
    private static bool TurnsText(Rune rune) => rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0x200E or 0x200F or 0x2028 or 0x2029;

    // CSI; OSC and other strings, with or without their end; two-character escapes.
    [GeneratedRegex(@"(?:\x1B\[|\x9B)[0-?]*[ -/]*[@-~]?|(?:\x1B[\]PX^_]|[\x9D\x90\x98\x9E\x9F])[^\x07\x1B\x9C]*(?:\x07|\x1B\\|\x9C)?|\x1B[ -/]*[0-~]?", RegexOptions.CultureInvariant)]
    private static partial Regex Escapes();
}
