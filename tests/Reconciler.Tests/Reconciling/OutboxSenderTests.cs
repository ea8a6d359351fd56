using Microsoft.Extensions.Logging;
using Reconciler.History;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Ports;
using Reconciler.Reconciling;
using Reconciler.Tests.Fakes;
using Reconciler.Tests.Making;
using Xunit;

namespace Reconciler.Tests.Reconciling;

public sealed class OutboxSenderTests
{
    private static readonly Uri Pull = new("https://forge.example/pull/7");
    private readonly VirtualTime _clock = new();
    private readonly FakeOutbox _outbox;
    private readonly FakeLedger _ledger;
    private readonly ScriptedForge _forge = new();
    private readonly DeafNotifier _notifier = new();
    private readonly TriggerQueue _wake = new();
    private readonly LogLines<OutboxSender> _log = new();
    private readonly Backoff _backoff = new();
    private readonly OutboxSender _sender;

    public OutboxSenderTests()
    {
        _outbox = new FakeOutbox(_clock);
        _ledger = new FakeLedger(_clock, _outbox);
        var reader = new LedgerReader(_ledger);
        _sender = new OutboxSender(_outbox, _forge, _notifier, new Stories(new HostName("web1"), _ledger, reader, new FakeGitHistory()), reader, _wake, _backoff, _clock, _log);
    }

    [Fact]
    public async Task Round_SendsInOrder_AndHasNothingMoreToDo()
    {
        _outbox.Add([Status("r1"), Status("r2"), Status("r3")]);

        Assert.Null(await _sender.RoundAsync(TestContext.Current.CancellationToken));

        Assert.Equal([Status("r1"), Status("r2"), Status("r3")], _forge.Told);
        Assert.Empty(_outbox.Waiting(10));
    }

    [Fact]
    public async Task Round_ThatFails_TriesAgainLaterAndLaterEachTime()
    {
        _outbox.Add([Status("r1")]);
        _forge.Answer = _ => new ForgeAnswer.Later("no answer", NotBefore: null);

        Assert.Equal(_clock.GetUtcNow() + _backoff.After(1), await RoundAsync());
        Assert.Single(_forge.Told);
        Assert.NotNull(await RoundAsync()); // not due yet
        Assert.Single(_forge.Told);

        _clock.Advance(_backoff.After(1));
        Assert.Equal(_clock.GetUtcNow() + _backoff.After(2), await RoundAsync());
        Assert.Equal(2, _forge.Told.Count);
        Assert.Equal("no answer", _outbox.State().Trouble);
    }

    [Fact]
    public async Task Round_WaitsAsLongAsTheForgeAsks()
    {
        var asked = _clock.GetUtcNow() + TimeSpan.FromHours(1);
        _outbox.Add([Status("r1")]);
        _forge.Answer = _ => new ForgeAnswer.Later("rate limit", asked);

        Assert.Equal(asked, await RoundAsync());
    }

    [Fact]
    public async Task Round_WithAForgeThatIsDown_StopsAsking()
    {
        _outbox.Add([.. Enumerable.Range(0, 20).Select(i => Status($"r{i}"))]);
        _forge.Answer = _ => new ForgeAnswer.Later("no answer", NotBefore: null);

        await RoundAsync();

        Assert.Equal(3, _forge.Told.Count);
    }

    [Fact]
    public async Task Round_GoesPastAMessageThatFailsAlone()
    {
        _outbox.Add([Status("r1"), Status("r2")]);
        _forge.Answer = message => message.Equals(Status("r1")) ? new ForgeAnswer.Later("that one", NotBefore: null) : new ForgeAnswer.Done(null, null);

        await RoundAsync();

        Assert.Equal([Status("r1")], _outbox.Waiting(10).Select(entry => entry.Message));
    }

