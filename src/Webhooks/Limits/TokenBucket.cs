namespace Webhooks.Limits;

/// <summary>So many a second in the long run, so many at once. Not safe for several threads: its owner holds a lock.</summary>
internal sealed class TokenBucket(int rate, int burst, TimeProvider clock)
{
    private double _tokens = burst;
    private long _filledAt = clock.GetTimestamp();

    /// <summary>Whether nothing was taken for so long that it is as good as new.</summary>
    public bool IsFull
    {
        get
        {
            Fill();
            return _tokens >= burst;
        }
    }

    /// <summary>Takes one. Null when there was one; otherwise how long until there is.</summary>
    public TimeSpan? Take()
    {
        Fill();
        if (_tokens < 1)
        {
            return TimeSpan.FromSeconds((1 - _tokens) / rate);
        }

        _tokens--;
        return null;
    }

    private void Fill()
    {
        var now = clock.GetTimestamp();
        _tokens = Math.Min(burst, _tokens + (clock.GetElapsedTime(_filledAt, now).TotalSeconds * rate));
        _filledAt = now;
    }
}
