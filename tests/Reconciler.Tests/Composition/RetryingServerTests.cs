using Reconciler.Composition;
using Reconciler.Tests.Fakes;
using Xunit;

namespace Reconciler.Tests.Composition;

public sealed class RetryingServerTests
{
    private readonly VirtualTime _clock = new();
    private readonly Queue<string?> _troubles = new();
    private readonly List<string> _said = [];
    private readonly List<string> _lives = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Trouble_IsSaidOnceForEachReason_AndTriedAgainEachMinute()
    {
        foreach (var trouble in (string?[])["taken", "taken", "forbidden", null])
        {
            _troubles.Enqueue(trouble);
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var server = Make();
        Assert.NotNull(server.Trouble);

        var running = server.RunAsync(end.Token);
        foreach (var trouble in (string[])["taken", "taken", "forbidden"])
        {
            Assert.Equal(TimeSpan.FromMinutes(1), await _clock.NextWaitAsync(Stop));
            Assert.Equal(trouble, server.Trouble);
            _clock.Advance(TimeSpan.FromMinutes(1));
        }

        while (server.Trouble is not null)
        {
            Stop.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        Assert.Equal(["taken", "forbidden", "listening"], _said);
        await end.CancelAsync();
        await running;
        Assert.Equal(["gone", "gone", "gone", "stopped", "gone"], _lives);
    }

    [Fact]
    public async Task Server_ThatCannotBeMade_DoesNotEndTheDaemon()
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var server = new RetryingServer(() => throw new InvalidOperationException("no such thing"), _clock, () => { }, _said.Add);

        var running = server.RunAsync(end.Token);
        await _clock.NextWaitAsync(Stop);

        Assert.False(running.IsCompleted);
        Assert.Equal(["no such thing"], _said);
        await end.CancelAsync();
        await running;
    }

    private RetryingServer Make() => new(
        () => new Listener(
            new Life(_lives),
            _ => _troubles.Dequeue() is { } trouble ? throw new IOException(trouble) : Task.CompletedTask,
            _ =>
            {
                _lives.Add("stopped");
                return Task.CompletedTask;
            }),
        _clock,
        () => _said.Add("listening"),
        _said.Add);

    private sealed class Life(List<string> lives) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            lives.Add("gone");
            return ValueTask.CompletedTask;
        }
    }
}
