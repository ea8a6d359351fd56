using System.Collections.Immutable;
using System.Globalization;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Adapters.Forge;

/// <summary>Writes the explanation of a rollback: the message of the commit that takes the bad revision back.</summary>
/// <remarks>
/// Pure, and a function of the deployment alone: the ledger position a story is told at does not enter, so that telling it again later gives
/// the same text. Everything quoted is indented and cleaned: no quoted line can begin a comment, a trailer or a heading of its own.
/// </remarks>
internal static class RollbackText
{
    private const int Width = 76;
    private const int MostLines = 40;
    private const int MostNames = 40;

    /// <summary>The branch an explanation lives on.</summary>
    public static string BranchOf(Revision bad) => $"reconciler/revert-{bad.Short}";

    /// <summary>The whole message of the revert commit; lines end in <c>\n</c>.</summary>
    /// <param name="story">A rolled-back deployment of a commit.</param>
    /// <param name="cause">Why it was rolled back.</param>
    /// <param name="bad">The revision that failed.</param>
    /// <param name="good">The revision whose files the commit brings back.</param>
    public static string Write(DeploymentStory story, Failure cause, Revision bad, Revision good)
    {
        var text = new Page();
        text.Line(PlainText.Quoted(PlainText.Line($"Revert to {good.Short}: {FailureText.Headline(cause)}", Width - 4)));
        text.Blank();
        WhatHappened(text, story, cause, bad, good);
        Checks(text, cause, story.Deployment.Results);
        Output(text, FailureText.Excerpt(cause));
        Journal(text, story.Deployment.Journal);
        Timeline(text, story.Deployment);
        if (story.Deployment.Plan is { } plan)
        {
            Changes(text, plan);
        }

        Undone(text, story.Commits, good);
        HowToGoOn(text, cause, bad, story.Deployment.IsTesting);
        return text.ToString();
    }

    private static void WhatHappened(Page text, DeploymentStory story, Failure cause, Revision bad, Revision good)
    {
        var subject = story.Commits.FirstOrDefault(commit => commit.Revision == bad) is { } commit ? $" (\"{Clean(commit.Subject, 72)}\")" : "";
        text.Paragraph(
            $"{story.Host} tried {bad.Short}{subject} and went back to {good.Short}, because {Clean(FailureText.Headline(cause), 400)}. "
            + Explain(cause));
        var generation = story.RestoredGeneration is { } number ? $"generation {number.ToString(CultureInfo.InvariantCulture)}, " : "";
        text.Paragraph($"The host now runs {generation}the system it ran before. {NextBoot(cause)}");
        text.Paragraph(
            $"This commit brings all files back to what they are in {good.Short}, so that the branch says again what the host runs.");
    }

    /// <summary>What a restart leads to after this rollback.</summary>
    public static string NextBoot(Failure cause) => cause is Failure.BootEntryFailed
        ? "That system was activated again and is what the host is to boot; look at the boot loader before the next restart all the same."
        : "The failed system was only on trial and was never made the boot default, so a restart also leads to a system that worked.";

    /// <summary>More about a cause than its headline, for those who do not know the machinery; empty when there is no more.</summary>
    public static string Explain(Failure cause) => cause switch
    {
        Failure.ActivationFailed { HowEnded: var how } => ActivationWords(how),
        Failure.Unhealthy => "The system was activated, and then a check it has to pass failed several times in a row.",
        Failure.NotConfirmedInTime => "The system was activated, but did not prove itself healthy before the confirmation window closed.",
        Failure.Unattended => "Under the new system Reconciler itself did not run until the end of the trial: it could not start, crashed, or was removed by it. "
            + "A timer that needs nothing of it then activated the system before.",
        Failure.InterruptedByReboot => "The host restarted while the system was on trial; the new system may be what brought it down.",
        Failure.DisplacedDuringTrial => "The outcome of the trial says nothing about the commit any more, so it was ended.",
        Failure.BootEntryFailed => "The system was healthy, but could not be made the one the host boots. A host that runs one system and boots another "
            + "is a trap for the next restart, so it was put back.",
        Failure.RefusedByOperator => "Nothing need be wrong with the system; a person decided.",
        Failure.PreSwitchCheckFailed => "The system carries checks that run before it is activated, and one of them said no.",
        _ => "",
    };

