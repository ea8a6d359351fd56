using System.Collections.Immutable;
using System.Globalization;
using Reconciler.Model;

namespace Reconciler.Adapters.Forge;

/// <summary>What a system changes, in pieces of Markdown. Pure.</summary>
internal static class PlanPieces
{
    private const int MostPackages = 100;
    private const int MostUnits = 40;

    /// <summary>A number with its word, such as <c>3 packages</c>.</summary>
    public static string Count(int count, string what) => $"{count.ToString(CultureInfo.InvariantCulture)} {what}{(count == 1 ? "" : "s")}";

    /// <summary>How many units are touched.</summary>
    public static int UnitCount(SystemPlan plan) => plan.Stop.Length + plan.Start.Length + plan.Restart.Length + plan.Reload.Length;

    /// <summary>The packages as a block of changed lines; empty when there are none.</summary>
    public static string Diff(ImmutableArray<PackageChange> packages) => packages.IsEmpty ? "" : Markdown.Fence(
        [
            .. packages.Take(MostPackages).SelectMany(package => new[] { Line('-', package.Name, package.Before), Line('+', package.Name, package.After) }).OfType<string>(),
            .. packages.Length > MostPackages ? [$"  and {Count(packages.Length - MostPackages, "more package")}"] : Array.Empty<string>(),
        ],
        "diff");

    /// <summary>The units as a list; empty when none is touched.</summary>
    /// <param name="plan">What changes.</param>
    /// <param name="words">What befalls units that are stopped, started, restarted, reloaded and left alone.</param>
    public static string Units(SystemPlan plan, ReadOnlySpan<string> words)
    {
        ReadOnlySpan<ImmutableArray<string>> groups = [plan.Stop, plan.Start, plan.Restart, plan.Reload, plan.LeftAlone];
        var lines = new List<string>();
        for (var i = 0; i < groups.Length; i++)
        {
            if (!groups[i].IsEmpty)
            {
                var more = groups[i].Length > MostUnits ? $" and {(groups[i].Length - MostUnits).ToString(CultureInfo.InvariantCulture)} more" : "";
                lines.Add($"- {words[i]}: {string.Join(", ", groups[i].Take(MostUnits).Select(unit => Markdown.Code(unit, 100)))}{more}");
            }
        }

        return string.Join('\n', lines);
    }

    private static string? Line(char sign, string name, ImmutableArray<string> versions) =>
        versions.IsEmpty ? null : $"{sign} {PlainText.Line(name, 80)} {PlainText.Line(string.Join(", ", versions.Take(8)), 80)}".TrimEnd();
}
