using System.Globalization;

namespace Reconciler.Adapters.Nix;

/// <summary>Reads what <c>nix path-info --closure-size</c> says: a path and a number of bytes a line.</summary>
internal static class ClosureSizes
{
    /// <summary>Bytes by store path; lines that are not understood are left out.</summary>
    public static IReadOnlyDictionary<string, long> Parse(string output)
    {
        var sizes = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var line in output.Split('\n'))
        {
            if (line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is [var path, var bytes]
                && long.TryParse(bytes, NumberStyles.None, CultureInfo.InvariantCulture, out var size))
            {
                sizes[path] = size;
            }
        }

        return sizes;
    }
}
