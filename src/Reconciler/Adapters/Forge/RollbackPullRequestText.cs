using System.Collections.Immutable;
using System.Globalization;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Adapters.Forge;

/// <summary>Writes the pull request that takes a bad revision back, in Markdown. Pure.</summary>
internal static class RollbackPullRequestText
{
    private const int LongestTitle = 120;
    private const int LongestSection = 24_000;
    private const int MostChecks = 40;
    private const int MostMoments = 40;
    private const int MostCommits = 40;
    private const int MostJournals = 8;
    private const int MostLogLines = 40;
    private const int LongestLogLine = 240;

    /// <summary>The title, in one line of at most 120 characters.</summary>
    /// <param name="story">A rolled-back deployment of a commit.</param>
    /// <param name="cause">Why it was rolled back.</param>
    /// <param name="bad">The revision that failed.</param>
    /// <param name="good">The revision whose files the pull request brings back.</param>
    public static string Title(DeploymentStory story, Failure cause, Revision bad, Revision good)
    {
        var host = $" ({story.Host})";
        return PlainText.Line(
            PlainText.Quoted(PlainText.Line($"Revert {bad.Short} to {good.Short}: {FailureText.Headline(cause)}", LongestTitle - host.Length)),
            LongestTitle - host.Length) + host;
    }

    /// <summary>One host's part of the description, hidden markers included.</summary>
    public static string Section(DeploymentStory story, Failure cause, Revision bad, Revision good)
    {
        var deployment = story.Deployment;
        IEnumerable<string> parts =
        [
            $"### {story.Host}: {Markdown.Text(FailureText.Headline(cause), 120)}",
            WhatHappened(story, cause, bad, good),
            Checks(RollbackText.ChecksToShow(cause, deployment.Results)),
            Output(FailureText.Excerpt(cause)),
            .. deployment.Journal.Units.Where(unit => !unit.Lines.IsEmpty).Take(MostJournals).Select(Journal),
            Timeline(deployment.Timeline),
            deployment.Plan is { } plan ? Changes(plan) : "",
            Undone(story.Commits, good),
            HowToGoOn(cause, bad, deployment.IsTesting),
        ];
        var section = string.Join("\n\n", [HostSections.Begin(story.Host) + "\n" + parts.First(), .. parts.Skip(1).Where(part => part.Length > 0)])
            + "\n" + HostSections.End(story.Host);
        return HostSections.Shorten(section, story.Host, LongestSection) ?? section;
    }

    /// <summary>
    /// The description with this host's section in it, at most <see cref="Markdown.LongestBody"/> characters. Its own section is replaced in place;
    /// the sections of other hosts and what people wrote are kept as they are. When there is no room even for one line, the text is the one that
    /// was there.
    /// </summary>
    /// <param name="existing">The description as it is; null or empty for a new pull request.</param>
    /// <param name="host">This host.</param>
    /// <param name="section">From <see cref="Section"/>.</param>
    public static string Body(string? existing, HostName host, string section) => HostSections.Join(existing, host, section);

    /// <summary>Whether the description has this host's section.</summary>
    public static bool HasSection(string? body, HostName host) => HostSections.Find(body ?? "", host) is not null;

    /// <summary>What makes <see cref="ClosedByHand"/> findable among the comments.</summary>
    public static string ClosedByHandMarker(Revision bad) => $"<!-- reconciler:closed-by-hand={bad.Sha} -->";

    /// <summary>The one comment on a pull request that a person closed without merging: it is not opened again, and what that means.</summary>
    public static string ClosedByHand(Revision bad) =>
        $"{ClosedByHandMarker(bad)}\nA host went back from `{bad.Short}` again after this pull request had been closed, so it stays closed: somebody decided not to "
        + $"take the change back. `{bad.Short}` is quarantined on that host and not tried again there. Push a fix on top of it, or release it on the host with "
        + $"`reconciler quarantine release {bad.Short}`. `reconciler history` tells there what happened.\n";

    /// <summary>What makes <see cref="Overtaken"/> findable among the comments.</summary>
    public static string OvertakenMarker(Revision bad) => $"<!-- reconciler:overtaken={bad.Sha} -->";

    /// <summary>The comment that goes before closing: a newer commit works, so nothing has to be taken back.</summary>
    public static string Overtaken(Revision bad, Revision by) =>
        $"{OvertakenMarker(bad)}\n`{by.Short}` was pushed since, passed its checks and was confirmed, so `{bad.Short}` need not be taken back any more. "
        + "This pull request has done its work and is closed; its branch may be deleted.\n";

