namespace Webhooks.Limits;

/// <summary>
/// A limit for each source and one over all. The table of sources is bounded: when it is full of busy ones, the sources beyond it share one
/// limit. What a source is refused is not taken from the limit over all.
/// </summary>
internal sealed class RateLimits(WebhookOptions options, TimeProvider clock)
{
    private const int MostSources = 1024;
    private static readonly TimeSpan SweepPause = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private readonly Dictionary<Source, TokenBucket> _sources = [];
    private readonly TokenBucket _all = new(options.GlobalRate, options.GlobalBurst, clock);
    private readonly TokenBucket _beyond = new(options.SourceRate, options.SourceBurst, clock);
    private long? _sweptAt;

    /// <summary>How many sources are told apart just now.</summary>
    public int SourceCount
    {
        get
        {
            lock (_lock)
            {
                return _sources.Count;
            }
        }
    }

    /// <summary>Charges one request. Null when it may go on.</summary>
    public WebhookAnswer? Charge(Source source)
    {
        lock (_lock)
        {
            if (BucketOf(source).Take() is { } wait)
            {
                return new WebhookAnswer(WebhookOutcome.SourceTooFast, wait);
            }

            return _all.Take() is { } longer ? new WebhookAnswer(WebhookOutcome.AllTooFast, longer) : null;
        }
    }

    private TokenBucket BucketOf(Source source)
    {
        if (_sources.TryGetValue(source, out var bucket))
        {
            return bucket;
        }

        if (_sources.Count >= MostSources)
        {
            Sweep();
        }

        return _sources.Count >= MostSources ? _beyond : _sources[source] = new TokenBucket(options.SourceRate, options.SourceBurst, clock);
    }

    private void Sweep()
    {
        if (_sweptAt is { } at && clock.GetElapsedTime(at) < SweepPause)
        {
            return;
        }

        _sweptAt = clock.GetTimestamp();
        foreach (var (source, _) in _sources.Where(entry => entry.Value.IsFull).ToList())
        {
            _sources.Remove(source);
        }
    }
}
