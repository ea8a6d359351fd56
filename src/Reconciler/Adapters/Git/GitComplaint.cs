using Reconciler.Model;

namespace Reconciler.Adapters.Git;

/// <summary>Picks out of git's standard error what a person wants to read.</summary>
internal static class GitComplaint
{
    private const int MostLines = 3;

    /// <summary>The lines git marks as errors, or else its last line; in one line, with control characters taken out.</summary>
    public static string Of(string error)
    {
        var lines = error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var marked = lines.Where(IsMarked).Take(MostLines).ToArray();
        var chosen = marked.Length > 0 ? string.Join("; ", marked) : lines.LastOrDefault() ?? "no message";
        return OneLine.Of(chosen, 400);
    }

    private static bool IsMarked(string line) =>
        line.StartsWith("fatal:", StringComparison.Ordinal)
        || line.StartsWith("error:", StringComparison.Ordinal)
        || line.StartsWith("remote:", StringComparison.Ordinal)
        || line.StartsWith("ssh:", StringComparison.Ordinal)
        || line.Contains("Permission denied", StringComparison.Ordinal)
        || line.Contains("Host key verification failed", StringComparison.Ordinal);
}
