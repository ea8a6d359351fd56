using System.Collections.Immutable;
using Reconciler.History;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Ports;
using Reconciler.Reconciling;
using Reconciler.Tests.Fakes;
using Reconciler.Tests.Making;
using Xunit;

namespace Reconciler.Tests.Reconciling;

public sealed class PullRequestPlannerTests
{
    private static readonly Toplevel Running = A.Toplevel("old");
    private readonly VirtualTime _clock = new();
    private readonly FakeOutbox _outbox;
    private readonly ScriptedForge _forge = new();
    private readonly FakeHost _host = new();
    private readonly Heads _heads = new();
    private readonly Board _board = new();
    private readonly TriggerQueue _wake = new();
    private readonly TriggerQueue _sender = new();
    private readonly LogLines<PullRequestPlanner> _log = new();
    private PlanPolicy _policy = new(Forks: false, Most: 20, TimeSpan.FromMinutes(5), new Backoff());
    private Toplevel _running = Running;
    private PullRequestPlanner? _planner;
    private int _builds;

    public PullRequestPlannerTests()
    {
        _outbox = new FakeOutbox(_clock);
        _host.Build = _ => Task.FromResult<BuildOutcome>(new BuildOutcome.Built(A.Toplevel($"made{++_builds}")));
    }

    [Fact]
    public async Task Round_BuildsEachHead_AndTellsWhatItWouldChange()
    {
        Open(Pull(7, "h7"), Pull(8, "h8"));

        Assert.Equal(_clock.GetUtcNow() + _policy.Interval, await RoundAsync());

        Assert.Equal(["plan/7", "plan/8"], Plans().Select(plan => plan.Subject));
        var first = Plans()[0];
        Assert.Equal((A.Revision("h7"), Running), (first.Head, Assert.IsType<PlanReport.Ready>(first.Report).Running));
        Assert.Equal((CommitState.Success, "1 package changes, no reboot"), LastStatus("h7"));
        Assert.True(_sender.TryTake());
    }

    [Fact]
    public async Task Round_OfWhatWasToldAlready_BuildsNothing()
    {
        Open(Pull(7, "h7"));
        await RoundAsync();
        await RoundAsync();

        Assert.Equal(1, _builds);
    }

