using System.Text.RegularExpressions;

namespace Reconciler.Adapters.Nix;

/// <summary>Reads what <c>nix-store --verify-path</c> says of paths that are not what was registered.</summary>
internal static partial class StoreVerdicts
{
    /// <summary>The damaged paths it names.</summary>
    public static IReadOnlyList<string> Modified(string error) => [.. Line().Matches(error).Select(match => match.Groups["path"].Value)];

    [GeneratedRegex("path '(?<path>[^'\n]*)' was modified!", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Line();
}
