using Reconciler.Model;

namespace Reconciler.Adapters.Nix;

/// <summary>Makes one harmless line of what a program printed.</summary>
internal static class PlainText
{
    /// <summary>Longest line that is passed on.</summary>
    public const int LongestLine = 1000;

    /// <summary>Takes out terminal sequences, control characters and characters that reorder text; white space becomes spaces; cuts.</summary>
    public static string Line(string raw, int longest = LongestLine) =>
        Printable.Line(Printable.WithoutTerminalSequences(raw), longest + 1, unseen: "", foldsSpace: false).TrimEnd();
}