    [Fact]
    public async Task Round_PlansAnew_WhenTheHeadMovesOrAnotherSystemRuns()
    {
        Open(Pull(7, "h7"));
        await RoundAsync();
        Open(Pull(7, "h8"));
        await RoundAsync();
        _running = A.Toplevel("other");
        await RoundAsync();

        Assert.Equal(3, _builds);
        Assert.Equal(A.Toplevel("other"), Assert.IsType<PlanReport.Ready>(Plans()[^1].Report).Running);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public async Task Round_BuildsAFork_OnlyWhenAllowed(bool allowed, int builds)
    {
        _policy = _policy with { Forks = allowed };
        Open(Pull(7, "h7") with { IsFromFork = true });

        await RoundAsync();
        await RoundAsync();

        Assert.Equal(builds, _builds);
        Assert.Equal(allowed ? 0 : 1, _log.Lines.Count(line => line.Contains("from another repository", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Round_PlansNoMoreThanAllowed()
    {
        _policy = _policy with { Most = 2 };
        Open(Pull(1, "a"), Pull(2, "b"), Pull(3, "c"));

        await RoundAsync();

        Assert.Equal(2, _builds);
    }

    [Fact]
    public async Task Round_OfACommitThatDoesNotEvaluate_SaysSoOnce()
    {
        _host.Build = _ => Fails(new Failure.EvaluationFailed("error: undefined variable 'x'"));
        Open(Pull(7, "h7"));
        await RoundAsync();
        await RoundAsync();

        Assert.Equal(1, _builds);
        Assert.IsType<PlanReport.Failed>(Assert.Single(Plans()).Report);
        Assert.Equal((CommitState.Failure, "the configuration does not evaluate"), LastStatus("h7"));
    }

    [Fact]
    public async Task Round_WithTheWorldInTrouble_CommentsNothing_AndTriesAgainLater()
    {
        _host.Build = _ => Fails(new Failure.BuildInterrupted(WorldTrouble.Network, ""));
        Open(Pull(7, "h7"));
        var again = await RoundAsync();
        await RoundAsync();

        Assert.Equal(1, _builds);
        Assert.Empty(Plans());
        Assert.Equal(CommitState.Error, LastStatus("h7").State);
        _clock.Advance(_policy.Backoff.After(1));
        await RoundAsync();
        Assert.Equal(2, _builds);
        Assert.True(again <= _clock.GetUtcNow() + _policy.Interval);
    }

    [Fact]
    public async Task Round_WithTheWorldInTroubleAgainAndAgain_TellsThePullRequest()
    {
        _host.Build = _ => Fails(new Failure.BuildInterrupted(WorldTrouble.OutOfMemory, ""));
        Open(Pull(7, "h7"));
        for (var i = 0; i < 4; i++)
        {
            await RoundAsync();
            _clock.Advance(TimeSpan.FromMinutes(30));
        }

        Assert.Equal(4, _builds);
        Assert.IsType<PlanReport.Failed>(Assert.Single(Plans()).Report);

        await RoundAsync();
        Assert.Equal(4, _builds); // told, and left alone for a while
        _clock.Advance(TimeSpan.FromHours(1));
        await RoundAsync();
        Assert.Equal(5, _builds); // it may work by now
    }

    [Fact]
    public async Task Round_OfAHeadThatCannotBeFetched_BuildsNothing()
    {
        _heads.Trouble = "its head moved while it was fetched";
        Open(Pull(7, "h7"), Pull(8, "h8"));

        await RoundAsync();

        Assert.Equal(0, _builds);
        Assert.Equal((CommitState.Error, "could not be planned, and is tried again: its head moved while it was fetched"), LastStatus("h7"));
    }

    [Fact]
    public async Task Round_WhileADeploymentIsUnderWay_BuildsNothing()
    {
        _board.Show(Deploying());
        Open(Pull(7, "h7"));

        Assert.Equal(_clock.GetUtcNow(), await RoundAsync());

        Assert.Equal(0, _builds);
    }

    [Fact]
    public async Task APlan_GivesWayToADeployment()
    {
        var (built, cancelled) = Hanging();
        Open(Pull(7, "h7"));
        var round = RoundAsync();
        await built;

        _board.Show(Deploying());

        await round;
        Assert.True(await cancelled);
        Assert.Empty(Plans());
    }

    [Fact]
    public async Task APlan_GivesWayToANewerHead_AndGoesOnWhenWokenForAnother()
    {
        var (built, cancelled) = Hanging();
        Open(Pull(7, "h7"));
        var round = RoundAsync();
        await built;
        var looks = _forge.Looks;
        Open(Pull(7, "h8"));

        _wake.Signal("webhook");

        await round;
        Assert.True(await cancelled);
        Assert.Equal(looks + 1, _forge.Looks);
    }

    [Fact]
    public async Task Round_LetsGoOfTheHeadsOfClosedPullRequests()
    {
        Open(Pull(7, "h7"), Pull(8, "h8"));

        await RoundAsync();

        Assert.Equal([7L, 8L], _heads.Kept.Order());
    }

    [Fact]
    public async Task Round_WithAForgeThatIsDown_WaitsAsLongAsItAsks_AndSaysSoOnce()
    {
        var asked = _clock.GetUtcNow() + TimeSpan.FromHours(1);
        _forge.PullRequests = () => new PullRequestsAnswer.Failed("rate limit", asked);

        Assert.Equal(asked, await RoundAsync());
        await RoundAsync();

        Assert.Single(_log.Lines, line => line.Contains("rate limit", StringComparison.Ordinal));
    }

    private Task<DateTimeOffset> RoundAsync()
    {
        _planner ??= new PullRequestPlanner(
            _forge, _outbox, _heads, new PlanBench(_host, _host, new Comparison(), _clock), () => _running, _board, _wake, _sender, _policy, _clock, _log);
        return _planner.RoundAsync(TestContext.Current.CancellationToken);
    }

    private void Open(params ImmutableArray<PullRequest> pulls) => _forge.PullRequests = () => new PullRequestsAnswer.Open(pulls);

    private static PullRequest Pull(long number, string head) =>
        new(number, A.Revision(head), $"refs/pull/{number}/head", $"branch-{number}", IsFromFork: false, IsOurs: false);

    private Task<BuildOutcome> Fails(Failure failure)
    {
        _builds++;
        return Task.FromResult<BuildOutcome>(new BuildOutcome.Failed(failure));
    }

    private (Task Built, Task<bool> Cancelled) Hanging()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        _host.Build = async token =>
        {
            token.Register(() => ended.TrySetResult(true));
            begun.TrySetResult();
            return await FakeHost.Forever<BuildOutcome>(token);
        };
        return (begun.Task, ended.Task);
    }

    private List<ForgeMessage.PlanReported> Plans() => [.. _outbox.Entries.Select(entry => entry.Message).OfType<ForgeMessage.PlanReported>()];

    private (CommitState State, string Description) LastStatus(string head)
    {
        var status = _outbox.Entries.Select(entry => entry.Message).OfType<ForgeMessage.CommitStatus>().Last(m => m.Commit == A.Revision(head));
        Assert.Equal(StatusKind.Plan, status.Kind);
        return (status.State, status.Description);
    }

    private static HostStatus Deploying()
    {
        var host = Idle();
        return host with { History = host.History with { Latest = A.Deployment() } };
    }

    private static HostStatus Idle() => new() { Host = new HostName("web1"), At = A.Start, Started = A.Start, History = HostHistory.Empty };

    private sealed class Heads : IPullRequestHeads
    {
        public string? Trouble { get; set; }

        public IReadOnlySet<long> Kept { get; private set; } = new HashSet<long>();

        public Task<string?> FetchAsync(PullRequest pullRequest, CancellationToken cancellationToken) => Task.FromResult(Trouble);

        public Task KeepOnlyAsync(IReadOnlySet<long> numbers, CancellationToken cancellationToken)
        {
            Kept = numbers;
            return Task.CompletedTask;
        }
    }

    private sealed class Comparison : ISystemComparison
    {
        public Task<SystemPlan> CompareAsync(Toplevel running, Toplevel toplevel, CancellationToken cancellationToken) =>
            Task.FromResult(new SystemPlan { Packages = [new PackageChange("nginx", ["1.26"], ["1.28"])] });
    }

    private sealed class Board : IStatusBoard
    {
        private TaskCompletionSource<HostStatus> _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public HostStatus Current { get; private set; } = Idle();

        public void Show(HostStatus status)
        {
            Current = status;
            _next.TrySetResult(status);
            _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        public Task<HostStatus> NextAsync(HostStatus seen, CancellationToken cancellationToken) =>
            ReferenceEquals(seen, Current) ? _next.Task.WaitAsync(cancellationToken) : Task.FromResult(Current);
    }
}
