using Reconciler.Reconciling;
using Xunit;

namespace Reconciler.Tests.Reconciling;

public sealed class TriggerQueueTests
{
    private readonly TriggerQueue _triggers = new();

    [Fact]
    public async Task Signal_ManyTimes_IsOneLook()
    {
        for (var i = 0; i < 100; i++)
        {
            _triggers.Signal($"hint {i}");
        }

        Assert.Equal("hint 0", await _triggers.NextAsync(TestContext.Current.CancellationToken));
        Assert.False(_triggers.TryTake());
    }

    [Fact]
    public async Task Signal_AfterTheLookBegan_IsAnother()
    {
        _triggers.Signal("first");
        await _triggers.NextAsync(TestContext.Current.CancellationToken);
        _triggers.Signal("second");

        Assert.Equal("second", await _triggers.NextAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Next_Cancelled_LosesNoHint()
    {
        using var end = new CancellationTokenSource();
        var waiting = _triggers.NextAsync(end.Token).AsTask();
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        _triggers.Signal("after");

        Assert.True(_triggers.TryTake());
    }
}
