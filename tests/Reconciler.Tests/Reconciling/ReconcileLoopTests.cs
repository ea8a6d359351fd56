using System.Threading.Channels;
using Reconciler.History;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Ports;
using Reconciler.Reconciling;
using Reconciler.Tests.Fakes;
using Reconciler.Tests.Making;
using Xunit;

namespace Reconciler.Tests.Reconciling;

public sealed class ReconcileLoopTests : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly Channel<DateTimeOffset> _passes = Channel.CreateUnbounded<DateTimeOffset>();
    private readonly Workplace _work = new(new SignaturePolicy(Required: true, TimeSpan.FromMinutes(5)));
    private Task _running = Task.CompletedTask;

    public ReconcileLoopTests()
    {
        _work.Write(new LedgerEvent.HostAdopted(A.Toplevel("old"), A.Toplevel("old")), new LedgerEvent.Suspended("holiday"));
        _work.Host.Observing = () => _passes.Writer.TryWrite(_work.Clock.GetUtcNow());
    }

    [Fact]
    public async Task Run_ManyHintsDuringAPass_AreOnePass()
    {
        using var held = new SemaphoreSlim(0);
        _work.Host.Observing = () =>
        {
            _passes.Writer.TryWrite(A.Start);
            held.Wait(_end.Token);
        };
        Run();
        await NextPassAsync();
        for (var i = 0; i < 10; i++)
        {
            _work.Triggers.Signal("push");
        }

        held.Release();
        await NextPassAsync();

        Assert.False(_work.Triggers.TryTake());
        Assert.False(_passes.Reader.TryRead(out _));
        held.Release();
    }

    [Fact]
    public async Task Run_HoldThatNamesATime_LooksAgainThen()
    {
        _work.Commits.Verdict = new SignatureVerdict.Unknown("gpg is missing");
        _work.Write(new LedgerEvent.Resumed());
        Run();
        Assert.Equal(A.Start, await NextPassAsync());

        Assert.Equal(TimeSpan.FromSeconds(15), await _work.Clock.NextWaitAsync(_end.Token));
        _work.Clock.Advance(TimeSpan.FromSeconds(15));

        Assert.Equal(A.Start.AddSeconds(15), await NextPassAsync());
    }

    [Fact]
    public async Task Run_TellingIsDueEarlier_LooksAgainThen()
    {
        _work.Write(new LedgerEvent.Resumed(), A.Begun()[1], new LedgerEvent.DeploymentFailed(new Failure.BuildFailed("no")));
        _work.Forge.Tell = _ => Task.FromResult<TellOutcome>(new TellOutcome.Failed("the remote does not answer"));
        Run();

        Assert.Equal(TimeSpan.FromSeconds(15), await _work.Clock.NextWaitAsync(_end.Token));
    }

    [Fact]
    public async Task Run_SameHoldAgain_IsSaidOnce()
    {
        Run();
        for (var i = 0; i < 5; i++)
        {
            await NextPassAsync();
            _work.Triggers.Signal("again");
        }

        await StopAsync();
        Assert.StartsWith("Warning Holding: suspended by reconciler since 2026-03-03 12:00:00Z: holiday.", Assert.Single(_work.LoopLog.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ProbesBetweenTheSameHold_IsSaidOnce()
    {
        _work.Write(A.Begun()[1], new LedgerEvent.Resumed());
        _work.Write([.. A.Tried().Skip(2)]);
        _work.Host.State = A.HostState("new", bootDefault: "old");
        Run();
        for (var round = 1; round <= 3; round++)
        {
            Assert.Equal(TimeSpan.FromSeconds(5), await _work.Clock.NextWaitAsync(_end.Token));
            Assert.Equal(round, _work.Trial.RoundsOf(_work.Reader.Read().Latest).Length);
            if (round < 3)
            {
                _work.Clock.Advance(TimeSpan.FromSeconds(5));
            }
        }

        await StopAsync();
        Assert.Single(_work.LoopLog.Lines);
    }

    [Fact]
    public async Task Run_AnotherHold_IsSaid()
    {
        _work.Commits.Verdict = new SignatureVerdict.Untrusted(A.Revision(), "no signature");
        Run();
        await NextPassAsync();
        _work.Write(new LedgerEvent.Resumed());
        _work.Triggers.Signal("again");
        await NextPassAsync();
        _work.Triggers.Signal("again");
        await NextPassAsync();

        await StopAsync();
        Assert.Equal(2, _work.LoopLog.Lines.Count);
    }

    [Fact]
    public async Task Run_LedgerUnavailable_ShowsTroubleOnceRetriesAndRecovers()
    {
        _work.Write(new LedgerEvent.Resumed());
        _work.Host.Build = FakeHost.Forever<BuildOutcome>;
        _work.Ledger.BeforeAppend = _ => throw new LedgerUnavailableException("the disk is full");
        Run();

        Assert.Equal(TimeSpan.FromSeconds(15), await _work.Clock.NextWaitAsync(_end.Token));
        Assert.Equal("the disk is full", _work.Board.Current.Trouble);
        _work.Clock.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(TimeSpan.FromSeconds(30), await _work.Clock.NextWaitAsync(_end.Token));

        _work.Ledger.BeforeAppend = null;
        var seen = _work.Board.Current;
        _work.Clock.Advance(TimeSpan.FromSeconds(30));
        while (seen.Step is not HostStep.Build)
        {
            seen = await _work.Board.NextAsync(seen, _end.Token);
        }

        Assert.Null(seen.Trouble);
        Assert.Equal("Critical The ledger cannot be used, so nothing is done: the disk is full", Assert.Single(_work.LoopLog.Lines));
    }

    [Fact]
    public async Task Run_LedgerThatMakesNoSense_DoesNothingAndSaysSo()
    {
        _work.Write(new LedgerEvent.RolledBack());
        Run();

        await _work.Clock.NextWaitAsync(_end.Token);

        Assert.Equal("A deployment fact comes before any deployment began.", _work.Board.Current.Trouble);
        Assert.Equal(3, _work.Ledger.Entries.Count);
    }

    [Fact]
    public async Task Run_UnexpectedException_IsShownAndTheHostLeftAlone()
    {
        _work.Host.Observing = () => throw new InvalidOperationException("a bug");
        Run();

        Assert.Equal(TimeSpan.FromSeconds(15), await _work.Clock.NextWaitAsync(_end.Token));

        Assert.Equal("unexpected: a bug", _work.Board.Current.Trouble);
        Assert.Equal("Critical A pass failed unexpectedly; the host is left as it is and looked at again later", Assert.Single(_work.LoopLog.Lines));
        Assert.Equal((A.HostState(), 2), (_work.Host.State, _work.Ledger.Entries.Count));
    }

    [Fact]
    public async Task Run_Cancelled_Ends()
    {
        Run();
        await NextPassAsync();

        await StopAsync();

        Assert.True(_running.IsCompletedSuccessfully);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _end.Dispose();
        _work.Dispose();
    }

    private void Run() => _running = Task.Run(() => _work.Loop.RunAsync(_end.Token));

    private ValueTask<DateTimeOffset> NextPassAsync() => _passes.Reader.ReadAsync(TestContext.Current.CancellationToken);

    private async Task StopAsync()
    {
        await _end.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
