using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;
using Reconciler.Tests.Making;

namespace Reconciler.Tests.Fakes;

/// <summary>Time that a test moves, and that tells of each wait that begins in it: so a test need not guess whether anybody waits yet.</summary>
internal sealed class VirtualTime() : FakeTimeProvider(A.Start)
{
    private readonly Channel<TimeSpan> _waits = Channel.CreateUnbounded<TimeSpan>();
    private TimeSpan _set;

    /// <summary>Somebody sets the clock on the wall; nothing waits shorter or longer for that.</summary>
    public void Set(TimeSpan by) => _set += by;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _set;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => base.GetUtcNow().Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _waits.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>How long the next wait that begins is to last.</summary>
    public ValueTask<TimeSpan> NextWaitAsync(CancellationToken cancellationToken) => _waits.Reader.ReadAsync(cancellationToken);
}
