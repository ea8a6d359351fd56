using System.Globalization;
using System.Net.Http.Headers;
using Reconciler.Ports;

namespace Reconciler.Adapters.Rim;

/// <summary>Sends messages over HTTP that want no answer but whether they were taken: each to the address it names, and nowhere it is redirected to.</summary>
internal sealed class OneWayHttp(TimeProvider clock) : IDisposable
{
    private const int LongestAnswer = 64 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LongestAsked = TimeSpan.FromHours(6);

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
    })
    { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>A message in JSON.</summary>
    public static HttpRequestMessage Message(HttpMethod method, Uri address, byte[] body)
    {
        var request = new HttpRequestMessage(method, address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.UserAgent.ParseAdd("reconciler");
        return request;
    }

    /// <summary>Sends one. What is no good for ever is refused; anything that time or a person can mend is for later.</summary>
    /// <param name="request">The message.</param>
    /// <param name="words">How it is spoken of.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<ForgeAnswer> SendAsync(HttpRequestMessage request, OneWayWords words, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Patience, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            // Once the head of a good answer is there the message is taken: whatever follows must not have it sent again.
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
            words.Heard((int)response.StatusCode);
            return await AnswerAsync(response, words, both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ForgeAnswer.Later($"it did not answer within {Patience.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)} s", null);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return new ForgeAnswer.Later(words.Why(e), null);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<ForgeAnswer> AnswerAsync(HttpResponseMessage response, OneWayWords words, CancellationToken cancellationToken) => (int)response.StatusCode switch
    {
        >= 200 and < 300 => words.Rejection is { } reads && reads(await BeginningAsync(response, cancellationToken)) is { } rejection
            ? new ForgeAnswer.Refused(rejection)
            : new ForgeAnswer.Done(null, null),
        429 or 503 => new ForgeAnswer.Later($"it asks for a pause ({(int)response.StatusCode})", Asked(response)),
        401 or 403 or 404 or 405 or 410 => new ForgeAnswer.Later($"it answers {(int)response.StatusCode}: look at {words.LookAt}", null),
        >= 300 and < 400 => new ForgeAnswer.Later($"it redirects ({(int)response.StatusCode}), which is not followed: write the address it leads to", null),
        >= 500 or 408 => new ForgeAnswer.Later($"it answers {(int)response.StatusCode}", null),
        var code => new ForgeAnswer.Refused($"it refuses {words.What} with {code}"),
    };

    private static async Task<ReadOnlyMemory<byte>> BeginningAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            var buffer = new byte[LongestAnswer];
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            return buffer.AsMemory(0, await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken));
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            return default;
        }
    }

    private DateTimeOffset? Asked(HttpResponseMessage response)
    {
        var now = clock.GetUtcNow();
        return RetryAfter.Of(response, now) is { } asked ? now + TimeSpan.FromTicks(Math.Clamp(asked.Ticks, 0, LongestAsked.Ticks)) : null;
    }
}
