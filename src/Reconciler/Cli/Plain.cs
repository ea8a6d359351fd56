using System.Text;
using Reconciler.Model;

namespace Reconciler.Cli;

/// <summary>Makes text from outside safe to print on a terminal.</summary>
internal static class Plain
{
    /// <summary>One line without control characters, cut to a length.</summary>
    public static string Line(string text, int longest = int.MaxValue) =>
        Cut(Printable.Line(text, int.MaxValue, unseen: "\uFFFD", foldsSpace: false).Trim(), longest);

    /// <summary>A line of a log: colours and other escapes are taken out, tabs stay.</summary>
    public static string LogLine(string text)
    {
        if (text.All(c => c is '\t' or (>= ' ' and < '\x7f')))
        {
            return text;
        }

        var line = new StringBuilder(text.Length);
        foreach (var rune in Printable.WithoutTerminalSequences(text).EnumerateRunes())
        {
            line.Append(rune.Value == '\t' || !Printable.IsInvisible(rune) ? rune.ToString() : "");
        }

        return line.ToString();
    }

    /// <summary>The first characters, with … where something is missing.</summary>
    public static string Cut(string text, int longest)
    {
        if (text.Length <= longest)
        {
            return text;
        }

        var kept = Printable.Cut(new StringBuilder(text), longest);
        kept.Length--;
        return kept.ToString().TrimEnd() + Printable.CutMark;
    }
}
