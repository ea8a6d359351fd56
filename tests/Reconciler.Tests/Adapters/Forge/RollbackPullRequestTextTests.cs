using System.Collections.Immutable;
using Reconciler.Adapters.Forge;
using Reconciler.Model;
using Reconciler.Ports;
using Xunit;

namespace Reconciler.Tests.Adapters.Forge;

public sealed class RollbackPullRequestTextTests
{
    private static readonly HostName Web1 = new("web1");
    private static readonly HostName Web2 = new("web2");

    [Fact]
    public void Body_TellsOfAFailedCheck() => GoldenText.Is("pull-request-unhealthy", Body(null, Rich()));

    [Fact]
    public void Body_TellsOfSeveralHosts() => GoldenText.Is(
        "pull-request-two-hosts", Body(Body(null, Rich()), Story.RolledBack(new Failure.ActivationFailed("exit 4", "the following units failed: php.service"), host: "web2")));

    [Fact]
    public void Body_TellsOfATestingBranch() => GoldenText.Is("pull-request-testing", Body(null, Testing()));

    [Fact]
    public void Body_NeutralisesHostileText() => GoldenText.Is("pull-request-hostile", Body(null, Hostile()));

    [Theory]
    [MemberData(nameof(Causes))]
    public void Section_TellsOfEachCause(string name) =>
        GoldenText.Is($"pull-request-section-{name}", Section(Story.RolledBack(EachCause[name]) with { Commits = [] }) + "\n");

    [Fact]
    public void Section_KeepsHostileTextFromBeingObeyed() => HostileText.IsDisarmed(Section(Hostile()), markers: 2);

    [Fact]
    public void Section_IsShortenedLogsFirst()
    {
        var section = Section(LongLogs());

        Assert.True(section.Length <= 24_000, $"{section.Length} characters");
        Assert.Contains("How to go on", section, StringComparison.Ordinal);
        Assert.Contains("| passed |", section, StringComparison.Ordinal);
        Assert.Contains("line 400 ", section, StringComparison.Ordinal);
        Assert.DoesNotContain("line 361 ", section, StringComparison.Ordinal);
        Assert.Contains("Shortened to fit", section, StringComparison.Ordinal);
        HostileText.AssertBalanced(section);
    }

    [Fact]
    public void Title_IsShortAndDisarmed()
    {
        var title = RollbackPullRequestText.Title(Hostile(), new Failure.CheckoutFailed(HostileText.Line + new string('x', 500)), Story.Bad, Story.Good);

        Assert.InRange(title.Length, 1, 120);
        Assert.EndsWith(" (web1)", title, StringComparison.Ordinal);
        Assert.DoesNotContain("#12", title, StringComparison.Ordinal);
    }

    [Fact]
    public void Title_NamesCommitsCauseAndHost() => Assert.Equal(
        "Revert 9f8e7d6 to 1a2b3c4: the check 'web answers' kept failing (web1)",
        RollbackPullRequestText.Title(Rich(), ((DeploymentPhase.RolledBack)Rich().Deployment.Phase).Cause, Story.Bad, Story.Good));

    [Fact]
    public void Body_ReplacesItsOwnSectionAlone()
    {
        var first = Body(Body(null, Rich()), Story.RolledBack(new Failure.RefusedByOperator("ann"), host: "web2"));
        var people = "Ann: I look into this.\r\n\r\n" + first + "\n\n- [ ] call Bob";

        var second = Body(people, Story.RolledBack(new Failure.BootEntryFailed("/boot is full")));

        Assert.StartsWith("Ann: I look into this.\r\n\r\n", second, StringComparison.Ordinal);
        Assert.EndsWith("\n\n- [ ] call Bob", second, StringComparison.Ordinal);
        Assert.Contains("boot entry", second, StringComparison.Ordinal);
        Assert.DoesNotContain("web answers", second, StringComparison.Ordinal);
        Assert.Contains("ann ended the trial", second, StringComparison.Ordinal);
        Assert.Equal(people.Length - Section(Rich()).Length, second.Length - Section(Story.RolledBack(new Failure.BootEntryFailed("/boot is full"))).Length);
    }

