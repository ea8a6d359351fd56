using System.Collections.Frozen;

namespace Reconciler.Adapters.Nix;

/// <summary>A store path's name, taken apart as Nix does: the version begins after the first dash that no letter follows.</summary>
/// <param name="Package">The name without version.</param>
/// <param name="Version">The version; <c>ε</c> when there is none.</param>
internal readonly record struct StorePathName(string Package, string Version)
{
    /// <summary>Stands for a missing version.</summary>
    public const string NoVersion = "ε";

    private const int HashLength = 32;

    // A path of an output other than the first carries its name behind the version.
    private static readonly FrozenSet<string> Outputs = FrozenSet.ToFrozenSet(
        [
            "bin", "dev", "lib", "man", "doc", "info", "out", "static", "debug", "data", "dist", "devdoc", "docs", "devman", "lib32", "lib64",
            "libgcc", "getent", "terminfo", "modules", "nar", "py", "tests", "dnsutils", "host", "client", "server", "daemon", "tools", "utils",
            "login", "mount", "swap", "su", "plugins", "locale", "completions", "installedTests", "libs", "share", "sample", "xz", "runtime",
        ],
        StringComparer.Ordinal);

    /// <summary>Reads <c>/nix/store/HASH-NAME</c>; false when it is none.</summary>
    public static bool TryParse(string path, out StorePathName name)
    {
        var last = path[(path.LastIndexOf('/') + 1)..];
        var known = last.Length > HashLength + 1 && last[HashLength] == '-' && last.Length <= HashLength + 1 + 211;
        name = known ? Split(last[(HashLength + 1)..]) : default;
        return known;
    }

    private static StorePathName Split(string text)
    {
        var dash = 0;
        while ((dash = text.IndexOf('-', dash)) >= 0)
        {
            if (dash + 1 < text.Length && !char.IsAsciiLetter(text[dash + 1]))
            {
                return dash == 0 ? new StorePathName(text, NoVersion) : new StorePathName(text[..dash], WithoutOutput(text[(dash + 1)..]));
            }

            dash++;
        }

        return new StorePathName(text, NoVersion);
    }

    private static string WithoutOutput(string version)
    {
        var dash = version.LastIndexOf('-');
        return dash > 0 && Outputs.Contains(version[(dash + 1)..]) ? version[..dash] : version;
    }
}