    [Fact]
    public async Task Round_GivesUpWhatIsRefused_AndSaysWhy()
    {
        _outbox.Add([Status("r1"), Status("r2")]);
        _forge.Answer = message => message.Equals(Status("r1")) ? new ForgeAnswer.Refused("no such commit there") : new ForgeAnswer.Done(null, null);

        Assert.Null(await RoundAsync());

        Assert.Equal((1, "no such commit there"), (_outbox.State().GivenUp, _outbox.State().LastGivenUp));
        Assert.Contains(_log.Lines, line => line.Contains("no such commit there", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Round_GivesUpAfterAMonth()
    {
        _outbox.Add([Status("r1")]);
        _forge.Answer = _ => new ForgeAnswer.Later("the token expired", NotBefore: null);
        await RoundAsync();
        _clock.Advance(TimeSpan.FromDays(31));

        Assert.Null(await RoundAsync());

        Assert.Equal("not sent within 30 days; the last attempt: the token expired", _outbox.State().LastGivenUp);
    }

    [Fact]
    public async Task Round_SaysTheSameTroubleOnce()
    {
        _outbox.Add([Status("r1")]);
        _forge.Answer = _ => new ForgeAnswer.Later("no answer", NotBefore: null);
        for (var i = 0; i < 5; i++)
        {
            await RoundAsync();
            _clock.Advance(TimeSpan.FromHours(1));
        }

        Assert.Single(_log.Lines, line => line.Contains("no answer", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Round_LinksTheStatusOfABadCommitToItsPullRequest()
    {
        var id = RolledBack("r1");
        _ledger.Append(new LedgerEvent.Told(id, true, null), Actor.Daemon, null, [new ForgeMessage.RollbackExplained(id, A.Revision("r1"))]);
        _forge.Answer = message => new ForgeAnswer.Done(message is DeploymentStory ? Pull : null, null);

        await RoundAsync(); // what follows is put in, and sent in the next round
        await RoundAsync();

        var status = Assert.IsType<ForgeMessage.CommitStatus>(_forge.Told[^1]);
        Assert.Equal((A.Revision("r1"), CommitState.Failure, Pull), (status.Commit, status.State, status.Link));
        Assert.Equal("rolled back: the check 'web' kept failing", status.Description);
    }

    [Fact]
    public async Task Round_WithAnUnreadableOutbox_SaysSoAndGoesOnLater()
    {
        _outbox.BeforeWrite = () => throw new LedgerUnavailableException("the disk is full");
        Assert.Throws<LedgerUnavailableException>(() => _outbox.Add([Status("r1")]));
        _ledger.Append(new LedgerEvent.Resumed(), Actor.Daemon, null, [Status("r1")]);

        Assert.NotNull(await RoundAsync());

        Assert.Contains(_log.Lines, line => line.Contains("the disk is full", StringComparison.Ordinal));
        _outbox.BeforeWrite = null;
        await RoundAsync();
        Assert.Empty(_outbox.Waiting(10));
    }

    [Fact]
    public async Task Round_WithManyMessagesThatNeverGo_StillSendsTheOthers()
    {
        _outbox.Add([.. Enumerable.Range(0, 200).Select(i => Status($"refused{i}"))]);
        _forge.Answer = message => message.Equals(Status("r1")) ? new ForgeAnswer.Done(null, null) : new ForgeAnswer.Later("no permission", NotBefore: null);
        for (var i = 0; i < 50; i++)
        {
            _clock.Advance(TimeSpan.FromMinutes(5));
            await RoundAsync();
        }

        _outbox.Add([Status("r1")]);
        for (var i = 0; i < 80 && !_forge.Told.Contains(Status("r1")); i++)
        {
            _clock.Advance(TimeSpan.FromMinutes(5));
            await RoundAsync();
        }

        Assert.Contains(Status("r1"), _forge.Told);
    }

    [Fact]
    public async Task Round_OfAForgeThatThrows_KeepsTheMessage()
    {
        _outbox.Add([Status("r1")]);
        _forge.Answer = _ => throw new InvalidOperationException("a bug");

        Assert.NotNull(await RoundAsync());

        Assert.Single(_outbox.Waiting(10));
    }

    [Fact]
    public async Task Round_HandsTheDeploymentOfATraceOn_AndKeepsItWhileTheCollectorIsAway()
    {
        var id = RolledBack("r1");
        var traces = new ScriptedTraces();
        _outbox.Add([new ForgeMessage.DeploymentTraced(id)]);
        var reader = new LedgerReader(_ledger);
        var sender = new OutboxSender(_outbox, null, null, new Stories(new HostName("web1"), _ledger, reader, new FakeGitHistory()), reader, _wake, _backoff, _clock, _log) { Traces = traces };

        traces.Answer = new ForgeAnswer.Later("away", null);
        await sender.RoundAsync(TestContext.Current.CancellationToken);
        Assert.Equal("away", Assert.Single(_outbox.Waiting(10)).Trouble);

        traces.Answer = new ForgeAnswer.Done(null, null);
        _clock.Advance(_backoff.After(1));
        await sender.RoundAsync(TestContext.Current.CancellationToken);
        Assert.Empty(_outbox.Waiting(10));
        Assert.Equal([id, id], traces.Told.Select(deployment => deployment.Id));
    }

    [Fact]
    public async Task Round_OfATraceNobodyTakesAnyMore_GivesItUp()
    {
        _outbox.Add([new ForgeMessage.DeploymentTraced(RolledBack("r1"))]);

        await RoundAsync();

        Assert.Empty(_outbox.Waiting(10));
        Assert.Equal("no collector of traces is configured any more", _outbox.State().LastGivenUp);
    }

    private sealed class ScriptedTraces : ITraces
    {
        public List<Deployment> Told { get; } = [];

        public ForgeAnswer Answer { get; set; } = new ForgeAnswer.Done(null, null);

        public Task<ForgeAnswer> SendAsync(Deployment deployment, CancellationToken cancellationToken)
        {
            Told.Add(deployment);
            return Task.FromResult(Answer);
        }
    }

    private Task<DateTimeOffset?> RoundAsync() => _sender.RoundAsync(TestContext.Current.CancellationToken);

    private DeploymentId RolledBack(string revision)
    {
        _ledger.Append(new LedgerEvent.HostAdopted(A.Toplevel("old"), A.Toplevel("old")), Actor.Daemon);
        var id = new DeploymentId(_ledger.Append(new LedgerEvent.DeploymentBegan(new DeploymentSource.Commit(A.Candidate(revision)), A.Toplevel("old")), Actor.Daemon).Position);
        _ledger.Append(new LedgerEvent.RollbackBegan(new Failure.Unhealthy([A.ProbeResult(passed: false)]), JournalExcerpt.None), Actor.Daemon);
        _ledger.Append(new LedgerEvent.RolledBack(), Actor.Daemon);
        return id;
    }

    private static ForgeMessage.CommitStatus Status(string revision) => new(A.Revision(revision), StatusKind.Deployment, CommitState.Pending, "building", null);

    [Fact]
    public async Task Round_ANoticeOfADeafChannel_HoldsUpNoForge()
    {
        var notice = new ForgeMessage.Notice("night", NoticeKind.RolledBack, null, null, "x", "");
        _outbox.Add([notice, Status("r1")]);

        Assert.NotNull(await _sender.RoundAsync(TestContext.Current.CancellationToken));

        Assert.Equal([Status("r1")], _forge.Told);
        Assert.Equal((notice, 1L), Assert.Single(_notifier.Asked));
        Assert.Equal(notice, Assert.Single(_outbox.Waiting(10)).Message);
    }

    private sealed class DeafNotifier : INotifier
    {
        public List<(ForgeMessage.Notice, long)> Asked { get; } = [];

        public Task<ForgeAnswer> SendAsync(ForgeMessage.Notice notice, long number, DateTimeOffset at, CancellationToken cancellationToken)
        {
            Asked.Add((notice, number));
            return Task.FromResult<ForgeAnswer>(new ForgeAnswer.Later("nobody answers", null));
        }
    }
}
