namespace Webhooks;

/// <summary>Lets one line a minute through and counts the rest, so that nobody can flood the log.</summary>
internal sealed class OncePerMinute(TimeProvider clock)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);
    private readonly Lock _lock = new();
    private long? _last;
    private long _since;

    /// <summary>Whether to tell now; <paramref name="count"/> is how often it happened since it was last told, this time included.</summary>
    public bool MayTell(out long count)
    {
        lock (_lock)
        {
            count = ++_since;
            if (_last is { } last && clock.GetElapsedTime(last) < Pause)
            {
                return false;
            }

            _last = clock.GetTimestamp();
            _since = 0;
            return true;
        }
    }
}
