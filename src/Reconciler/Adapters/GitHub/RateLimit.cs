using System.Globalization;

namespace Reconciler.Adapters.GitHub;

/// <summary>What an answer says of the primary rate limit.</summary>
/// <param name="Limit">Requests allowed in an hour.</param>
/// <param name="Remaining">Requests left.</param>
/// <param name="ResetsIn">When they are all there again.</param>
internal sealed record RateLimit(long Limit, long Remaining, TimeSpan ResetsIn)
{
    /// <summary>Reads the headers of an answer; null when they are not there, as on an Enterprise Server without limits.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="now">The host's time, used only when the answer does not tell GitHub's: a clock that is wrong must not make a pause wrong.</param>
    public static RateLimit? Of(HttpResponseMessage response, DateTimeOffset now) =>
        Number(response, "x-ratelimit-remaining") is { } remaining && Number(response, "x-ratelimit-reset") is { } reset
            ? new RateLimit(Number(response, "x-ratelimit-limit") ?? 0, remaining, Until(reset, response.Headers.Date ?? now))
            : null;

    // A second more: the header is in whole seconds.
    private static TimeSpan Until(long reset, DateTimeOffset now) =>
        TimeSpan.FromSeconds(Math.Clamp(reset - now.ToUnixTimeSeconds(), 0, 24 * 3600) + 1);

    private static long? Number(HttpResponseMessage response, string header) =>
        response.Headers.TryGetValues(header, out var values)
        && long.TryParse(values.FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
