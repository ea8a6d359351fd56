using System.Collections.Immutable;
using System.Text;
using Reconciler.Model;

namespace Reconciler.Web.Pages;

/// <summary>The end of a log.</summary>
/// <param name="Lines">The last lines, cleaned.</param>
/// <param name="Total">How many lines there are in all.</param>
/// <param name="Grows">Whether more may come.</param>
internal sealed record LogTail(ImmutableArray<string> Lines, long Total, bool Grows)
{
    /// <summary>Lines that are kept.</summary>
    public const int Most = 200;

    /// <summary>A line of a log or a journal: colours and other escapes are taken out, tabs stay, and it is cut where no person reads on.</summary>
    public static string Clean(string line)
    {
        if (line.Length <= Longest && line.All(c => c is '\t' or (>= ' ' and < '\x7f')))
        {
            return line;
        }

        var text = new StringBuilder();
        foreach (var rune in Printable.WithoutTerminalSequences(line).EnumerateRunes())
        {
            text.Append(rune.Value == '\t' || !Printable.IsInvisible(rune) ? rune.ToString() : "");
        }

        return text.Length > Longest ? Printable.Cut(text, Longest).ToString() : text.ToString();
    }

    private const int Longest = 2000;
}
