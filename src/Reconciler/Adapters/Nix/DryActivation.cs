using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Reconciler.Model;

namespace Reconciler.Adapters.Nix;

/// <summary>Reads what <c>switch-to-configuration dry-activate</c> says.</summary>
internal static partial class DryActivation
{
    private const int MostUnits = 500;

    /// <summary>The units it would touch; a plan without packages.</summary>
    public static SystemPlan Parse(string output)
    {
        var plan = new SystemPlan();
        foreach (var line in output.Split('\n'))
        {
            var match = Announcement().Match(line.TrimEnd('\r'));
            if (!match.Success)
            {
                continue;
            }

            var units = Units(match.Groups["units"].Value);
            plan = match.Groups["what"].Value switch
            {
                "stop" => plan with { Stop = Join(plan.Stop, units) },
                "start" => plan with { Start = Join(plan.Start, units) },
                "restart" => plan with { Restart = Join(plan.Restart, units) },
                "reload" => plan with { Reload = Join(plan.Reload, units) },
                _ => plan with { LeftAlone = Join(plan.LeftAlone, units) },
            };
        }

        return plan;
    }

    private static IEnumerable<string> Units(string list) =>
        list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(unit => UnitName().IsMatch(unit));

    private static ImmutableArray<string> Join(ImmutableArray<string> known, IEnumerable<string> more) =>
        [.. known.Concat(more).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Take(MostUnits)];

    [GeneratedRegex(
        @"^would (?<what>stop|start|restart|reload|NOT (stop|restart|reload|start)) the following (changed |new )?units: (?<units>.+)$",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Announcement();

    [GeneratedRegex(@"^[A-Za-z0-9:_.\\@-]{1,255}$", RegexOptions.NonBacktracking)]
    private static partial Regex UnitName();
}
