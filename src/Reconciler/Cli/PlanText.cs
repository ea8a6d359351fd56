using System.Collections.Immutable;
using Reconciler.Model;
using Reconciler.Wire;

namespace Reconciler.Cli;

/// <summary>The page of <c>plan</c>: what a revision would change. Pure.</summary>
internal static class PlanText
{
    private const int MostPackages = 40;

    /// <summary>Writes the page.</summary>
    public static Page Of(PlanDocument plan)
    {
        var page = new Page();
        var revision = plan.Revision is { } sha ? StatusText.Short(sha) : "The revision";
        switch (plan)
        {
            case { Changes: { ChangesNothing: true } nothing }:
                page.Line($"{revision} would change nothing on this host.", Ink.Good);
                Reboot(page, nothing);
                break;
            case { Changes: { } changes }:
                page.Line($"{revision} would change this host:", Ink.Bold);
                Changes(page, changes);
                break;
            default:
                page.Line($"{revision} gave no plan:", Ink.Bad);
                foreach (var line in (plan.Failure ?? "the reason is not known").Split('\n'))
                {
                    page.Line($"  {Plain.LogLine(line)}");
                }

                break;
        }

        page.Field("system", plan.Toplevel);
        return page;
    }

    /// <summary>Adds what changes to a page.</summary>
    public static void Changes(Page page, ChangesDocument changes)
    {
        if (changes.ChangesNothing)
        {
            page.Field("units", "none");
        }

        Units(page, "stop", changes.Stop);
        Units(page, "start", changes.Start);
        Units(page, "restart", changes.Restart);
        Units(page, "reload", changes.Reload);
        Units(page, "left as is", changes.LeftAlone);
        foreach (var (index, package) in changes.Packages.Take(MostPackages).Index())
        {
            page.Field(index == 0 ? "packages" : "", (package.Before, package.After) switch
            {
                ({ IsEmpty: true }, var after) => $"{package.Name}: added {Versions(after)}",
                (var before, { IsEmpty: true }) => $"{package.Name}: removed {Versions(before)}",
                var (before, after) => $"{package.Name}: {Versions(before)} → {Versions(after)}",
            });
        }

        if (changes.Packages.Length > MostPackages)
        {
            page.Field("", $"and {changes.Packages.Length - MostPackages} more; --json has them all");
        }

        page.Field("size", (changes.ClosureBytes, changes.ClosureBytesBefore) switch
        {
            ({ } bytes, { } before) => $"{FailureText.Bytes(bytes)} ({(bytes >= before ? "+" : "-")}{FailureText.Bytes(Math.Abs(bytes - before))})",
            ({ } bytes, null) => FailureText.Bytes(bytes),
            _ => null,
        });
        Reboot(page, changes);
    }

    private static void Reboot(Page page, ChangesDocument changes) => page.Field(
        "reboot", changes.RebootReasons.IsEmpty ? null : $"needed for all of it to take effect: {string.Join(", ", changes.RebootReasons)}", Ink.Warn);

    private static void Units(Page page, string label, ImmutableArray<string> units) => page.Field(label, string.Join(", ", units));

    private static string Versions(ImmutableArray<string> versions) => string.Join(", ", versions);
}
