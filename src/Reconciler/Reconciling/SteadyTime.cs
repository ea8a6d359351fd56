namespace Reconciler.Reconciling;

/// <summary>
/// The clock on the wall, except that while something is at stake it goes on as the machine runs: a clock that is set, or a machine that sleeps,
/// neither ends a trial nor draws it out. What a clock without a battery shows after a boot is often set by hours in the first minute.
/// </summary>
internal sealed class SteadyTime(TimeProvider inner) : TimeProvider
{
    private readonly Lock _lock = new();
    private (DateTimeOffset At, long Timestamp)? _since;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => inner.LocalTimeZone;

    /// <inheritdoc/>
    public override long TimestampFrequency => inner.TimestampFrequency;

    /// <summary>Whether something is at stake. Told again and again, it holds from the first time on.</summary>
    public void Hold(bool atStake)
    {
        lock (_lock)
        {
            _since = atStake ? _since ?? (inner.GetUtcNow(), inner.GetTimestamp()) : null;
        }
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _since is { } since ? since.At + inner.GetElapsedTime(since.Timestamp) : inner.GetUtcNow();
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => inner.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => inner.CreateTimer(callback, state, dueTime, period);
}