    private static string ActivationWords(string how) => how switch
    {
        "exit 1" => "Exit code 1 of switch-to-configuration means that it stopped at a check or an internal error, as a rule before anything was changed.",
        "exit 2" => "Exit code 2 of switch-to-configuration means that the activation script failed, so the system may have been half active.",
        "exit 4" => "Exit code 4 of switch-to-configuration means that the system was active, but some units failed to start.",
        "exit 100" => "Exit code 100 of switch-to-configuration means that nothing was activated: this change needs a reboot.",
        "timeout" => "Activation did not end within its time limit and was stopped.",
        "signal 9" => "Activation was killed from outside (signal 9), which is often the kernel running out of memory.",
        "signal 15" => "Activation was asked to end from outside (signal 15).",
        _ => "Activation did not end the way switch-to-configuration documents.",
    };

    /// <summary>The cause holds what counted; the last recorded round adds the checks that passed beside it.</summary>
    public static IReadOnlyList<ProbeResult> ChecksToShow(Failure cause, ImmutableArray<ProbeResult> last)
    {
        var failing = FailureText.FailingChecks(cause);
        return [.. failing, .. last.Where(result => failing.All(f => f.Check != result.Check))];
    }

    private static void Checks(Page text, Failure cause, ImmutableArray<ProbeResult> last)
    {
        var results = ChecksToShow(cause, last);
        if (results.Count == 0)
        {
            return;
        }

        text.Heading("Checks");
        var width = Math.Min(32, results.Max(result => Clean(result.Check, 32).Length));
        foreach (var result in results.Take(MostLines))
        {
            var verdict = result.Passed ? "passed" : "FAILED";
            var need = result.Required ? "required" : "wanted";
            text.Wrapped(
                $"{verdict}  {need.PadRight(8)}  {Clean(result.Check, 32).PadRight(width)}",
                $"{Clean(result.Detail, 400)} ({FailureText.Duration(result.Took)})");
        }

        text.More(results.Count - MostLines, "check");
    }

    private static void Output(Page text, string excerpt)
    {
        if (excerpt.Length > 0)
        {
            text.Quote("Output", [excerpt]);
        }
    }

    private static void Journal(Page text, JournalExcerpt journal)
    {
        foreach (var unit in journal.Units.Take(8).Where(unit => !unit.Lines.IsEmpty))
        {
            text.Quote($"Journal of {Clean(unit.Unit, 100)}", unit.Lines);
        }
    }

    private static void Timeline(Page text, Deployment deployment)
    {
        if (deployment.Timeline.IsEmpty)
        {
            return;
        }

        text.Heading("Timeline (UTC)");
        var before = deployment.Timeline[0].At;
        var shown = deployment.Timeline.Length <= MostLines
            ? deployment.Timeline
            : [.. deployment.Timeline.Take(MostLines / 2), .. deployment.Timeline.TakeLast(MostLines / 2)];
        foreach (var entered in shown)
        {
            var after = entered.At > before ? $"+{FailureText.Duration(entered.At - before)}" : "";
            text.Line($"    {Moment(entered.At)}  {after,-9}  {Clean(entered.Event, 200)}");
            before = entered.At;
        }

        if (shown.Length < deployment.Timeline.Length)
        {
            text.Line($"    ({(deployment.Timeline.Length - shown.Length).ToString(CultureInfo.InvariantCulture)} moments in the middle are left out)");
        }
    }

    private static void Changes(Page text, SystemPlan plan)
    {
        var units = new (string What, ImmutableArray<string> Names)[]
        {
            ("stopped", plan.Stop),
            ("started", plan.Start),
            ("restarted", plan.Restart),
            ("reloaded", plan.Reload),
            ("left alone", plan.LeftAlone),
        };
        if (units.Any(part => !part.Names.IsEmpty))
        {
            text.Heading("Units the change touched");
            foreach (var (what, names) in units.Where(part => !part.Names.IsEmpty))
            {
                var more = names.Length > MostNames ? $" and {(names.Length - MostNames).ToString(CultureInfo.InvariantCulture)} more" : "";
                text.Wrapped($"{what,-10}", string.Join(", ", names.Take(MostNames).Select(name => Clean(name, 100))) + more);
            }
        }

        if (!plan.Packages.IsEmpty)
        {
            text.Heading("Packages that changed");
            var width = Math.Min(32, plan.Packages.Take(MostNames).Max(package => Clean(package.Name, 60).Length));
            foreach (var package in plan.Packages.Take(MostNames))
            {
                text.Wrapped(Clean(package.Name, 60).PadRight(width), (package.Before, package.After) switch
                {
                    ({ IsEmpty: true }, var after) => $"added {Versions(after)}",
                    (var before, { IsEmpty: true }) => $"removed {Versions(before)}",
                    var (before, after) => $"{Versions(before)} -> {Versions(after)}",
                });
            }

            text.More(plan.Packages.Length - MostNames, "package");
        }
    }

