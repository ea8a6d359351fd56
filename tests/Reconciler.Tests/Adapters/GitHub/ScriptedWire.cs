using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Reconciler.Tests.Adapters.GitHub;

/// <summary>Stands for the network: answers request after request as the test says, and keeps what came.</summary>
internal sealed class ScriptedWire(params Func<HttpRequestMessage, HttpResponseMessage>[] answers) : HttpMessageHandler
{
    private readonly Lock _lock = new();
    private readonly List<SeenRequest> _seen = [];
    private int _next;

    /// <summary>The requests that came, in order.</summary>
    public IReadOnlyList<SeenRequest> Seen
    {
        get
        {
            lock (_lock)
            {
                return [.. _seen];
            }
        }
    }

    /// <summary>Asked when a request comes in, for its time; may be null.</summary>
    public TimeProvider? Clock { get; init; }

    /// <summary>An answer as GitHub gives it.</summary>
    public static Func<HttpRequestMessage, HttpResponseMessage> Answer(HttpStatusCode status, string json = "{}", params (string Name, string Value)[] headers) => _ =>
    {
        var response = new HttpResponseMessage(status) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers)
        {
            response.Headers.TryAddWithoutValidation(name, value);
        }

        return response;
    };

    /// <summary>The connection breaks.</summary>
    public static Func<HttpRequestMessage, HttpResponseMessage> Break() => _ => throw new HttpRequestException(HttpRequestError.ConnectionError, "reset by peer");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        Func<HttpRequestMessage, HttpResponseMessage> answer;
        lock (_lock)
        {
            _seen.Add(new SeenRequest(
                request.Method, request.RequestUri!, request.Headers.Authorization, request.Headers.IfNoneMatch.ToString(), body, Clock?.GetUtcNow() ?? default));
            answer = _next < answers.Length ? answers[_next++] : throw new InvalidOperationException($"The script ends before {request.Method} {request.RequestUri}.");
        }

        var response = answer(request);
        response.RequestMessage = request;
        return response;
    }
}

/// <summary>A request that came.</summary>
internal sealed record SeenRequest(HttpMethod Method, Uri Address, AuthenticationHeaderValue? Authorization, string IfNoneMatch, string Body, DateTimeOffset At);
