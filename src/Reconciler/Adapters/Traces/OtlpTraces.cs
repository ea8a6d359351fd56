using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using Reconciler.Configuration;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Adapters.Traces;

/// <summary>Sends traces to an OpenTelemetry collector, by OTLP over HTTP in JSON: one request a deployment, and nowhere it is redirected to.</summary>
internal sealed partial class OtlpTraces : ITraces, IDisposable
{
    private const int LargestAnswer = 64 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LongestAsked = TimeSpan.FromHours(6);
    private readonly HostName _host;
    private readonly Uri _address;
    private readonly string? _headersFile;
    private readonly string _version;
    private readonly TimeProvider _clock;
    private readonly ILogger<OtlpTraces> _logger;
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
    })
    { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = LargestAnswer };

    /// <summary>Makes it; nothing is sent yet.</summary>
    /// <param name="host">The host the traces are of.</param>
    /// <param name="endpoint">Where the collector is, ending in a slash.</param>
    /// <param name="headersFile">File with headers to send; null when none are.</param>
    /// <param name="version">The version of this program.</param>
    /// <param name="clock">The time.</param>
    /// <param name="logger">Hears of each answer.</param>
    public OtlpTraces(HostName host, Uri endpoint, string? headersFile, string version, TimeProvider clock, ILogger<OtlpTraces> logger) =>
        (_host, _address, _headersFile, _version, _clock, _logger) = (host, new Uri(endpoint, TraceSettings.Path), headersFile, version, clock, logger);

    /// <inheritdoc/>
    public async Task<ForgeAnswer> SendAsync(Deployment deployment, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Patience, _clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Post, _address)
        {
            Content = new ByteArrayContent(OtlpJson.Request(_host, _version, TraceBuilding.Of(_host, deployment))),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.UserAgent.ParseAdd("reconciler");
        if (_headersFile is not null && TraceHeaders.Set(_headersFile, request.Headers) is { } fault)
        {
            return new ForgeAnswer.Later(fault, null);
        }

        try
        {
            using var response = await _http.SendAsync(request, both.Token);
            LogSent(deployment.Id.Position, (int)response.StatusCode);
            return await AnswerAsync(response, both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ForgeAnswer.Later($"it did not answer within {Patience.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)} s", null);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return new ForgeAnswer.Later(Why(e), null);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    // The protocol says which answers may be tried again: 429, 502, 503 and 504. What a person can mend at either end is tried, too.
    private async Task<ForgeAnswer> AnswerAsync(HttpResponseMessage response, CancellationToken cancellationToken) => (int)response.StatusCode switch
    {
        >= 200 and < 300 => Rejected(await response.Content.ReadAsByteArrayAsync(cancellationToken)) is { } rejected
            ? new ForgeAnswer.Refused(rejected)
            : new ForgeAnswer.Done(null, null),
        429 or 503 => new ForgeAnswer.Later($"it asks for a pause ({(int)response.StatusCode})", Asked(response)),
        401 or 403 or 404 or 405 or 410 => new ForgeAnswer.Later($"it answers {(int)response.StatusCode}: look at traces.endpoint, and at the headers", null),
        >= 300 and < 400 => new ForgeAnswer.Later($"it redirects ({(int)response.StatusCode}), which is not followed: write the address it leads to", null),
        >= 500 or 408 => new ForgeAnswer.Later($"it answers {(int)response.StatusCode}", null),
        var code => new ForgeAnswer.Refused($"it refuses the trace with {code}"),
    };

    // A part that was rejected must not be sent again.
    private static string? Rejected(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("partialSuccess", out var part)
                && part.ValueKind == JsonValueKind.Object && part.TryGetProperty("rejectedSpans", out var spans) && spans.ToString() is not ("0" or ""))
            {
                var why = part.TryGetProperty("errorMessage", out var message) ? message.ToString() : "";
                return $"it rejects spans ({OneLine.Of(spans.ToString(), 20)}): {OneLine.Of(why)}";
            }
        }
        catch (JsonException)
        {
            // The status says that all is well, and so does an answer in other words.
        }

        return null;
    }

    private DateTimeOffset? Asked(HttpResponseMessage response)
    {
        var now = _clock.GetUtcNow();
        var wait = response.Headers.RetryAfter switch { { Delta: { } delta } => delta, { Date: { } date } => date - now, _ => (TimeSpan?)null };
        return wait is { } asked ? now + TimeSpan.FromTicks(Math.Clamp(asked.Ticks, 0, LongestAsked.Ticks)) : null;
    }

    private string Why(Exception trouble) => (trouble, trouble.InnerException) switch
    {
        (HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError }, _) => $"the name {_address.Host} does not resolve: look at the network and at name resolution",
        (_, AuthenticationException) => $"the certificate of {_address.Host} is not trusted: add its authority to the host's, or mend the host's clock",
        (_, SocketException { SocketErrorCode: SocketError.ConnectionRefused }) => $"{_address.Authority} refuses connections: look at traces.endpoint and at firewalls",
        _ => $"the connection to {_address.Authority} broke",
    };

    [LoggerMessage(Level = LogLevel.Debug, Message = "The collector answered the trace of deployment {Deployment} with {Status}")]
    private partial void LogSent(long deployment, int status);
}
