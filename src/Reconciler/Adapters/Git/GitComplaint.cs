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
        return OneLine(chosen, 400);
    }

    /// <summary>Text from outside as one printable line of at most this many characters.</summary>
    public static string OneLine(string text, int limit)
    {
        var cut = text.Length > limit ? string.Concat(text.AsSpan(0, limit), "…") : text;
        return string.Create(cut.Length, cut, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(source[i]) || char.GetUnicodeCategory(source[i]) == System.Globalization.UnicodeCategory.Format ? ' ' : source[i];
            }
        });
    }

    private static bool IsMarked(string line) =>
        line.StartsWith("fatal:", StringComparison.Ordinal)
        || line.StartsWith("error:", StringComparison.Ordinal)
        || line.StartsWith("remote:", StringComparison.Ordinal)
        || line.StartsWith("ssh:", StringComparison.Ordinal)
        || line.Contains("Permission denied", StringComparison.Ordinal)
        || line.Contains("Host key verification failed", StringComparison.Ordinal);
}
