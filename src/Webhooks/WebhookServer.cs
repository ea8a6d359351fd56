using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Webhooks;

/// <summary>The endpoint with a server of its own, so that what the network can reach shares nothing with what it must not reach.</summary>
public sealed class WebhookServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    /// <summary>Puts the server together; nothing is opened yet.</summary>
    /// <exception cref="ArgumentException">The options cannot work; the message names each problem.</exception>
    public WebhookServer(WebhookOptions options, WebhookListen listen, WebhookPorts ports)
        : this(options, listen, ports, _ => { })
    {
    }

    /// <summary>For tests, which shorten what only Kestrel's own clock can measure.</summary>
    internal WebhookServer(WebhookOptions options, WebhookListen listen, WebhookPorts ports, Action<KestrelServerOptions> further)
    {
        ArgumentNullException.ThrowIfNull(ports);
        Receiver = new WebhookReceiver(options, ports);

        // The empty builder reads no settings from files, environment or arguments.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Services.Replace(ServiceDescriptor.Singleton<ILoggerFactory>(_ => new QuietLoggers(ports.Loggers, ports.Clock)));
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.UseWebhookLimits(options);
            kestrel.ListenForWebhooks(listen);
            further(kestrel);
        });
        builder.Services.Configure<SocketTransportOptions>(transport => transport.CreateBoundListenSocket = WebhookSocket.Bind);
        _application = builder.Build();
        _application.MapWebhook(Receiver);
    }

    /// <summary>What hears; its status can be asked at any time.</summary>
    public WebhookReceiver Receiver { get; }

    /// <summary>Where it listens, once started, such as <c>http://127.0.0.1:9180</c>.</summary>
    public string Address => _application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>Opens the socket and begins to tell the listener.</summary>
    /// <exception cref="IOException">It cannot be opened; the message names cause and cure.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _application.StartAsync(cancellationToken);
        _running = Receiver.RunAsync(_stopping.Token);
    }

    /// <summary>Answers what is under way, closes the socket, and saves what was heard.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _application.StopAsync(cancellationToken);
        await _stopping.CancelAsync();
        await _running;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        await _application.DisposeAsync();
        _stopping.Dispose();
    }
}
