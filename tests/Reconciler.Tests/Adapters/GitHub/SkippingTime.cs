using Microsoft.Extensions.Time.Testing;
using Reconciler.Tests.Making;

namespace Reconciler.Tests.Adapters.GitHub;

/// <summary>Time that skips over short waits, such as the second between two changes, and otherwise stands still until the test moves it.</summary>
internal sealed class SkippingTime() : FakeTimeProvider(A.Start)
{
    private static readonly TimeSpan LongestSkipped = TimeSpan.FromSeconds(6);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime > TimeSpan.Zero && dueTime <= LongestSkipped)
        {
            ThreadPool.QueueUserWorkItem(_ => Advance(dueTime));
        }

        return timer;
    }
}
