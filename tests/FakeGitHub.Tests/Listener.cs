using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FakeGitHub.Tests;

/// <summary>Takes webhooks and keeps them.</summary>
internal sealed class Listener : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(IHeaderDictionary Headers, byte[] Body)> _got = new();

    private Listener(WebApplication app) => _app = app;

    public string Address => $"{_app.Urls.Single()}/hook";

    public int Answer { get; set; } = 202;

    public IReadOnlyList<(IHeaderDictionary Headers, byte[] Body)> Got => [.. _got];

    public static async Task<Listener> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(x => x.Listen(System.Net.IPAddress.Loopback, 0));
        var app = builder.Build();
        var listener = new Listener(app);
        app.Run(listener.TakeAsync);
        await app.StartAsync(Hub.Stop);
        return listener;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, Hub.Stop);
        _got.Enqueue((new HeaderDictionary(context.Request.Headers.ToDictionary()), body.ToArray()));
        context.Response.StatusCode = Answer;
    }
}
