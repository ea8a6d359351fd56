using System.Text.Json;
using Reconciler.Adapters.Rim;
using Reconciler.Configuration;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Adapters.Traces;

/// <summary>Sends traces to an OpenTelemetry collector, by OTLP over HTTP in JSON: one request a deployment, and nowhere it is redirected to.</summary>
internal sealed partial class OtlpTraces : ITraces, IDisposable
{
    private readonly HostName _host;
    private readonly Uri _address;
    private readonly string? _headersFile;
    private readonly string _version;
    private readonly ILogger<OtlpTraces> _logger;
    private readonly OneWayHttp _http;

    /// <summary>Makes it; nothing is sent yet.</summary>
    /// <param name="host">The host the traces are of.</param>
    /// <param name="endpoint">Where the collector is, ending in a slash.</param>
    /// <param name="headersFile">File with headers to send; null when none are.</param>
    /// <param name="version">The version of this program.</param>
    /// <param name="clock">The time.</param>
    /// <param name="logger">Hears of each answer.</param>
    public OtlpTraces(HostName host, Uri endpoint, string? headersFile, string version, TimeProvider clock, ILogger<OtlpTraces> logger)
    {
        (_host, _address, _headersFile, _version, _logger) = (host, new Uri(endpoint, TraceSettings.Path), headersFile, version, logger);
        _http = new OneWayHttp(clock);
    }

    /// <inheritdoc/>
    public async Task<ForgeAnswer> SendAsync(Deployment deployment, CancellationToken cancellationToken)
    {
        using var request = OneWayHttp.Message(HttpMethod.Post, _address, OtlpJson.Request(_host, _version, TraceBuilding.Of(_host, deployment)));
        if (_headersFile is not null && TraceHeaders.Set(_headersFile, request.Headers) is { } fault)
        {
            return new ForgeAnswer.Later(fault, null);
        }

        var words = new OneWayWords(
            "the trace", "traces.endpoint, and at the headers", e => BrokenConnection.Why(e, _address), status => LogSent(deployment.Id.Position, status), Rejected);
        return await _http.SendAsync(request, words, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    // A part that was rejected must not be sent again.
    private static string? Rejected(ReadOnlyMemory<byte> body)
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

    [LoggerMessage(Level = LogLevel.Debug, Message = "The collector answered the trace of deployment {Deployment} with {Status}")]
    private partial void LogSent(long deployment, int status);
}
