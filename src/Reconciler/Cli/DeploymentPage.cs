using System.Collections.Immutable;
using Reconciler.Wire;

namespace Reconciler.Cli;

/// <summary>The page of <c>show</c>: the whole story of one deployment. Pure.</summary>
internal static class DeploymentPage
{
    /// <summary>Writes the page.</summary>
    public static Page Of(DeploymentDocument document, DateTimeOffset now)
    {
        var summary = document.Summary;
        var page = new Page();
        page.Line($"deployment {summary.Id}", summary.Succeeded switch { true => Ink.Good, false => Ink.Bad, _ => Ink.Bold });
        page.Wrapped(summary.Headline, 2);
        if (document.Failure is { Cure.Length: > 0 } failure)
        {
            page.Wrapped($"→ {failure.Cure}", 2, Ink.Bold);
        }

        page.Line();
        page.Field("from", summary.Revision is { } revision ? $"{revision} ({summary.Branch} on {document.Remote})" : $"generation {summary.From}");
        page.Field("asked by", summary.Actor);
        page.Field("began", TimeText.Both(summary.Began, now));
        page.Field("changed", TimeText.Both(summary.Changed, now));
        page.Field("system", document.Toplevel);
        page.Field("back to", document.RollBackTo);
        page.Field("activated", document.Activations > 1 ? $"{document.Activations} times" : null, Ink.Warn);
        page.Field("activation", document.Activation);
        page.Field("next try", document.TriedAgainAt is { } again ? TimeText.Both(again, now) : null);
        Names(page, "had failed", document.FailedUnitsBefore);
        Names(page, "failed too", document.ChecksFailingBefore);
        page.Field("told", document.IsTold ? "the repository knows how it ended" : null);

        if (!document.Timeline.IsEmpty)
        {
            page.Line().Line("timeline", Ink.Bold);
            foreach (var line in document.Timeline)
            {
                page.Wrapped($"{TimeText.Absolute(line.At)}  {line.Event}", 2);
            }
        }

        if (document.Changes is { } changes)
        {
            page.Line().Line("changes", Ink.Bold);
            PlanText.Changes(page, changes);
        }

        Checks(page, document.Failure is { Checks.IsEmpty: false } f ? f.Checks : document.Checks);
        Quoted(page, "output", document.Failure?.Excerpt.Split('\n') ?? []);
        foreach (var unit in document.Journal)
        {
            Quoted(page, $"journal of {Plain.Line(unit.Unit, 60)}", unit.Lines);
        }

        return page;
    }

    private static void Names(Page page, string label, ImmutableArray<string> names) => page.Field(label, string.Join(", ", names), Ink.Warn);

    private static void Checks(Page page, ImmutableArray<CheckDocument> checks)
    {
        if (checks.IsEmpty)
        {
            return;
        }

        page.Line().Line("checks", Ink.Bold);
        foreach (var check in checks)
        {
            page.Wrapped(
                $"{(check.Passed ? "ok   " : "FAIL ")} {check.Name}{(check.Required ? "" : " (only told)")}: {check.Detail} ({check.TookMilliseconds} ms)",
                2,
                check.Passed ? Ink.None : Ink.Bad,
                hang: 6);
        }
    }

    private static void Quoted(Page page, string title, IReadOnlyList<string> lines)
    {
        if (lines.All(string.IsNullOrWhiteSpace))
        {
            return;
        }

        page.Line().Line(title, Ink.Bold);
        foreach (var line in lines)
        {
            // Quoted whole, so that it can be searched for; the terminal wraps it.
            page.Line($"  | {Plain.LogLine(line)}");
        }
    }
}