    [Fact]
    public void Body_TakesANewHostBeforeWhatPeopleWroteBehind()
    {
        var body = Body(Body(null, Rich()) + "\n\nBob: merged tonight", Story.RolledBack(new Failure.RefusedByOperator("ann"), host: "web2"));

        Assert.EndsWith("\n\nBob: merged tonight", body, StringComparison.Ordinal);
        Assert.True(body.IndexOf(HostSections.End(Web1), StringComparison.Ordinal) < body.IndexOf(HostSections.Begin(Web2), StringComparison.Ordinal));
    }

    [Fact]
    public void Body_ToldAgainIsTheSame()
    {
        var once = Body(Body(null, LongLogs()), LongLogs("web2"));

        Assert.Equal(once, Body(once, LongLogs()));
        Assert.Equal(once, Body(once, LongLogs("web2")));
        Assert.Equal(once.ReplaceLineEndings("\n"), Body(once.ReplaceLineEndings("\r\n"), LongLogs("web2")).ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Body_HasRoomForManyHosts()
    {
        string? body = null;
        for (var i = 1; i <= 40; i++)
        {
            var next = Body(body, LongLogs($"web{i}"));
            Assert.True(next.Length <= Markdown.LongestBody, $"{next.Length} characters with {i} hosts");
            HostileText.AssertBalanced(next);
            Assert.True(i > 18 || RollbackPullRequestText.HasSection(next, new HostName($"web{i}")), $"no room for host {i}");
            body = next;
        }

        Assert.True(RollbackPullRequestText.HasSection(body, Web1));
        Assert.Contains("How to go on", body, StringComparison.Ordinal);
    }

    [Fact]
    public void Body_WithoutRoomStaysAsItIs()
    {
        var full = new string('x', Markdown.LongestBody - 50);

        Assert.Equal(full, Body(full, Rich()));
        Assert.False(RollbackPullRequestText.HasSection(full, Web1));
    }

    [Fact]
    public void Body_LosesNothingWhereAnEndMarkerIsGone()
    {
        var body = Body(null, Rich()).Replace(HostSections.End(Web1), "Ann was here", StringComparison.Ordinal);

        var again = Body(body, Rich());

        Assert.Contains("Ann was here", again, StringComparison.Ordinal);
        Assert.Single(again.Split('\n'), line => line == HostSections.Begin(Web1));
        Assert.Equal(again, Body(again, Rich()));
    }

    [Fact]
    public void HasSection_NeedsAMarkerOnALineOfItsOwn()
    {
        Assert.False(RollbackPullRequestText.HasSection($"see {HostSections.Begin(Web1)}\n{HostSections.End(Web1)}", Web1));
        Assert.False(RollbackPullRequestText.HasSection(Section(Rich()), Web2));
        Assert.False(RollbackPullRequestText.HasSection(null, Web1));
        Assert.True(RollbackPullRequestText.HasSection(Section(Rich()).ReplaceLineEndings("\r\n"), Web1));
    }

    [Fact]
    public void Body_EndsASectionOnlyAtAMarkerOnALineOfItsOwn()
    {
        var body = Section(Rich()).Replace("**How to go on**", $"Ann quotes {HostSections.End(Web1)}", StringComparison.Ordinal) + "\n\nBob was here";

        Assert.Equal(Section(Rich()) + "\n\nBob was here", Body(body, Rich()));
    }

    [Fact]
    public void Comments_SayWhatTheyMean() => GoldenText.Is(
        "pull-request-comments", RollbackPullRequestText.ClosedByHand(Story.Bad) + "\n" + RollbackPullRequestText.Overtaken(Story.Bad, Story.Good));

    public static TheoryData<string> Causes => [.. EachCause.Keys];

    private static readonly ImmutableSortedDictionary<string, Failure> EachCause = new Dictionary<string, Failure>
    {
        ["activation"] = new Failure.ActivationFailed("exit 2", "setting up /etc...\nActivation script snippet 'users' failed (1)"),
        ["boot-entry"] = new Failure.BootEntryFailed("/boot: No space left on device"),
        ["reboot"] = new Failure.InterruptedByReboot(2),
        ["displaced"] = new Failure.DisplacedDuringTrial(new Toplevel("/nix/store/0000000000000000000000000000000a-nixos-system-web1")),
        ["not-in-time"] = new Failure.NotConfirmedInTime([Story.Probe("web answers", false, "connection refused")]),
        ["refused"] = new Failure.RefusedByOperator("ann"),
    }.ToImmutableSortedDictionary();

    private static string Section(DeploymentStory story) =>
        RollbackPullRequestText.Section(story, ((DeploymentPhase.RolledBack)story.Deployment.Phase).Cause, Story.Bad, Story.Good);

    private static string Body(string? existing, DeploymentStory story) => RollbackPullRequestText.Body(existing, story.Host, Section(story));

    private static DeploymentStory Testing() => Rich().With(deployment => deployment with
    {
        Source = new DeploymentSource.Commit(new Candidate(Story.Bad, BranchKind.Testing, "origin")),
    });

    private static DeploymentStory LongLogs(string host = "web1") => Story
        .RolledBack(new Failure.Unhealthy([Story.Probe("web answers", false, "502")]), host: host)
        .With(deployment => deployment with
        {
            Results = [Story.Probe("no failed units", true, "none")],
            Journal = new JournalExcerpt(
                [.. Enumerable.Range(1, 8).Select(u => new UnitJournal($"unit{u}.service", Story.Lines(400, i => $"line {i} " + new string('x', 220))))]),
        });

    internal static DeploymentStory Hostile() => Story
        .RolledBack(new Failure.ActivationFailed(HostileText.Line, string.Join('\n', HostileText.Lines)))
        .With(deployment => deployment with
        {
            Results = [Story.Probe(HostileText.Line, false, HostileText.Line), Story.Probe("```", true, "|||\\|")],
            Journal = new JournalExcerpt([new UnitJournal(HostileText.Line, [.. HostileText.Lines])]),
            Timeline = [new PhaseEntered(Story.Noon, HostileText.Line), new PhaseEntered(Story.Noon.AddSeconds(1), "| x")],
            Plan = new SystemPlan
            {
                Start = [HostileText.Line],
                Packages = [new PackageChange(HostileText.Line, ["<!--"], ["-->"]), new PackageChange("```", [], ["@x"])],
            },
        }) with
    {
        Commits = [new CommitSummary(Story.Bad, HostileText.Line, HostileText.Line, Story.Noon)],
    };

    internal static DeploymentStory Rich() => Story
        .RolledBack(new Failure.Unhealthy([Story.Probe("web answers", false, "http://127.0.0.1/ answered 502 Bad Gateway, not 200 to 299", seconds: 1.25)]))
        .With(deployment => deployment with
        {
            Results =
            [
                Story.Probe("web answers", false, "earlier"),
                Story.Probe("no failed units", true, "no unit has failed"),
                Story.Probe("backup ran", false, "backup.timer is inactive", required: false),
            ],
            Journal = new JournalExcerpt(
            [
                new UnitJournal("nginx.service",
                [
                    "nginx: [emerg] host not found in upstream \"cache\" in /etc/nginx/nginx.conf:12",
                    "nginx.service: Main process exited, code=exited, status=1/FAILURE",
                ]),
            ]),
            Plan = new SystemPlan
            {
                Restart = ["nginx.service"],
                Start = ["cache.service"],
                LeftAlone = ["dbus.service"],
                Packages = [new PackageChange("nginx", ["1.24.0"], ["1.26.1"]), new PackageChange("varnish", [], ["7.4.2"]), new PackageChange("squid", ["6.8"], [])],
            },
        }) with
    {
        Commits =
        [
            new CommitSummary(Story.Bad, "nginx: add a cache", "Ann", Story.Noon.AddHours(-1)),
            new CommitSummary(new Revision(new string('5', 40)), "nginx: 1.26", "Bob", Story.Noon.AddHours(-3)),
        ],
    };
}
