namespace Reconciler.Configuration;

/// <summary>Finds what somebody probably meant to write.</summary>
internal static class NearMiss
{
    /// <summary>The most alike of the known words; null when none is alike.</summary>
    public static string? Of(string word, IEnumerable<string> known)
    {
        if (word.Length is 0 or > 64)
        {
            return null;
        }

        var limit = Math.Max(1, word.Length / 3);
        var best = known
            .Select(candidate => (candidate, distance: Distance(word, candidate)))
            .OrderBy(pair => pair.distance)
            .ThenBy(pair => pair.candidate, StringComparer.Ordinal)
            .FirstOrDefault();
        return best.candidate is { } found && best.distance <= limit ? found : null;
    }

    // A letter added, left out, changed, or two neighbours swapped count one each; upper and lower case are alike.
    private static int Distance(string left, string right)
    {
        if (Word(left) == Word(right) || (left.Length >= 3 && right.StartsWith(left, StringComparison.OrdinalIgnoreCase)))
        {
            return 0;
        }

        var a = Word(left);
        var b = Word(right);
        var twoAbove = new int[b.Length + 1];
        var above = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var row = new int[b.Length + 1];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var changed = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                row[j] = Math.Min(changed, Math.Min(above[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    row[j] = Math.Min(row[j], twoAbove[j - 2] + 1);
                }
            }

            (twoAbove, above) = (above, row);
        }

        return above[b.Length];

        static string Word(string text) => text.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();
    }
}
