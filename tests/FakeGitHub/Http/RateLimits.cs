using System.Text.Json.Nodes;
using FakeGitHub.World;

namespace FakeGitHub.Http;

/// <summary>The primary rate limit: requests in an hour, by who sends them.</summary>
internal sealed class RateLimits(TimeProvider clock, int perHour)
{
    private readonly Dictionary<string, (int Used, DateTimeOffset Reset)> _used = [];

    public int LimitOf(Caller caller) => caller is Caller.Anonymous ? 60 : perHour;

    /// <summary>Counts one request.</summary>
    /// <returns>False when there is none left.</returns>
    public bool TryUse(Caller caller)
    {
        lock (_used)
        {
            var (used, reset) = Now(caller);
            if (used >= LimitOf(caller))
            {
                return false;
            }

            _used[caller.LimitKey] = (used + 1, reset);
            return true;
        }
    }

    /// <summary>Takes a request back: a 304 costs nothing.</summary>
    public void GiveBack(Caller caller)
    {
        lock (_used)
        {
            var (used, reset) = Now(caller);
            _used[caller.LimitKey] = (Math.Max(used - 1, 0), reset);
        }
    }

    public (int Limit, int Used, long Reset) Of(Caller caller)
    {
        lock (_used)
        {
            var (used, reset) = Now(caller);
            return (LimitOf(caller), used, reset.ToUnixTimeSeconds());
        }
    }

    public JsonObject Overview(Caller caller)
    {
        var resources = new JsonObject { ["core"] = Json(caller), ["search"] = Json(caller), ["graphql"] = Json(caller) };
        return new JsonObject { ["resources"] = resources, ["rate"] = Json(caller) };
    }

    private JsonObject Json(Caller caller)
    {
        var (limit, used, reset) = Of(caller);
        return new JsonObject { ["limit"] = limit, ["used"] = used, ["remaining"] = limit - used, ["reset"] = reset };
    }

    private (int Used, DateTimeOffset Reset) Now(Caller caller)
    {
        var now = clock.GetUtcNow();
        if (!_used.TryGetValue(caller.LimitKey, out var known) || known.Reset <= now)
        {
            _used[caller.LimitKey] = known = (0, now.AddHours(1));
        }

        return known;
    }
}
