using Reconciler.Wire;

namespace Reconciler.Cli;

/// <summary>The pages of <c>history</c>, <c>generations</c> and <c>quarantine list</c>. Pure.</summary>
internal static class HistoryText
{
    /// <summary>The deployments.</summary>
    public static string Of(HistoryDocument history, DateTimeOffset now, int width, bool colour)
    {
        if (history.Deployments.IsEmpty)
        {
            return "There was no deployment yet.\n";
        }

        var page = new Page(width, colour);
        Table(page, history.Deployments, now);
        return page.ToString();
    }

    /// <summary>Adds a table of deployments to a page.</summary>
    public static void Table(Page page, IEnumerable<DeploymentSummary> deployments, DateTimeOffset now) => page.Table(
        ["#", "from", "when", "what came of it"],
        deployments.Select(d => (
            d.Succeeded switch { true => Page.Ink.None, false => Page.Ink.Bad, null when d.Phase != "superseded" => Page.Ink.Bold, _ => Page.Ink.Faint },
            new[]
            {
                $"{d.Id}",
                d.Revision is { } revision ? StatusText.Short(revision) + (d.Branch == "testing" ? " testing" : "") : $"generation {d.From}",
                TimeText.Relative(d.Changed, now),
                d.Headline + (d.Actor == "reconciler" ? "" : $" (by {d.Actor})"),
            })));

    /// <summary>The generations.</summary>
    public static string Of(GenerationsDocument document, DateTimeOffset now, int width, bool colour)
    {
        if (document.Generations.IsEmpty)
        {
            return "The system profile has no generations.\n";
        }

        return new Page(width, colour)
            .Table(["#", "state", "made", "revision", "system"], document.Generations.Select(g => (
                g.IsRunning ? Page.Ink.Good : Page.Ink.None,
                new[]
                {
                    $"{g.Number}",
                    string.Join(", ", new[] { g.IsRunning ? "running" : null, g.IsBootDefault ? "boots" : null, g.IsBooted && !g.IsRunning ? "booted" : null }.OfType<string>()),
                    TimeText.Relative(g.Made, now),
                    g.Revision is { } revision ? StatusText.Short(revision) : "",
                    StatusText.Name(g.Toplevel),
                })))
            .ToString();
    }

    /// <summary>The quarantine.</summary>
    public static string Of(QuarantineDocument document, DateTimeOffset now, int width, bool colour)
    {
        if (document.Revisions.IsEmpty)
        {
            return "No revision is quarantined.\n";
        }

        var page = new Page(width, colour);
        foreach (var held in document.Revisions)
        {
            page.Line($"{StatusText.Short(held.Revision)}  since {TimeText.Both(held.Since, now)}, deployment {held.Deployment}", Page.Ink.Bold);
            page.Wrapped(held.Headline, 2);
            page.Wrapped($"→ {held.Cure}", 2);
        }

        return page.ToString();
    }
}
