using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using Reconciler.Adapters.Rim;

namespace Reconciler.Adapters.Forge.Http;

/// <summary>Asks a forge's API, one JSON document at a time: with a token read for each request, and no further than to its own origin.</summary>
/// <remarks>What concerns the forge as a whole is thrown as <see cref="ForgeTroubleException"/>; what concerns a request is its answer.</remarks>
internal sealed partial class ForgeHttp : IDisposable
{
    private const int MostRedirects = 3;
    private const int LargestBody = 32 * 1024 * 1024;
    private readonly ForgeAccess _access;
    private readonly ForgeGate _gate;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly HttpClient _http;
    private readonly SocketsHttpHandler _handler = new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.GZip,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
        PooledConnectionLifetime = TimeSpan.FromMinutes(30), // names are looked up again
    };

    /// <summary>Makes one.</summary>
    public ForgeHttp(ForgeAccess access, TimeProvider clock, ILogger logger)
    {
        (_access, _clock, _logger, _gate) = (access, clock, logger, new ForgeGate(clock));
        _http = new HttpClient(_handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = LargestBody };
    }

    /// <summary>Asks for a document.</summary>
    /// <param name="path">Relative to the API's root, escaped.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public Task<ForgeReply> GetAsync(string path, CancellationToken cancellationToken) => SendAsync(HttpMethod.Get, path, null, cancellationToken);

    /// <summary>Sends a document.</summary>
    public Task<ForgeReply> SendAsync<T>(HttpMethod method, string path, T body, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        SendAsync(method, path, JsonSerializer.SerializeToUtf8Bytes(body, type), cancellationToken);

    /// <summary>Everything of a list that comes in pages, at most <paramref name="most"/> of it.</summary>
    /// <param name="path">Relative to the API's root, with a query; the page is added.</param>
    /// <param name="size">How many a page has.</param>
    /// <param name="most">At most so many are asked for.</param>
    /// <param name="type">How a page is read.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <remarks>Page addresses a forge gives lead to the address it believes to have, which need not be the one it was asked at; so only their being there counts.</remarks>
    public async Task<List<T>> ListAsync<T>(string path, int size, int most, JsonTypeInfo<T[]> type, CancellationToken cancellationToken)
    {
        var all = new List<T>();
        for (var page = 1; all.Count < most; page++)
        {
            var reply = Well(await GetAsync($"{path}&page={page.ToString(CultureInfo.InvariantCulture)}", cancellationToken), "list");
            var items = reply.Read(type);
            all.AddRange(items);
            if (items.Length == 0 || !(reply.Link?.Contains("rel=\"next\"", StringComparison.Ordinal) ?? items.Length >= size))
            {
                break;
            }
        }

        return all.Count > most ? all[..most] : all;
    }

    /// <summary>The answer, when it is good.</summary>
    /// <param name="reply">The answer.</param>
    /// <param name="what">What was wanted, for people, such as <c>open a pull request</c>.</param>
    /// <exception cref="ForgeTroubleException">It is not.</exception>
    public ForgeReply Well(ForgeReply reply, string what)
    {
        if (reply.IsWell)
        {
            return reply;
        }

        var said = reply.Message is { Length: > 0 } message ? $" (\"{message}\")" : "";
        throw reply.Status switch
        {
            HttpStatusCode.Forbidden => ForgeTroubleException.Later($"{_access.Forge} does not allow the token to {what}{said}: give it that permission"),
            HttpStatusCode.NotFound => ForgeTroubleException.Later(
                $"{_access.Forge} finds nothing to {what}{said}: it is gone, or the repository's name is wrong, or the token may not see it"),
            // It may be one document's fault, such as a commit an old Gitea does not have: nothing else has to wait for it.
            HttpStatusCode.InternalServerError => ForgeTroubleException.Later($"{_access.Forge} broke over the wish to {what}{said}: its own log tells why"),
            >= HttpStatusCode.InternalServerError or HttpStatusCode.RequestTimeout or HttpStatusCode.Conflict or HttpStatusCode.Locked or (HttpStatusCode)425 =>
                ForgeTroubleException.Later($"{_access.Forge} answered the wish to {what} with {(int)reply.Status}{said}"),
            _ => ForgeTroubleException.Refused($"{_access.Forge} refuses to {what} with {(int)reply.Status}{said}"),
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _handler.Dispose();
    }

    private async Task<ForgeReply> SendAsync(HttpMethod method, string path, byte[]? body, CancellationToken cancellationToken)
    {
        _gate.Pass();
        var token = Token();
        using var limit = new CancellationTokenSource(_access.Timeout, _clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await FollowAsync(method, new Uri(_access.Root, path), body, token, both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw _gate.Close($"{_access.Root.Authority} did not answer within {_access.Timeout.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)} s: look at the network", null);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            // Who may open pull requests and comment may make an answer as long as they like: nothing else has to wait for it.
            throw ForgeTroubleException.Later($"{_access.Forge} sent an answer longer than {LargestBody / (1024 * 1024)} MiB, which is not read");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw _gate.Close(BrokenConnection.Why(e, _access.Root), null);
        }
    }

    private string Token()
    {
        if (_access.IsInTheClear)
        {
            throw ForgeTroubleException.Later($"{_access.Root.Authority} would be sent the token unencrypted: use an https address");
        }

        return SecretFile.TryReadToken(_access.TokenFile, out var token, out var fault) ? token : throw ForgeTroubleException.Later(fault);
    }

    private async Task<ForgeReply> FollowAsync(HttpMethod method, Uri address, byte[]? body, string token, CancellationToken cancellationToken)
    {
        for (var hop = 0; ; hop++)
        {
            using var response = await ExchangeAsync(method, address, body, token, cancellationToken);
            if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect))
            {
                return await TakeAsync(response, token, cancellationToken);
            }

            // A renamed repository answers so. Method and body stay, and nobody else is shown the token.
            var next = response.Headers.Location is { } location && Uri.TryCreate(address, location, out var found) ? found : null;
            if (next is null || hop >= MostRedirects || next.GetLeftPart(UriPartial.Authority) != _access.Root.GetLeftPart(UriPartial.Authority))
            {
                throw _gate.Close(
                    $"{_access.Root.Authority} redirects to {PlainText.Line(next?.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped) ?? "nowhere", 200)}: "
                    + "not followed; look at the address of the API and the repository's name",
                    null);
            }

            address = next;
        }
    }

    private async Task<HttpResponseMessage> ExchangeAsync(HttpMethod method, Uri address, byte[]? body, string token, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, address);
        request.Headers.Authorization = new AuthenticationHeaderValue(_access.Scheme, token);
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.UserAgent.ParseAdd("reconciler");
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        }

        var began = _clock.GetTimestamp();
        var response = await _http.SendAsync(request, cancellationToken);
        LogExchange(method.Method, PlainText.Line(address.AbsolutePath, 200), (int)response.StatusCode, (long)_clock.GetElapsedTime(began).TotalMilliseconds);
        return response;
    }

    private async Task<ForgeReply> TakeAsync(HttpResponseMessage response, string token, CancellationToken cancellationToken)
    {
        var asked = RetryAfter.Of(response, _clock.GetUtcNow());
        var status = response.StatusCode;
        switch (status)
        {
            case HttpStatusCode.Unauthorized:
                throw _gate.Close($"{_access.Forge} does not know the token in {_access.TokenFile} (401): it has expired or was revoked; write a new one there", asked);
            case HttpStatusCode.TooManyRequests:
                throw _gate.Close($"{_access.Forge} asks for a pause, as too much was asked of it (429)", asked);
            case HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout:
                throw _gate.Close($"{_access.Root.Authority} answers {(int)status}: {_access.Forge} or something on the way to it is down", asked);
            default:
                break;
        }

        // A proxy's sign-in page answers 200 too.
        if (response.IsSuccessStatusCode && response.Content.Headers.ContentType?.MediaType is { } type && !type.EndsWith("json", StringComparison.Ordinal))
        {
            throw _gate.Close($"{_access.Root} answers with {PlainText.Line(type, 60)}, which is not {_access.Forge}'s API: look at its address, and at proxies", null);
        }

        _gate.Well();
        var text = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        var link = response.Headers.TryGetValues("Link", out var links) ? string.Join(", ", links) : null;
        return new ForgeReply(_access.Forge, status, response.IsSuccessStatusCode ? text : Redact(text, token), link);
    }

    // A complaint may quote what it was sent, and is shown to people.
    private static byte[] Redact(byte[] text, string token) =>
        System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(text).Replace(token, "***", StringComparison.Ordinal));

    [LoggerMessage(1, LogLevel.Debug, "{Method} {Path}: {Status} in {Milliseconds} ms")]
    private partial void LogExchange(string method, string path, int status, long milliseconds);
}
