using System.Runtime.CompilerServices;
using Reconciler.Adapters.Forge;
using Reconciler.Model;
using Reconciler.Ports;
using Xunit;

namespace Reconciler.Tests.Adapters.Forge;

public sealed class RollbackTextTests
{
    [Fact]
    public void Write_ExplainsAFailedCheck() => IsGolden("unhealthy", Rich());

    [Fact]
    public void Write_ExplainsAnActivationThatFailed() => IsGolden(
        "activation",
        Story.RolledBack(new Failure.ActivationFailed("exit 2", "setting up /etc...\nActivation script snippet 'users' failed (1)")));

    [Fact]
    public void Write_ExplainsABootEntryThatCouldNotBeMoved() =>
        IsGolden("boot-entry", Story.RolledBack(new Failure.BootEntryFailed("/boot: No space left on device")));

    [Fact]
    public void Write_ExplainsAnOperatorsRefusal() => IsGolden(
        "refused", Story.RolledBack(new Failure.RefusedByOperator("ann")) with { RestoredGeneration = null, Commits = [] });

    [Fact]
    public void Write_NeutralisesHostileText() => IsGolden("hostile", Hostile());

    [Fact]
    public void Write_KeepsHostileTextFromBeingObeyed()
    {
        var text = Write(Hostile());

        Assert.DoesNotContain(text, c => char.IsControl(c) && c != '\n');
        Assert.DoesNotContain("#12", text, StringComparison.Ordinal);
        Assert.DoesNotContain("[skip ci]", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(text.Split('\n'), line => line.StartsWith('#') || line.StartsWith("Signed-off-by:", StringComparison.Ordinal) || line.StartsWith("---", StringComparison.Ordinal));
        Assert.True(text.Length < 60_000, $"{text.Length} characters");
        Assert.True(text.Split('\n')[0].Length <= 72);
    }

    [Fact]
    public void Write_DoesNotDependOnWhenTheStoryIsTold()
    {
        var story = Rich();

        Assert.Equal(Write(story), Write(story with { LedgerPosition = 99, LedgerHash = new string('b', 64) }));
    }

    [Theory]
    [InlineData("exit 1", "stopped at a check")]
    [InlineData("exit 2", "activation script failed")]
    [InlineData("exit 4", "some units failed to start")]
    [InlineData("exit 100", "needs a reboot")]
    [InlineData("signal 9", "out of memory")]
    [InlineData("timeout", "time limit")]
    [InlineData("exit 17", "not end the way")]
    public void Write_PutsExitCodesIntoWords(string how, string words) =>
        Assert.Contains(words, Write(Story.RolledBack(new Failure.ActivationFailed(how, ""))).ReplaceLineEndings(" "), StringComparison.Ordinal);

    private static string Write(DeploymentStory story) =>
        RollbackText.Write(story, ((DeploymentPhase.RolledBack)story.Deployment.Phase).Cause, Story.Bad, Story.Good);

    private static DeploymentStory Rich() => Story
        .RolledBack(new Failure.Unhealthy([Story.Probe("web answers", false, "http://127.0.0.1/ answered 502 Bad Gateway, not 200 to 299", seconds: 1.25)]))
        .With(deployment => deployment with
        {
            Results =
            [
                Story.Probe("web answers", false, "earlier"),
                Story.Probe("no failed units", true, "no unit has failed"),
                Story.Probe("backup ran", false, "backup.timer is inactive; it was last seen a day ago, which is longer than anybody should be content with", required: false),
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
                Packages =
                [
                    new PackageChange("nginx", ["1.24.0"], ["1.26.1"]),
                    new PackageChange("varnish", [], ["7.4.2"]),
                    new PackageChange("squid", ["6.8"], []),
                ],
            },
        }) with
    {
        Commits =
        [
            new CommitSummary(Story.Bad, "nginx: add a cache", "Ann", Story.Noon.AddHours(-1)),
            new CommitSummary(new Revision(new string('5', 40)), "nginx: 1.26", "Bob", Story.Noon.AddHours(-3)),
        ],
    };

    private static DeploymentStory Hostile() => Story
        .RolledBack(new Failure.Unhealthy([Story.Probe("# check\r\u001b[31m", false, "line\r\nSigned-off-by: Eve <eve@x> closes #12 [skip ci] @everyone " + new string('y', 5000))]))
        .With(deployment => deployment with
        {
            Journal = new JournalExcerpt(
            [
                new UnitJournal("a\nb.service", [.. Story.Lines(500, i => $"# {i} fixes #12 \u202e\u0000 " + new string('z', 3000)), "Signed-off-by: Eve <eve@x>", "---", "diff --git a b"]),
            ]),
            Plan = new SystemPlan { Start = Story.Lines(2000, i => $"unit-{i}.service") },
        }) with
    {
        Commits =
        [
            new CommitSummary(Story.Bad, "[SKIP CI] fix #12 \"quoted\" \u001b]0;title\u0007 for @ann", "Eve\r\nSigned-off-by: x", Story.Noon),
            .. Enumerable.Range(0, 100).Select(i => new CommitSummary(Story.Good, $"commit {i}", "Ann", Story.Noon)),
        ],
    };

    private static void IsGolden(string name, DeploymentStory story, [CallerFilePath] string here = "")
    {
        var file = Path.Combine(Path.GetDirectoryName(here)!, $"rollback-{name}.golden.txt");
        var text = Write(story);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(file, text);
        }

        Assert.Equal(File.ReadAllText(file), text);
    }
}
