namespace Reconciler.Adapters.Nix;

/// <summary>Picks the lines of an output that matter to a reader. Bounded.</summary>
internal static class Excerpt
{
    private const int MostLines = 30;
    private const int MostCharacters = 4096;
    private const int LongestLine = 400;

    // Consequences of an error printed before them, or noise.
    private static readonly string[] Noise = ["Command '", "warning: Git tree", "building the system configuration", "Done. The new configuration"];

    /// <summary>The first error Nix reports, with what belongs to it; the last lines when it reports none.</summary>
    public static string OfBuild(string output)
    {
        var lines = Lines(output);
        var start = lines.FindIndex(BuildFailureClassifier.IsCause);
        return Join(start < 0 ? lines : lines[start..], keepBeginning: start >= 0);
    }

    /// <summary>
    /// The lines of a switch from the first that tells of trouble; the last lines when none does. A pre-switch check speaks before it is named,
    /// so its name is no beginning.
    /// </summary>
    public static string OfActivation(string output)
    {
        var lines = Lines(output);
        var start = lines.FindIndex(IsTrouble);
        return Join(start < 0 ? lines : lines[start..], keepBeginning: start >= 0);
    }

    private static bool IsTrouble(string line) =>
        line.StartsWith("warning: the following units failed", StringComparison.Ordinal)
        || line.StartsWith("Activation script snippet", StringComparison.Ordinal)
        || line.StartsWith("Failed ", StringComparison.Ordinal)
        || line.StartsWith("Error", StringComparison.OrdinalIgnoreCase)
        || line.Contains("cannot be switched", StringComparison.Ordinal)
        || line.Contains("Job for ", StringComparison.Ordinal);

    private static List<string> Lines(string output) =>
    [
        .. output.Split('\n').Select(line => PlainText.Line(line, LongestLine))
            .Where(line => !string.IsNullOrWhiteSpace(line) && !Noise.Any(noise => line.StartsWith(noise, StringComparison.Ordinal))),
    ];

    private static string Join(List<string> lines, bool keepBeginning)
    {
        const int head = 8;
        var kept = lines switch
        {
            { Count: <= MostLines } => lines,
            _ when keepBeginning => [.. lines[..head], "…", .. lines[^(MostLines - head - 1)..]],
            _ => lines[^MostLines..],
        };
        var text = string.Join('\n', kept);
        return text.Length <= MostCharacters ? text : "…" + text[^(MostCharacters - 1)..];
    }
}
