namespace Reconciler.Adapters.Forge;

/// <summary>Takes folded parts out of a text one after the other: logs first, from their beginning, then the other parts, the last first.</summary>
internal static class FoldedText
{
    private static readonly int[] LinesKept = [24, 8, 0];

    /// <summary>Texts that are shorter each time; the last has nothing folded in it.</summary>
    public static IEnumerable<string> ShorterAndShorter(string text)
    {
        var parts = Parts(text);
        foreach (var kept in LinesKept)
        {
            for (var i = parts.Count - 1; i >= 0; i--)
            {
                if (parts[i].LogLines > kept)
                {
                    parts[i] = kept == 0 ? Part.Nothing : parts[i].WithLast(kept);
                    yield return Join(parts);
                }
            }
        }

        for (var i = parts.Count - 1; i >= 0; i--)
        {
            if (parts[i].IsFolded)
            {
                parts[i] = Part.Nothing;
                yield return Join(parts);
            }
        }
    }

    private static string Join(IEnumerable<Part> parts) => string.Join("\n\n", parts.Select(part => part.ToString()).Where(text => text.Length > 0));

    private static List<Part> Parts(string text)
    {
        var parts = new List<Part>();
        var reader = new MarkdownLines();
        var lines = new List<string>();
        foreach (var line in text.Split('\n'))
        {
            var wasFolded = reader.IsFolded;
            reader.Read(line);
            if (reader.IsFolded && !wasFolded)
            {
                parts.Add(new Part([.. lines], IsFolded: false));
                lines.Clear();
            }

            lines.Add(line);
            if (wasFolded && !reader.IsFolded)
            {
                parts.Add(new Part([.. lines], IsFolded: true));
                lines.Clear();
            }
        }

        parts.Add(new Part([.. lines], reader.IsFolded));
        return parts;
    }

    /// <summary>Some lines, folded away or not.</summary>
    private sealed record Part(string[] Lines, bool IsFolded)
    {
        private const string LogFence = "text";
        private const string Left = "(earlier lines are left out)";

        public static Part Nothing { get; } = new([], IsFolded: false);

        // A log is a fold with one fence that is said to be text.
        private int FenceBegin => IsFolded ? Array.FindIndex(Lines, line => line.StartsWith("```", StringComparison.Ordinal) && line.TrimStart('`') == LogFence) : -1;

        private int FenceEnd => Array.LastIndexOf(Lines, Lines[FenceBegin][..^LogFence.Length]);

        public int LogLines => FenceBegin < 0 ? 0 : FenceEnd - FenceBegin - 1;

        public Part WithLast(int kept) => this with { Lines = [.. Lines[..(FenceBegin + 1)], Left, .. Lines[(FenceEnd - kept + 1)..]] };

        public override string ToString() => string.Join('\n', Lines).Trim('\n');
    }
}
