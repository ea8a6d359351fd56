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

    /// <summary>Our units that have ended, from the output of <c>systemctl list-units</c>.</summary>
    public static IReadOnlyList<EndedUnit> Ended(string listing) =>
    [
        .. Rows(listing)
            .Where(words => words is [_, _, "active", "exited"] or [_, _, "failed", _])
            .Select(words => new EndedUnit(words[0], words[2] == "failed")).Where(unit => IsOurs(unit.Name)),
    ];

    /// <summary>Our units that are under way, from the output of <c>systemctl list-units</c>.</summary>
    public static IReadOnlyList<string> UnderWay(string listing) =>
    [
        .. Rows(listing)
            .Where(words => words is [_, _, "activating" or "deactivating" or "reloading" or "refreshing", _] || words is [_, _, "active", not "exited"])
            .Select(words => words[0]).Where(IsOurs),
    ];

    /// <summary>Whether a unit is one of ours.</summary>
    public static bool IsOurs(string unit) => unit == BootEntry || Ours().IsMatch(unit);

    // Unit, load state, active state, sub state.
    private static IEnumerable<string[]> Rows(string listing) => listing.Split('\n')
        .Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).SkipWhile(word => word is "●" or "*" or "×" or "○").Take(4).ToArray());

    [GeneratedRegex(@"^reconciler-(trial|rollback|repair)-[0-9]{1,19}-[0-9]{1,10}\.service$", RegexOptions.ExplicitCapture)]
    private static partial Regex Ours();
}

/// <summary>A unit that has ended and is still loaded.</summary>
/// <param name="Name">Its name.</param>
/// <param name="HasFailed">Whether systemd had to end it, or could not start it.</param>
internal readonly record struct EndedUnit(string Name, bool HasFailed);
