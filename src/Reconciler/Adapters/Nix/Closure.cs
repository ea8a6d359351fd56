using System.Collections.Immutable;
using System.Globalization;

namespace Reconciler.Adapters.Nix;

/// <summary>A system with all it refers to.</summary>
/// <param name="Paths">The store paths.</param>
/// <param name="Bytes">How many bytes they take together.</param>
internal sealed record Closure(ImmutableArray<string> Paths, long Bytes)
{
    /// <summary>Reads what <c>nix path-info --recursive --size</c> says: a path and a number of bytes a line. Lines that are not understood are left out; null when none is.</summary>
    public static Closure? Parse(string output)
    {
        var (paths, bytes) = (ImmutableArray.CreateBuilder<string>(), 0L);
        foreach (var line in output.Split('\n'))
        {
            if (line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is [var path, var size]
                && long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var more))
            {
                paths.Add(path);
                bytes += more;
            }
        }

        return paths.Count == 0 ? null : new Closure(paths.DrainToImmutable(), bytes);
    }
}
