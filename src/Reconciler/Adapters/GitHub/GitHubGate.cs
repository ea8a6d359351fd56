using System.Globalization;

namespace Reconciler.Adapters.GitHub;

/// <summary>Knows until when GitHub is not to be asked anything. Safe for several threads.</summary>
/// <remarks>
/// GitHub asks for this order: <c>retry-after</c>, then <c>x-ratelimit-reset</c>, else at least a minute and longer each time
/// (docs.github.com, "Best practices for using the REST API"). Going on asking gets an integration banned.
/// </remarks>
internal sealed class GitHubGate(TimeProvider clock)
{
    /// <summary>The pause GitHub asks for where it names none.</summary>
    public static readonly TimeSpan ShortestPause = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan LongestOwnPause = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan LongestAskedPause = TimeSpan.FromHours(2); // the longest window of a limit is one hour
    private readonly Lock _lock = new();
    private DateTimeOffset _notBefore = DateTimeOffset.MinValue;
    private string _detail = "";
    private int _troubles;
    private long _left = -1;

    /// <summary>Requests left, as GitHub last said; null before it said so.</summary>
    public long? RequestsLeft => Interlocked.Read(ref _left) is >= 0 and var left ? left : null;

    /// <summary>Hears what an answer says of the limit.</summary>
    public void Hear(RateLimit limit) => Interlocked.Exchange(ref _left, limit.Remaining);

    /// <summary>Throws when it is closed.</summary>
    /// <exception cref="GitHubUnavailableException">It is; says why and until when.</exception>
    public void Pass()
    {
        lock (_lock)
        {
            if (clock.GetUtcNow() < _notBefore)
            {
                throw Closed();
            }
        }
    }

    /// <summary>Closes it for as long as GitHub asked, or for a minute and longer each time.</summary>
    /// <param name="detail">Cause and cure.</param>
    /// <param name="asked">What GitHub asked for; null when it did not.</param>
    /// <returns>What to throw.</returns>
    public GitHubUnavailableException Close(string detail, TimeSpan? asked)
    {
        lock (_lock)
        {
            var own = TimeSpan.FromTicks(Math.Min(LongestOwnPause.Ticks, ShortestPause.Ticks << Math.Min(_troubles, 10)));
            _troubles += asked is null ? 1 : 0;
            var pause = asked is { } wish ? TimeSpan.FromTicks(Math.Clamp(wish.Ticks, TimeSpan.TicksPerSecond, LongestAskedPause.Ticks)) : own;
            var until = clock.GetUtcNow() + pause;
            if (until > _notBefore)
            {
                (_notBefore, _detail) = (until, detail);
            }

            return Closed();
        }
    }

    /// <summary>GitHub answered as it should: the next trouble begins with the shortest pause again.</summary>
    public void Well()
    {
        lock (_lock)
        {
            _troubles = 0;
        }
    }

    private GitHubUnavailableException Closed() =>
        new($"{_detail} (next request at {_notBefore.ToUniversalTime().ToString("HH:mm:ss", CultureInfo.InvariantCulture)} UTC)") { NotBefore = _notBefore };
}