    private static string WhatHappened(DeploymentStory story, Failure cause, Revision bad, Revision good)
    {
        var subject = story.Commits.FirstOrDefault(commit => commit.Revision == bad) is { } commit ? $" ({Markdown.Text(commit.Subject, 72)})" : "";
        var when = story.Deployment.Began.ToUniversalTime();
        var generation = story.RestoredGeneration is { } number ? $"generation {number.ToString(CultureInfo.InvariantCulture)}, " : "";
        return $"On {Day(when)} at {when.ToString("HH:mm", CultureInfo.InvariantCulture)} UTC **{story.Host}** tried `{bad.Short}`{subject} and went back to "
            + $"`{good.Short}`, because {Markdown.Text(FailureText.Headline(cause), 400)}. {RollbackText.Explain(cause)}".TrimEnd()
            + $" The host now runs {generation}the system it ran before. {RollbackText.NextBoot(cause)}";
    }

    private static string Checks(IReadOnlyList<ProbeResult> results) => results.Count == 0 ? "" : string.Join(
        '\n',
        [
            "| check | | result | last output |",
            "|---|---|---|---|",
            .. results.Take(MostChecks).Select(result =>
                $"| {Markdown.Text(result.Check, 60)} | {(result.Required ? "required" : "wanted")} | {(result.Passed ? "passed" : "**failed**")} "
                + $"| {Markdown.CodeCell(result.Detail, 400)} ({FailureText.Duration(result.Took)}) |"),
            .. More(results.Count - MostChecks, "check").Select(more => $"| {more} | | | |"),
        ]);

    private static string Output(string excerpt) =>
        PlainText.LastLines([excerpt], MostLogLines, LongestLogLine) is { Count: > 0 } lines ? Log("Output", lines) : "";

    private static string Journal(UnitJournal unit) =>
        Log($"Journal of <code>{Markdown.Html(unit.Unit, 100)}</code>", PlainText.LastLines(unit.Lines, MostLogLines, LongestLogLine));

    private static string Log(string title, IReadOnlyList<string> lines) =>
        Markdown.Details($"{title} ({PlanPieces.Count(lines.Count, "line")})", Markdown.Fence(lines));

    private static string Timeline(ImmutableArray<PhaseEntered> timeline)
    {
        if (timeline.IsEmpty)
        {
            return "";
        }

        var shown = timeline.Length <= MostMoments ? timeline : [.. timeline.Take(MostMoments / 2), .. timeline.TakeLast(MostMoments / 2)];
        var rows = shown.Select((entered, i) =>
            $"| {Moment(entered.At)} | {(i > 0 && entered.At > shown[i - 1].At ? "+" + FailureText.Duration(entered.At - shown[i - 1].At) : "")} "
            + $"| {Markdown.Text(entered.Event, 200)} |");
        var left = timeline.Length - shown.Length;
        return Markdown.Details(
            $"Timeline: {FailureText.Duration(timeline[^1].At - timeline[0].At)} from beginning to end",
            string.Join('\n', ["| when (UTC) | | what |", "|---|---|---|", .. rows])
            + (left > 0 ? $"\n\n{PlanPieces.Count(left, "moment")} in the middle {(left == 1 ? "is" : "are")} left out." : ""));
    }

    private static string Changes(SystemPlan plan) => plan.ChangesNothing ? "" : Markdown.Details(
        $"What the change touched: {PlanPieces.Count(plan.Packages.Length, "package")}, {PlanPieces.Count(PlanPieces.UnitCount(plan), "unit")}",
        string.Join("\n\n", new[] { PlanPieces.Diff(plan.Packages), PlanPieces.Units(plan, ["Stopped", "Started", "Restarted", "Reloaded", "Left alone"]) }
            .Where(part => part.Length > 0)));

    private static string Undone(ImmutableArray<CommitSummary> commits, Revision good) => commits.IsEmpty ? "" : Markdown.Details(
        $"{PlanPieces.Count(commits.Length, "commit")} taken back: all since <code>{good.Short}</code>, newest first",
        string.Join(
            '\n',
            [
                .. commits.Take(MostCommits).Select(commit =>
                    $"- `{commit.Revision.Short}` {Markdown.Text(commit.Subject, 72)} ({Markdown.Text(commit.Author, 40)}, {Day(commit.When)})"),
                .. More(commits.Length - MostCommits, "commit").Select(more => $"- {more}"),
            ]));

    private static string HowToGoOn(Failure cause, Revision bad, bool isTesting) =>
        "**How to go on**\n\n"
        + (RollbackText.HasCureOfItsOwn(cause) ? $"First of all: {FailureText.Cure(cause)}\n\n" : "")
        + "- **Merge** this pull request: the change is taken back for good, and the branch says again what the host runs.\n"
        + (isTesting
            ? "- Or **push a fix** to the testing branch: a newer commit is tried by itself, and this pull request is closed when it works.\n"
            : $"- Or **push a fix** on top of `{bad.Short}`: a newer commit is tried by itself, and this pull request is closed when it works.\n")
        + $"- Or **close** it: `{bad.Short}` stays quarantined on the host. If it was not to blame, release it there with "
        + $"`reconciler quarantine release {bad.Short}`.";

    private static IEnumerable<string> More(int count, string what) => count > 0 ? [$"and {PlanPieces.Count(count, $"more {what}")}"] : [];

    private static string Moment(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Day(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
