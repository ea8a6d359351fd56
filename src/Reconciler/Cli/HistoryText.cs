using Reconciler.Wire;

namespace Reconciler.Cli;

/// <summary>The pages of <c>history</c>, <c>generations</c> and <c>quarantine list</c>. Pure.</summary>
internal static class HistoryText
{
    /// <summary>The deployments.</summary>
    public static Page Of(HistoryDocument history, DateTimeOffset now)
    {
        var page = new Page();
        if (history.Deployments.IsEmpty)
        {
            return page.Line("There was no deployment yet.");
        }

        Table(page, history.Deployments, now, wraps: true);
        return page;
    }

    /// <summary>Where the system of a deployment comes from, short.</summary>
    public static string Source(DeploymentSummary deployment) => deployment.Revision is { } revision
        ? StatusText.Short(revision) + (deployment.Branch == "testing" ? " testing" : "")
        : $"generation {deployment.From}";

    /// <summary>Adds a table of deployments to a page.</summary>
    public static void Table(Page page, IEnumerable<DeploymentSummary> deployments, DateTimeOffset now, bool wraps = false) => page.Table(
        ["#", "from", "when", "what came of it"],
        deployments.Select(d => (
            d.Succeeded switch { true => Ink.None, false => Ink.Bad, null when d.Phase != "superseded" => Ink.Bold, _ => Ink.Faint },
            new[]
            {
                $"{d.Id}",
                Source(d),
                TimeText.Relative(d.Changed, now),
                d.Headline + (d.Actor == "reconciler" ? "" : $" (by {d.Actor})"),
            })),
        wraps);

    /// <summary>The generations.</summary>
    public static Page Of(GenerationsDocument document, DateTimeOffset now) => document.Generations.IsEmpty
        ? new Page().Line("The system profile has no generations.")
        : new Page().Table(["#", "state", "made", "revision", "system"], document.Generations.Select(g => (
                g.IsRunning ? Ink.Good : Ink.None,
                new[]
                {
                    $"{g.Number}",
                    string.Join(", ", new[] { g.IsRunning ? "running" : null, g.IsBootDefault ? "boots" : null, g.IsBooted && !g.IsRunning ? "booted" : null }.OfType<string>()),
                    TimeText.Relative(g.Made, now),
                    g.Revision is { } revision ? StatusText.Short(revision) : "",
                    StatusText.Name(g.Toplevel),
                })), wraps: true);

    /// <summary>The quarantine.</summary>
    public static Page Of(QuarantineDocument document, DateTimeOffset now)
    {
        var page = new Page();
        if (document.Revisions.IsEmpty)
        {
            return page.Line("No revision is quarantined.");
        }

        foreach (var held in document.Revisions)
        {
            page.Line($"{StatusText.Short(held.Revision)}  since {TimeText.Both(held.Since, now)}, deployment {held.Deployment}", Ink.Bold);
            page.Wrapped(held.Headline, 2);
            page.Wrapped($"→ {held.Cure}", 2);
        }

        return page;
    }
}
