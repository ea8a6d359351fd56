using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Reconciler.Adapters.Systemd;
using Xunit;

namespace Reconciler.Tests.Adapters.Systemd;

public sealed class WatchdogTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task Run_LoopIsAlive_GivesASignTwiceInTheTime()
    {
        using var systemd = new NoticeSocket(isAbstract: false);
        using var stop = new CancellationTokenSource();
        var looks = 0;

        var running = WatchdogFor(systemd, () => ++looks > 0).RunAsync(stop.Token);
        Assert.Equal("WATCHDOG=1", systemd.Next()); // at once
        _clock.Advance(TimeSpan.FromSeconds(14));
        Assert.False(systemd.HasMore);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("WATCHDOG=1", systemd.Next());
        await stop.CancelAsync();
        await running;

        Assert.Equal(2, looks);
    }

    [Fact]
    public async Task Run_LoopHangs_GivesNoSignUntilItTurnsAgain()
    {
        using var systemd = new NoticeSocket(isAbstract: false);
        using var stop = new CancellationTokenSource();
        using var looked = new SemaphoreSlim(0);
        var alive = true;

        var running = WatchdogFor(systemd, () =>
        {
            looked.Release();
            return alive;
        }).RunAsync(stop.Token);
        await looked.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("WATCHDOG=1", systemd.Next());
        alive = false;
        _clock.Advance(TimeSpan.FromSeconds(15));
        await looked.WaitAsync(TestContext.Current.CancellationToken);
        alive = true;
        _clock.Advance(TimeSpan.FromSeconds(15));
        await looked.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("WATCHDOG=1", systemd.Next());
        await stop.CancelAsync();
        await running;

        Assert.False(systemd.HasMore); // three looks, two signs
    }

    [Fact]
    public async Task Run_NotWatched_EndsAtOnce()
    {
        using var systemd = new NoticeSocket(isAbstract: false);
        var notice = new ReadinessNotice(systemd.Address, _clock, NullLogger<ReadinessNotice>.Instance);

        await new Watchdog(null, notice, () => true, _clock, NullLogger<Watchdog>.Instance).RunAsync(CancellationToken.None);

        Assert.False(systemd.HasMore);
    }

    [Theory]
    [InlineData("30000000", null, 30)]
    [InlineData("30000000", "", 30)]
    [InlineData("30000000", "42", 30)]
    [InlineData("30000000", "41", null)] // meant for another process
    [InlineData(null, "42", null)]
    [InlineData("0", null, null)]
    [InlineData("-1", null, null)]
    [InlineData("soon", null, null)]
    [InlineData("99999999999999999999", null, null)]
    public void PatienceOf_Variables_AreReadAsSystemdMeansThem(string? microseconds, string? processId, int? seconds) =>
        Assert.Equal(seconds is { } s ? TimeSpan.FromSeconds(s) : null, Watchdog.PatienceOf(microseconds, processId, 42));

    private Watchdog WatchdogFor(NoticeSocket systemd, Func<bool> isAlive) =>
        new(TimeSpan.FromSeconds(30), new ReadinessNotice(systemd.Address, _clock, NullLogger<ReadinessNotice>.Instance), isAlive, _clock, NullLogger<Watchdog>.Instance);
}
