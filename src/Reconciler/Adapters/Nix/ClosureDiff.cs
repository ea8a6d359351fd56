using System.Collections.Immutable;
using Reconciler.Model;

namespace Reconciler.Adapters.Nix;

/// <summary>Compares two closures by package and version.</summary>
internal static class ClosureDiff
{
    private const int MostVersions = 20;

    /// <summary>At most this many changes are told; the rest is left out.</summary>
    public const int MostChanges = 1000;

    /// <summary>The packages whose presence or version differs, by name.</summary>
    /// <param name="before">Store paths of the closure that runs.</param>
    /// <param name="after">Store paths of the new closure.</param>
    public static ImmutableArray<PackageChange> Between(ImmutableArray<string> before, ImmutableArray<string> after)
    {
        var old = Versions(before);
        var new_ = Versions(after);
        return
        [
            .. old.Keys.Union(new_.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
                .Select(name => new PackageChange(name, Of(old, name), Of(new_, name)))
                .Where(change => !change.Before.SequenceEqual(change.After))
                .Take(MostChanges),
        ];
    }

    private static ImmutableArray<string> Of(Dictionary<string, SortedSet<string>> versions, string name) =>
        versions.TryGetValue(name, out var found) ? [.. found.Take(MostVersions)] : [];

    private static Dictionary<string, SortedSet<string>> Versions(ImmutableArray<string> paths)
    {
        var versions = new Dictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            if (!StorePathName.TryParse(path, out var name))
            {
                continue;
            }

            if (!versions.TryGetValue(name.Package, out var known))
            {
                versions[name.Package] = known = new SortedSet<string>(StringComparer.Ordinal);
            }

            known.Add(name.Version);
        }

        return versions;
    }
}
