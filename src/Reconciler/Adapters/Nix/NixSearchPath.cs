using System.Collections.Immutable;

namespace Reconciler.Adapters.Nix;

/// <summary>Where <c>&lt;nixpkgs&gt;</c> and its like are found: <c>NIX_PATH</c> and <c>-I</c>.</summary>
internal static class NixSearchPath
{
    private static readonly StoreFiles All = new("/");

    /// <summary>Where its entries lead by all their links. Restricted mode allows an entry as it is written, and then looks where it leads, as channels lead into the store.</summary>
    /// <param name="nixPath">What <c>NIX_PATH</c> says; null for nothing.</param>
    /// <param name="arguments">Arguments that may hold <c>-I</c>.</param>
    public static ImmutableArray<string> Ends(string? nixPath, ImmutableArray<string> arguments) =>
    [
        .. Entries(nixPath, arguments)
            .Select(entry => entry[(entry.IndexOf('=', StringComparison.Ordinal) + 1)..])
            .Where(path => path.StartsWith('/'))
            .Select(All.Resolve).OfType<string>().Distinct(StringComparer.Ordinal),
    ];

    // An address in it is cut at its colon into pieces that are no absolute paths, or that lead nowhere.
    private static IEnumerable<string> Entries(string? nixPath, ImmutableArray<string> arguments) =>
        (nixPath ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Concat(arguments.Zip(arguments.Skip(1)).Where(pair => pair.First is "-I" or "--include").Select(pair => pair.Second));
}
