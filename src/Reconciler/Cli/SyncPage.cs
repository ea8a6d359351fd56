using Reconciler.Model;

namespace Reconciler.Cli;

/// <summary>The page of <c>sync --wait</c> on a terminal. Pure.</summary>
internal static class SyncPage
{
    private const int MostPhases = 12;

    /// <summary>Writes the page.</summary>
    public static Page Of(SyncProgress progress, DateTimeOffset now)
    {
        var page = new Page();
        if (progress.Phases.IsEmpty)
        {
            return page.Line("looking at the repository", Ink.Bold);
        }

        var began = progress.Phases[0].At;
        var deployment = progress.Followed is { } followed
            ? $"deployment {followed.Id}{(followed.Revision is { } revision ? $" of {StatusText.Short(revision)}" : "")}" : "no deployment yet";
        page.Line($"{Plain.Line(progress.Host, 63)}: {deployment}, {Length(now - began)}", Ink.Bold);
        foreach (var (index, phase) in progress.Phases.Index().Skip(Math.Max(0, progress.Phases.Length - MostPhases)))
        {
            var isLast = index == progress.Phases.Length - 1;
            page.Field(Length(phase.At - began), phase.Headline, isLast && progress.End is null ? Ink.Bold : Ink.None, most: 2);
        }

        return progress.End is null ? page : End(page, progress.End);
    }

    private static Page End(Page page, SyncVerdict end)
    {
        var ink = end.ExitCode switch { ExitCode.Ok => Ink.Good, ExitCode.Held or ExitCode.TimedOut => Ink.Warn, _ => Ink.Bad };
        page.Wrapped(end.Document.Cause, 0, ink);
        return end.Document.Cure.Length == 0 ? page : page.Wrapped($"→ {end.Document.Cure}", 0, Ink.Bold);
    }

    private static string Length(TimeSpan time) => FailureText.Duration(TimeSpan.FromSeconds(Math.Floor(time.TotalSeconds)));
}