    private static string Versions(ImmutableArray<string> versions) => Clean(string.Join(", ", versions.Take(8)), 80);

    private static void Undone(Page text, ImmutableArray<CommitSummary> commits, Revision good)
    {
        if (commits.IsEmpty)
        {
            return;
        }

        text.Heading($"Commits taken back, newest first (all since {good.Short})");
        foreach (var commit in commits.Take(MostLines))
        {
            text.Line($"    {commit.Revision.Short}  {Clean(commit.Subject, 50)} ({Clean(commit.Author, 30)}, {Day(commit.When)})");
        }

        text.More(commits.Length - MostLines, "commit");
    }

    private static void HowToGoOn(Page text, Failure cause, Revision bad, bool isTesting)
    {
        text.Heading("How to go on");
        text.Item($"Merge this branch ({BranchOf(bad)}) to take the change back for good,");
        text.Item(isTesting
            ? "or push a fix to the testing branch: a newer commit is tried by itself."
            : $"or push a fix on top of {bad.Short}: a newer commit is tried by itself.");
        text.Item(
            $"{bad.Short} itself is not tried again on this host. If it was not to blame, release it there with "
            + $"`reconciler quarantine release {bad.Short}`.");
        if (HasCureOfItsOwn(cause))
        {
            text.Blank();
            text.Paragraph($"First of all: {Clean(FailureText.Cure(cause), 400)}");
        }
    }

    /// <summary>Whether something has to be done before any of the ways to go on makes sense.</summary>
    public static bool HasCureOfItsOwn(Failure cause) => cause is { Fault: Fault.Host } or Failure.InterruptedByReboot or Failure.Unattended or Failure.PreSwitchCheckFailed;

    private static string Moment(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Day(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Clean(string text, int limit) => PlainText.Quoted(PlainText.Line(text, limit));

    /// <summary>Lines of a commit message in the making.</summary>
    private sealed class Page
    {
        private const string Indent = "    ";
        private readonly List<string> _lines = [];

        public void Line(string line) => _lines.Add(line.TrimEnd());

        public void Blank()
        {
            if (_lines is [.., not ""])
            {
                _lines.Add("");
            }
        }

        public void Paragraph(string text)
        {
            // A word from outside at the beginning of a line could read as a comment to git, which drops such lines when people edit them.
            _lines.AddRange(PlainText.Wrap(text, Width).Select(line => line.StartsWith('#') ? " " + line : line));
            Blank();
        }

        public void Heading(string title)
        {
            Blank();
            Line(title + ":");
            Blank();
        }

        public void Quote(string title, IEnumerable<string> lines)
        {
            Heading(title);
            foreach (var line in PlainText.LastLines(lines, MostLines, 240))
            {
                Line(Indent + PlainText.Quoted(line));
            }
        }

        public void Wrapped(string head, string rest) =>
            _lines.AddRange(Indent.Length + head.Length + 2 + rest.Length <= Width
                ? [$"{Indent}{head}  {rest}"]
                : [(Indent + head).TrimEnd(), .. PlainText.Wrap(rest, Width, Indent + Indent, Indent + Indent)]);

        public void Item(string text) => _lines.AddRange(PlainText.Wrap("- " + text, Width, indent: "  "));

        public void More(int count, string what)
        {
            if (count > 0)
            {
                Line($"{Indent}and {count.ToString(CultureInfo.InvariantCulture)} more {what}{(count == 1 ? "" : "s")}");
            }
        }

        public override string ToString() => string.Join('\n', _lines).TrimEnd('\n') + "\n";
    }
}
