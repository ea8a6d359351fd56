using System.Collections.Immutable;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Tests.Making;
using Xunit;

namespace Reconciler.Tests.Planning;

/// <summary>Rounds are drawn as one character each: <c>+</c> the required check passes, <c>-</c> it fails.</summary>
public sealed class HealthGateTests
{
    private static readonly HealthPolicy Policy = new()
    {
        WarmUp = TimeSpan.FromSeconds(5),
        Interval = TimeSpan.FromSeconds(5),
        LaterInterval = TimeSpan.FromSeconds(30),
        SettleAfter = TimeSpan.FromSeconds(60),
        SuccessStreak = 3,
        FailureLimit = 3,
        MinimumTrial = TimeSpan.FromSeconds(15),
    };

    [Fact]
    public void Judge_NoRoundYet_ProbesAtOnce()
    {
        var pending = Assert.IsType<HealthVerdict.Pending>(Judge([], A.Start));

        Assert.Equal(A.Start, pending.NextRound);
        Assert.Empty(pending.Failing);
    }

    [Theory]
    [InlineData("++", "Pending")] // the streak is not long enough
    [InlineData("+++", "Pending")] // 10 s: long enough, and the minimum trial is not over
    [InlineData("++++", "Healthy")] // 15 s
    [InlineData("-+++", "Healthy")]
    [InlineData("+++-", "Pending")] // one failure breaks the streak
    [InlineData("+++-++", "Pending")]
    [InlineData("+++-+++", "Healthy")]
    [InlineData("--", "Pending")]
    [InlineData("---", "Pending")] // 0 s is in the warm-up, so two failures count
    [InlineData("----", "Unhealthy")]
    [InlineData("+---", "Unhealthy")]
    [InlineData("--+--", "Pending")] // a pass begins the count of failures again
    [InlineData("--+---", "Unhealthy")]
    [InlineData("+-+-+-+-+-+-+-+-", "Pending")] // flapping is neither: the deadline decides
    public void Judge_RoundsEveryFiveSeconds_CountsStreaks(string rounds, string verdict)
    {
        var drawn = Draw(rounds);

        Assert.Equal(verdict, Judge(drawn, drawn[^1].At).GetType().Name);
    }

    [Fact]
    public void Judge_FailuresInTheWarmUp_AreNotCounted()
    {
        ImmutableArray<ProbeRound> early = [Failing(1), Failing(2), Failing(3), Failing(4.999)];

        var pending = Assert.IsType<HealthVerdict.Pending>(Judge(early, early[^1].At));
        Assert.Equal("web", Assert.Single(pending.Failing).Check);

        var counted = early.AddRange(Failing(5), Failing(6), Failing(7));
        Assert.IsType<HealthVerdict.Unhealthy>(Judge(counted, counted[^1].At));
    }

    [Fact]
    public void Judge_PassesInTheWarmUp_AreCounted()
    {
        ImmutableArray<ProbeRound> rounds = [Passing(1), Passing(2), Passing(15)];

        Assert.IsType<HealthVerdict.Healthy>(Judge(rounds, A.Start.AddSeconds(15)));
    }

    [Fact]
    public void Judge_StreakBeforeTheMinimumTrial_WaitsForItsEnd()
    {
        ImmutableArray<ProbeRound> rounds = [Passing(0), Passing(1), Passing(2)];

        Assert.IsType<HealthVerdict.Pending>(Judge(rounds, A.Start.AddSeconds(14.999)));
        Assert.IsType<HealthVerdict.Healthy>(Judge(rounds, A.Start.AddSeconds(15)));
    }

    [Fact]
    public void Judge_TwoChecksTakingTurnsToFail_IsNotUnhealthy()
    {
        // No single check fails three times in a row, though no round passes whole.
        var rounds = Enumerable.Range(1, 8)
            .Select(i => A.Round(5 * i, A.ProbeResult("web", passed: i % 2 == 0), A.ProbeResult("db", passed: i % 2 == 1)))
            .ToImmutableArray();

        Assert.IsType<HealthVerdict.Pending>(Judge(rounds, rounds[^1].At));
    }

