using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Reconciler.Configuration;

namespace Reconciler.Web;

/// <summary>Serves the status page and its JSON API on a listener of their own, apart from the control socket and the webhook.</summary>
internal sealed class StatusSite : IAsyncDisposable
{
    private const int Connections = 256;
    private const int LargestBody = 1024;
    private const int LargestHeaders = 32 * 1024;
    private static readonly TimeSpan HeaderTime = TimeSpan.FromSeconds(10);
    private readonly WebApplication _application;
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Puts the server together; nothing is opened yet.</summary>
    public StatusSite(PageSettings settings, SiteServices services, ILoggerFactory loggers)
    {
        // The empty builder reads no settings from files, environment or arguments: nothing but this constructor decides what is served.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(StatusSite).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Services.Replace(ServiceDescriptor.Singleton(loggers));
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel => Configure(kestrel, settings));
        builder.Services.Configure<SocketTransportOptions>(options => options.CreateBoundListenSocket = endpoint => endpoint is UnixDomainSocketEndPoint
            ? ControlSocket.Bind(endpoint, settings.Group, "page's socket", "page.listen", loggers.CreateLogger<StatusSite>())
            : SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint));
        _application = builder.Build();
        var guard = new SiteGuard(settings, services.Board.Current.Host);
        _application.Use(guard.GuardAsync);
        _application.Use(SiteAnswer.GuardAsync);
        _application.UseRouting();
        SiteRoutes.Map(_application, services, _stopping.Token);
    }

    /// <summary>Where it listens, once started, such as <c>http://127.0.0.1:9181</c>.</summary>
    public string Address => _application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>Opens the socket.</summary>
    /// <exception cref="IOException">It cannot be opened; the message names cause and cure.</exception>
    public Task StartAsync(CancellationToken cancellationToken) => _application.StartAsync(cancellationToken);

    /// <summary>Ends streams, answers what is under way and closes the socket.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _application.StopAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _application.DisposeAsync();
        _stopping.Dispose();
    }

    private static void Configure(KestrelServerOptions kestrel, PageSettings settings)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = LargestBody;
        kestrel.Limits.MaxRequestHeadersTotalSize = LargestHeaders;
        kestrel.Limits.RequestHeadersTimeout = HeaderTime;
        kestrel.Limits.MaxConcurrentConnections = Connections;
        kestrel.Limits.MaxConcurrentUpgradedConnections = 0;
        switch (settings.ListenOn())
        {
            case ({ } address, _):
                kestrel.Listen(address, endpoint => endpoint.Protocols = HttpProtocols.Http1);
                break;
            case (_, { } socket):
                kestrel.ListenUnixSocket(socket, endpoint => endpoint.Protocols = HttpProtocols.Http1);
                break;
            default:
                throw new InvalidOperationException("A page without an address was to be served.");
        }
    }
}
