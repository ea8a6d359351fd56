using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Reconciler.Tests.Making;
using Xunit;

namespace Reconciler.Tests.Adapters.Rim;

/// <summary>What tests of senders begin with: a server on this machine that keeps what it is sent, a clock and a folder.</summary>
public abstract class HearingTests : IAsyncLifetime
{
    private protected static readonly DateTimeOffset At = new(2026, 3, 3, 12, 0, 0, TimeSpan.Zero);
    private protected readonly TempFolder _folder = new();
    private protected readonly List<(string Line, HeaderDictionary Headers, byte[] Body)> _heard = [];
    private protected readonly FakeTimeProvider _clock = new(At);
    private protected int _status = 200;
    private protected string _answer = "";
    private protected string? _retryAfter;
    private WebApplication? _server;

    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    private protected string Address => _server!.Urls.First();

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddLogging(logging => logging.ClearProviders());
        _server = builder.Build();
        _server.Run(HearAsync);
        await _server.StartAsync(Stop);
    }

    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task HearAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, Stop);
        var headers = new HeaderDictionary(context.Request.Headers.ToDictionary(header => header.Key, header => header.Value));
        _heard.Add(($"{context.Request.Method} {context.Request.Path}", headers, body.ToArray()));
        context.Response.StatusCode = _status;
        if (_retryAfter is { } wait)
        {
            context.Response.Headers.RetryAfter = wait;
        }

        await context.Response.WriteAsync(_answer, Stop);
    }
}