    [Fact]
    public void Judge_OneStuckCheckAmongOthers_NamesOnlyThatOne()
    {
        ImmutableArray<ProbeRound> rounds =
        [
            A.Round(5, A.ProbeResult("web", passed: false), A.ProbeResult("db")),
            A.Round(10, A.ProbeResult("web", passed: false), A.ProbeResult("db")),
            A.Round(15, A.ProbeResult("web", passed: false), A.ProbeResult("db", passed: false)),
        ];

        var sick = Assert.IsType<HealthVerdict.Unhealthy>(Judge(rounds, rounds[^1].At));

        Assert.Equal("web", Assert.Single(sick.Failing).Check);
    }

    [Fact]
    public void Judge_WantedCheckFails_NeverCounts()
    {
        var rounds = Enumerable.Range(1, 20)
            .Select(i => A.Round(5 * i, A.ProbeResult(), A.ProbeResult("nice", passed: false, required: false)))
            .ToImmutableArray();

        for (var count = 1; count <= rounds.Length; count++)
        {
            var verdict = Judge(rounds[..count], rounds[count - 1].At);
            Assert.IsNotType<HealthVerdict.Unhealthy>(verdict);
            Assert.Empty(verdict is HealthVerdict.Pending pending ? pending.Failing : []);
        }

        Assert.IsType<HealthVerdict.Healthy>(Judge(rounds, rounds[^1].At));
    }

    [Fact]
    public void Judge_NoChecksAtAll_IsHealthyAfterTheStreakAndTheMinimumTrial()
    {
        ImmutableArray<ProbeRound> rounds = [A.Round(5), A.Round(10), A.Round(15)];

        Assert.IsType<HealthVerdict.Healthy>(Judge(rounds, rounds[^1].At));
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(55, 60)]
    [InlineData(60, 90)] // from here on the longer interval
    [InlineData(90, 120)]
    public void Judge_Pending_AsksAgainAfterTheIntervalOfItsAge(double last, double next)
    {
        var pending = Assert.IsType<HealthVerdict.Pending>(Judge([Failing(last)], A.Start.AddSeconds(last)));

        Assert.Equal(A.Start.AddSeconds(next), pending.NextRound);
    }

    [Fact]
    public void Judge_PatientCheckFails_IsPendingForAsLongAsItFails()
    {
        var rounds = Enumerable.Range(1, 20)
            .Select(i => A.Round(5 * i, A.ProbeResult(), A.ProbeResult("repository", passed: false)))
            .ToImmutableArray();

        var patient = Assert.IsType<HealthVerdict.Pending>(Judge(rounds, rounds[^1].At, "repository"));
        Assert.Equal("repository", Assert.Single(patient.Failing).Check);
        Assert.IsType<HealthVerdict.Unhealthy>(Judge(rounds, rounds[^1].At));
    }

    [Fact]
    public void Judge_PatientCheckBesideAStuckOne_BlamesTheStuckOne()
    {
        var rounds = Enumerable.Range(1, 4)
            .Select(i => A.Round(5 * i, A.ProbeResult(passed: false), A.ProbeResult("repository", passed: false)))
            .ToImmutableArray();

        var sick = Assert.IsType<HealthVerdict.Unhealthy>(Judge(rounds, rounds[^1].At, "repository"));
        Assert.Equal("web", Assert.Single(sick.Failing).Check);
    }

    private static HealthVerdict Judge(ImmutableArray<ProbeRound> rounds, DateTimeOffset now, params ImmutableHashSet<string> patient) =>
        HealthGate.Judge(Policy, A.Start, rounds, patient, now);

    private static ImmutableArray<ProbeRound> Draw(string rounds) => [.. rounds.Select((c, i) => c == '+' ? Passing(5 * i) : Failing(5 * i))];

    private static ProbeRound Passing(double seconds) => A.Round(seconds, A.ProbeResult());

    private static ProbeRound Failing(double seconds) => A.Round(seconds, A.ProbeResult(passed: false));
}
