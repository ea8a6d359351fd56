using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging;
using Reconciler.Adapters.Forge;

namespace Reconciler.Adapters.GitHub;

/// <summary>The innermost handler: reads an answer whole, up to a limit, and logs each exchange with the id GitHub gave it.</summary>
/// <remarks>Neither headers nor bodies are logged: they hold tokens and other people's words.</remarks>
internal sealed partial class ExchangeHandler(TimeProvider clock, ILogger logger) : DelegatingHandler
{
    private const int LargestBody = 32 * 1024 * 1024; // a hundred pull requests with the longest descriptions are about ten

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var (method, path, began) = (request.Method.Method, PlainText.Line(request.RequestUri!.AbsolutePath, 200), clock.GetTimestamp());
        HttpResponseMessage response;
        try
        {
            response = await base.SendAsync(request, cancellationToken);
            await BufferAsync(response, cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            LogBroken(method, path, Milliseconds(began), e.GetType().Name);
            throw;
        }

        var id = response.Headers.TryGetValues("x-github-request-id", out var ids) ? PlainText.Line(ids.FirstOrDefault(), 80) : "none";
        if ((int)response.StatusCode >= 400)
        {
            LogRefused(method, path, (int)response.StatusCode, id, Milliseconds(began));
        }
        else
        {
            LogAnswered(method, path, (int)response.StatusCode, id, Milliseconds(began));
        }

        return response;
    }

    private static async Task BufferAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var content = response.Content;
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        using var kept = new MemoryStream();
        var buffer = new byte[16 * 1024];
        for (int read; (read = await stream.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            if (kept.Length + read > LargestBody)
            {
                throw new IOException($"the answer is longer than {(LargestBody / 1024 / 1024).ToString(CultureInfo.InvariantCulture)} MiB");
            }

            await kept.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        var whole = new ByteArrayContent(kept.ToArray());
        foreach (var (name, values) in content.Headers.Where(header => header.Key != "Content-Length"))
        {
            whole.Headers.TryAddWithoutValidation(name, values);
        }

        response.Content = whole;
        content.Dispose();
    }

    private long Milliseconds(long began) => (long)clock.GetElapsedTime(began).TotalMilliseconds;

    [LoggerMessage(1, LogLevel.Debug, "{Method} {Path}: {Status} in {Milliseconds} ms, request {RequestId}")]
    private partial void LogAnswered(string method, string path, int status, string requestId, long milliseconds);

    [LoggerMessage(2, LogLevel.Information, "{Method} {Path}: {Status} in {Milliseconds} ms, request {RequestId}")]
    private partial void LogRefused(string method, string path, int status, string requestId, long milliseconds);

    [LoggerMessage(3, LogLevel.Information, "{Method} {Path}: no answer after {Milliseconds} ms ({Trouble})")]
    private partial void LogBroken(string method, string path, long milliseconds, string trouble);
}
