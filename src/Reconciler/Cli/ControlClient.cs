using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Reconciler.Wire;

namespace Reconciler.Cli;

/// <summary>Talks to the daemon over its control socket.</summary>
/// <param name="socketPath">Where the socket is.</param>
/// <param name="group">The group that may use it, for the error text; null when only root may.</param>
/// <param name="version">Version of this program.</param>
internal sealed class ControlClient(string socketPath, string? group, string version) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectCallback = async (_, cancellationToken) => new NetworkStream(await ConnectAsync(socketPath, group, cancellationToken), ownsSocket: true),
    })
    {
        BaseAddress = new Uri("http://reconciler"),
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Asks for a document.</summary>
    /// <exception cref="ControlException">There is no answer, or it is an error.</exception>
    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Get, path, null, cancellationToken);
        return await ReadAsync(response, type, cancellationToken);
    }

    /// <summary>Makes a request; a refusal is an answer, too.</summary>
    /// <exception cref="ControlException">There is no answer, or it is an error.</exception>
    public async Task<AnswerDocument> PostAsync(string path, CancellationToken cancellationToken) =>
        await PostAsync(path, "", cancellationToken);

    /// <inheritdoc cref="PostAsync(string, CancellationToken)"/>
    public async Task<AnswerDocument> PostAsync<T>(string path, T body, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        await PostAsync(path, JsonSerializer.Serialize(body, type), cancellationToken);

    /// <summary>Reads a stream of lines until it ends.</summary>
    /// <exception cref="ControlException">There is no answer, it is an error, or it breaks off.</exception>
    public IAsyncEnumerable<string> LinesAsync(string path, CancellationToken cancellationToken) =>
        LinesAsync(HttpMethod.Get, path, null, cancellationToken);

    /// <summary>Makes a request that is answered by a stream of documents, one a line.</summary>
    /// <exception cref="ControlException">There is no answer, it is an error, or it breaks off.</exception>
    public async IAsyncEnumerable<T> StreamAsync<T>(
        HttpMethod method, string path, string? body, JsonTypeInfo<T> type, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var line in LinesAsync(method, path, body, cancellationToken))
        {
            yield return Parse(line, type);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<AnswerDocument> PostAsync(string path, string body, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Post, path, body, cancellationToken);
        return await ReadAsync(response, WireJson.Default.AnswerDocument, cancellationToken);
    }

    private async IAsyncEnumerable<string> LinesAsync(
        HttpMethod method, string path, string? body, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var response = await SendAsync(method, path, body, cancellationToken);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        while (await NextLineAsync(reader, cancellationToken) is { } line)
        {
            yield return line;
        }
    }

    private static async Task<string?> NextLineAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadLineAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw new ControlException(ExitCode.Unreachable, "The daemon went away while it answered.", "See: systemctl status reconciler", e);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (HttpRequestException e)
        {
            throw e.InnerException as ControlException
                ?? new ControlException(ExitCode.Unreachable, $"The daemon at {socketPath} does not answer as it should: {e.Message}", "See: systemctl status reconciler", e);
        }

        try
        {
            CheckVersion(response);
            if (!response.IsSuccessStatusCode && response.StatusCode != HttpStatusCode.Conflict)
            {
                var error = await ReadAsync(response, WireJson.Default.ErrorDocument, cancellationToken);
                throw new ControlException(ExitCode.Failed, error.Message);
            }

            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private void CheckVersion(HttpResponseMessage response)
    {
        var spoken = First(response, WireJson.ApiHeader);
        if (spoken is null)
        {
            throw new ControlException(ExitCode.Unreachable, $"What answers at {socketPath} is not Reconciler.", "Check control.socket in the configuration.");
        }

        if (spoken != $"{WireJson.ApiVersion}")
        {
            throw new ControlException(
                ExitCode.Unreachable,
                $"The daemon is version {First(response, WireJson.VersionHeader) ?? "unknown"} and speaks control API {spoken}; this program is {version} and speaks {WireJson.ApiVersion}.",
                "Restart the daemon with the installed version: systemctl restart reconciler");
        }
    }

    private static string? First(HttpResponseMessage response, string header) =>
        response.Headers.TryGetValues(header, out var values) ? Plain.Line(values.First(), 40) : null;

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        try
        {
            return Parse(await response.Content.ReadAsStringAsync(cancellationToken), type);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw new ControlException(ExitCode.Unreachable, "The daemon went away while it answered.", "See: systemctl status reconciler", e);
        }
    }

    private static T Parse<T>(string text, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(text, type) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new ControlException(ExitCode.Unreachable, "The daemon's answer is not understood; program and daemon may be of different versions.", "Restart the daemon: systemctl restart reconciler", e);
        }
    }

    private static async Task<Socket> ConnectAsync(string path, string? group, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return socket;
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            socket.Dispose();
            var (cause, cure) = Trouble(path, group, e);
            throw new ControlException(ExitCode.Unreachable, cause, cure, e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static (string Cause, string Cure) Trouble(string path, string? group, Exception e) => (e as SocketException)?.SocketErrorCode switch
    {
        SocketError.AccessDenied when group is not null => ($"You may not use {path}.", $"Run as root, or join the group '{group}' (usermod -aG {group} $USER, then log in again)."),
        SocketError.AccessDenied => ($"You may not use {path}.", "Run as root."),
        SocketError.ConnectionRefused => ($"The daemon is not running (nobody listens at {path}).", "Start it with: systemctl start reconciler"),
        SocketError.AddressNotAvailable => ($"The daemon is not running ({path} is not there).", "Start it with: systemctl start reconciler"),
        _ => ($"The daemon cannot be reached at {path}: {e.Message}", "Is it running? See: systemctl status reconciler"),
    };
}
