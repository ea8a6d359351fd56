namespace Reconciler.Adapters.Rim;

/// <summary>Reads the pause an answer of HTTP asks for. Pure.</summary>
internal static class RetryAfter
{
    /// <summary>What <c>retry-after</c> asks for; null when it is not there.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="now">The host's time, used only when the answer does not tell the server's: a clock that is wrong must not make a pause wrong.</param>
    public static TimeSpan? Of(HttpResponseMessage response, DateTimeOffset now) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - (response.Headers.Date ?? now),
        _ => null,
    };
}
