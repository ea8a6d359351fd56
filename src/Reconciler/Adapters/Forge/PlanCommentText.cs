using System.Collections.Immutable;
using System.Diagnostics;
using Reconciler.Model;

namespace Reconciler.Adapters.Forge;

/// <summary>Writes a host's one comment on a pull request: what it would change there. Pure.</summary>
internal static class PlanCommentText
{
    private const int LongestComment = 60_000;
    private const int MostNamed = 3;
    private const int MostShown = 12;
    private const int MostWarnings = 40;
    private const int MostExcerptLines = 60;
    private const int LongestLine = 300;
    private const string CutNote = "*Cut here to fit. `reconciler plan` shows all of it on the host.*";

    /// <summary>What makes the host's comment findable; the first line of it.</summary>
    public static string Marker(HostName host) => $"<!-- reconciler:plan={host} -->";

    /// <summary>The whole comment, at most <see cref="Markdown.LongestBody"/> characters.</summary>
    public static string Write(HostName host, ForgeMessage.PlanReported report)
    {
        var parts = report.Report switch
        {
            PlanReport.Ready ready when ready.Plan.ChangesNothing => Nothing(host, report.Head, ready),
            PlanReport.Ready ready => Changes(host, report.Head, ready),
            PlanReport.Failed failed => Failed(host, report.Head, failed),
            _ => throw new UnreachableException(),
        };
        return MarkdownLines.Cut($"{Marker(host)}\n{string.Join("\n\n", parts.Where(part => part.Length > 0))}", LongestComment, CutNote) + "\n";
    }

    private static IEnumerable<string> Nothing(HostName host, Revision head, PlanReport.Ready ready) =>
    [
        $"**{host}: {(ready.Toplevel == ready.Running ? "changes nothing" : "changes no package and no unit")}**",
        (ready.Toplevel == ready.Running
            ? $"`{head.Short}` leads to the very system that runs there."
            : $"`{head.Short}` leads to another system than the one that runs there: something else differs, such as a file under /etc.")
            + Took(ready.Took),
        ready.Plan.RebootReasons.IsEmpty ? "" : Facts(ready.Plan with { ClosureBytes = null }),
        Warnings(ready.Warnings),
    ];

    private static IEnumerable<string> Changes(HostName host, Revision head, PlanReport.Ready ready)
    {
        var plan = ready.Plan;
        var packages = PlanPieces.Diff(plan.Packages);
        var units = PlanPieces.Units(plan, ["Would stop", "Would start", "Would restart", "Would reload", "Changed, but left running as is"]);
        return
        [
            $"**{host}: {Verdict(plan)}**",
            $"`{head.Short}` was built and compared with the system that runs there.{Took(ready.Took)}",
            plan.Packages.Length > MostShown ? Markdown.Details(PackageCounts(plan.Packages), packages) : packages,
            PlanPieces.UnitCount(plan) + plan.LeftAlone.Length > MostShown ? Markdown.Details($"{PlanPieces.Count(PlanPieces.UnitCount(plan), "unit")} would be touched", units) : units,
            Facts(plan),
            Warnings(ready.Warnings),
        ];
    }

    private static IEnumerable<string> Failed(HostName host, Revision head, PlanReport.Failed failed)
    {
        var lines = PlainText.LastLines([FailureText.Excerpt(failed.Cause)], MostExcerptLines, LongestLine);
        return
        [
            $"**{host}: no plan, because {Markdown.Text(FailureText.Headline(failed.Cause), LongestLine)}**",
            $"`{head.Short}` was not planned. {Blame(failed.Cause.Fault)}{Took(failed.Took)}",
            $"What to do: {FailureText.Cure(failed.Cause)}",
            lines.Count == 0 ? "" : lines.Count > MostShown ? Markdown.Details($"Output ({PlanPieces.Count(lines.Count, "line")})", Markdown.Fence(lines)) : Markdown.Fence(lines),
        ];
    }

    private static string Blame(Fault fault) => fault switch
    {
        Fault.Revision => "The fault is in the commit.",
        Fault.Host => "The fault is with this host, not with the commit.",
        Fault.World => "The fault is neither in the commit nor with this host: something outside was missing.",
        Fault.Nobody => "It is nobody's fault.",
        _ => throw new UnreachableException(),
    };

    private static string Verdict(SystemPlan plan)
    {
        IEnumerable<string> parts =
        [
            plan.Packages.Length switch { 0 => "no package changes", 1 => "1 package changes", var many => $"{PlanPieces.Count(many, "package")} change" },
            Verb(plan.Stop, "stops", "stop"),
            Verb(plan.Restart, "restarts", "restart"),
            Verb(plan.Start, "starts", "start"),
            Verb(plan.Reload, "reloads", "reload"),
            PlanPieces.UnitCount(plan) == 0 ? "no unit restarts" : "",
            plan.RebootReasons.IsEmpty ? "no reboot" : "reboot needed",
        ];
        return string.Join(", ", parts.Where(part => part.Length > 0));
    }

    private static string Verb(ImmutableArray<string> units, string one, string many) => units switch
    {
        [] => "",
        [var unit] => $"{Name(unit)} {one}",
        { Length: <= MostNamed } => $"{string.Join(", ", units[..^1].Select(Name))} and {Name(units[^1])} {many}",
        _ => $"{PlanPieces.Count(units.Length, "unit")} {many}",
    };

    private static string Name(string unit) =>
        Markdown.Text(unit.EndsWith(".service", StringComparison.Ordinal) ? unit[..^".service".Length] : unit, 60);

    private static string PackageCounts(ImmutableArray<PackageChange> packages) =>
        $"{PlanPieces.Count(packages.Length, "package")}: {packages.Count(p => p.Before.IsEmpty)} added, {packages.Count(p => p.After.IsEmpty)} removed, "
        + $"{packages.Count(p => !p.Before.IsEmpty && !p.After.IsEmpty)} of another version";

    private static string Facts(SystemPlan plan) => string.Join('\n', new[]
    {
        plan.ClosureBytes is { } bytes
            ? $"- Size: {FailureText.Bytes(bytes)}" + (plan.ClosureBytesBefore is { } before ? $" ({(bytes < before ? "−" : "+")}{FailureText.Bytes(Math.Abs(bytes - before))})" : "")
            : "",
        plan.RebootReasons.IsEmpty
            ? "- Reboot: not needed"
            : $"- Reboot: needed for all of it to take effect ({string.Join(", ", plan.RebootReasons.Take(8).Select(reason => Markdown.Text(reason, 80)))})",
    }.Where(line => line.Length > 0));

    private static string Warnings(ImmutableArray<string> warnings) =>
        PlainText.LastLines(warnings, MostWarnings, LongestLine) is { Count: > 0 } lines
            ? Markdown.Details(warnings.Length == 1 ? "1 warning of the evaluation" : $"{PlanPieces.Count(warnings.Length, "warning")} of the evaluation", Markdown.Fence(lines))
            : "";

    private static string Took(TimeSpan took) => $" It took {FailureText.Duration(took)}.";
}
