using System.Threading.Channels;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Ports;
using Reconciler.Reconciling;
using Reconciler.Tests.Fakes;
using Reconciler.Tests.Making;
using Xunit;

namespace Reconciler.Tests.Reconciling;

public sealed class GitWatcherTests : IAsyncDisposable
{
    private static readonly PollPolicy Policy = new(TimeSpan.FromSeconds(60), 0.1, new Backoff { First = TimeSpan.FromSeconds(10), Longest = TimeSpan.FromSeconds(35) });

    private readonly CancellationTokenSource _end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly VirtualTime _clock = new();
    private readonly TriggerQueue _triggers = new();
    private readonly LogLines<GitWatcher> _log = new();
    private readonly FakeGitRemotes _remotes = new("origin", "mirror");
    private readonly FakeGitRemotes _one = new("origin");
    private readonly Channel<string> _looks = Channel.CreateUnbounded<string>();
    private Task _running = Task.CompletedTask;
    private double _dice = 0.5;

    public GitWatcherTests() => _remotes.Looked = _one.Looked = remote => _looks.Writer.TryWrite(remote);

    [Fact]
    public void View_BeforeTheFirstLook_KnowsTheNamesOnly() =>
        Assert.Equal([new RemoteView("origin", null, null, null, null), new RemoteView("mirror", null, null, null, null)], Watcher(_remotes).View.Remotes);

    [Fact]
    public async Task Run_RemoteThatHangs_DelaysNoOther()
    {
        _remotes.Answer("origin", () => FakeHost.Forever<RemoteLook>(_end.Token));
        _remotes.Answer("mirror", "r1");
        var watcher = Run(_remotes);

        for (var round = 0; round < 3; round++)
        {
            Assert.Equal(TimeSpan.FromSeconds(60), await _clock.NextWaitAsync(_end.Token));
            _clock.Advance(TimeSpan.FromSeconds(60));
        }

        Assert.Equal(A.Revision(), watcher.View.Remotes[1].Main);
        Assert.Null(watcher.View.Remotes[0].ReachedAt);
    }

    [Fact]
    public async Task LookNow_LookUnderWay_WaitsForOneBegunAfterTheCall()
    {
        var first = new TaskCompletionSource<RemoteLook>(TaskCreationOptions.RunContinuationsAsynchronously);
        _one.Answer("origin", () => first.Task);
        var watcher = Run(_one);
        await _looks.Reader.ReadAsync(_end.Token);

        var asked = watcher.LookNowAsync(_end.Token);
        _one.Answer("origin", "r2");
        first.SetResult(new RemoteLook.Tips(A.Revision("r1"), null));
        await asked;

        Assert.Equal(A.Revision("r2"), watcher.View.Remotes[0].Main);
    }

    [Fact]
    public async Task LookNow_WhilePausing_LooksAtOnce()
    {
        var watcher = Run(_one);
        await _clock.NextWaitAsync(_end.Token);
        _one.Answer("origin", "r1");

        await watcher.LookNowAsync(_end.Token);

        Assert.Equal(A.Revision(), watcher.View.Remotes[0].Main);
    }

    [Fact]
    public async Task LookNow_Cancelled_TheWatcherGoesOn()
    {
        var hanging = new TaskCompletionSource<RemoteLook>(TaskCreationOptions.RunContinuationsAsynchronously);
        _one.Answer("origin", () => hanging.Task);
        var watcher = Run(_one);
        await _looks.Reader.ReadAsync(_end.Token);
        using var impatient = new CancellationTokenSource();
        var asked = watcher.LookNowAsync(impatient.Token);

        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        hanging.SetResult(new RemoteLook.Tips(A.Revision(), null));

        Assert.Equal("origin", await _looks.Reader.ReadAsync(_end.Token));
    }

    [Fact]
    public async Task Run_RemoteThatFails_WaitsLongerEachTimeAndNormallyAgainOnceItAnswers()
    {
        _one.Fail("origin", "no route");
        Run(_one);
        var waits = new List<double>();
        for (var i = 0; i < 4; i++)
        {
            var wait = await _clock.NextWaitAsync(_end.Token);
            waits.Add(wait.TotalSeconds);
            if (i == 3)
            {
                _one.Answer("origin", "r1");
            }

            _clock.Advance(wait);
        }

        waits.Add((await _clock.NextWaitAsync(_end.Token)).TotalSeconds);
        Assert.Equal([10, 20, 35, 35, 60], waits);
    }

    [Theory]
    [InlineData(0, 54)]
    [InlineData(0.5, 60)]
    [InlineData(1, 66)]
    public async Task Run_RemoteThatAnswers_VariesItsInterval(double dice, double seconds)
    {
        _dice = dice;
        Run(_one);

        Assert.Equal(seconds, (await _clock.NextWaitAsync(_end.Token)).TotalSeconds, 6);
    }

    [Fact]
    public async Task Run_AfterEachLook_Signals()
    {
        Run(_one);

        Assert.Equal("looked at origin", await _triggers.NextAsync(_end.Token));
    }

    [Fact]
    public async Task Look_NothingChanges_NoLineIsRepeated()
    {
        var watcher = Watcher(_one);
        async Task LookTwiceAsync()
        {
            await watcher.LookAsync("origin", _end.Token);
            await watcher.LookAsync("origin", _end.Token);
        }

        _one.Answer("origin", "r1");
        await LookTwiceAsync();
        _one.Fail("origin", "no route");
        await LookTwiceAsync();
        _one.Answer("origin", "r1", testing: "t1");
        await LookTwiceAsync();

        Assert.Equal(
            [
                $"Information Remote origin is at {A.Revision().Short}",
                "Warning Remote origin cannot be read: no route",
                "Information Remote origin can be read again after 2 failed looks",
                $"Information Remote origin has the testing branch at {A.Revision("t1").Short}",
            ],
            _log.Lines);
    }

    [Fact]
    public async Task Look_RemoteFails_KeepsTheTipsAndSinceWhen()
    {
        var watcher = Watcher(_one);
        _one.Answer("origin", "r1");
        await watcher.LookAsync("origin", _end.Token);
        _clock.Advance(TimeSpan.FromMinutes(1));
        _one.Fail("origin", "no route");
        await watcher.LookAsync("origin", _end.Token);
        _clock.Advance(TimeSpan.FromMinutes(1));
        _one.Fail("origin", "still no route");
        await watcher.LookAsync("origin", _end.Token);

        Assert.Equal(
            new RemoteView("origin", A.Revision(), null, new RemoteTrouble("still no route", A.Start.AddMinutes(1), 2), A.Start), watcher.View.Remotes[0]);
    }

    [Fact]
    public async Task TroubleReaching_OneRemoteAnswers_IsNone()
    {
        _remotes.Fail("origin", "no route");

        Assert.Null(await Watcher(_remotes).TroubleReachingAsync(_end.Token));
    }

    [Fact]
    public async Task TroubleReaching_NoneAnswers_NamesEach()
    {
        _remotes.Fail("origin", "no route");
        _remotes.Fail("mirror", "refused");

        Assert.Equal("origin: no route; mirror: refused", await Watcher(_remotes).TroubleReachingAsync(_end.Token));
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private GitWatcher Watcher(FakeGitRemotes remotes) => new(remotes, _triggers, Policy, _clock, () => _dice, _log);

    private GitWatcher Run(FakeGitRemotes remotes)
    {
        var watcher = Watcher(remotes);
        _running = watcher.RunAsync(_end.Token);
        return watcher;
    }
}
