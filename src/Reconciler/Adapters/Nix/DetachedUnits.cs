using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Reconciler.Ports;

namespace Reconciler.Adapters.Nix;

/// <summary>The names of the units this adapter starts.</summary>
internal static partial class DetachedUnits
{
    /// <summary>Writes a boot entry. One name for all: two at once would spoil each other's work.</summary>
    public const string BootEntry = "reconciler-boot-entry.service";

    /// <summary>What they look like to <c>systemctl list-units</c>.</summary>
    public static ImmutableArray<string> Patterns { get; } =
        ["reconciler-trial-*.service", "reconciler-rollback-*.service", "reconciler-repair-*.service", BootEntry];

    /// <summary>The unit of an activation, such as <c>reconciler-trial-12-1.service</c>.</summary>
    public static string NameOf(ActivationName name) =>
        string.Create(CultureInfo.InvariantCulture, $"reconciler-{name.Purpose.ToString().ToLowerInvariant()}-{name.Deployment}-{name.Attempt}.service");

    /// <summary>Our units that ended by themselves and stay loaded for their outcome, from the output of <c>systemctl list-units</c>.</summary>
    public static IReadOnlyList<string> Exited(string listing) => Listed(listing, words => words is [_, _, "active", "exited"]);

    /// <summary>Our units that systemd ended or calls failed, from the same output.</summary>
    public static IReadOnlyList<string> Failed(string listing) => Listed(listing, words => words is [_, _, "failed", _]);

    /// <summary>Whether a unit is one of ours.</summary>
    public static bool IsOurs(string unit) => unit == BootEntry || Ours().IsMatch(unit);

    private static List<string> Listed(string listing, Func<string[], bool> isWanted) =>
    [
        .. listing.Split('\n')
            .Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).SkipWhile(word => word is "●" or "*" or "×" or "○").Take(4).ToArray())
            .Where(isWanted).Select(words => words[0]).Where(IsOurs),
    ];

    [GeneratedRegex(@"^reconciler-(trial|rollback|repair)-[0-9]{1,19}-[0-9]{1,10}\.service$", RegexOptions.ExplicitCapture)]
    private static partial Regex Ours();
}
