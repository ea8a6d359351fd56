using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Reconciler.Configuration;
using Reconciler.Wire;

namespace Reconciler.Web;

/// <summary>Serves the control API on its Unix socket, apart from anything the network can reach.</summary>
internal sealed class ControlServer : IAsyncDisposable
{
    private const int LargestBody = 64 * 1024;
    private readonly WebApplication _application;

    /// <summary>Puts the server together; nothing is opened yet.</summary>
    public ControlServer(ControlSettings settings, ControlServices services, ILoggerFactory loggers)
    {
        // The empty builder reads no settings from files, environment or arguments: nothing but this constructor decides what is served.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(ControlServer).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Services.Replace(ServiceDescriptor.Singleton(loggers));
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            kestrel.Limits.MaxConcurrentConnections = 64;
            kestrel.Limits.MinRequestBodyDataRate = null;

            // A reader of a stream may sleep for hours; only its own machine is on the other end.
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.ListenUnixSocket(settings.Socket, endpoint => endpoint.Protocols = HttpProtocols.Http1);
        });
        builder.Services.Configure<SocketTransportOptions>(options =>
            options.CreateBoundListenSocket = endpoint => ControlSocket.Bind(endpoint, settings.Group, loggers.CreateLogger<ControlServer>()));
        _application = builder.Build();
        ControlEndpoints.Map(_application, services);
    }

    /// <summary>Opens the socket.</summary>
    /// <exception cref="IOException">It cannot be opened; the message names cause and cure.</exception>
    public Task StartAsync(CancellationToken cancellationToken) => _application.StartAsync(cancellationToken);

    /// <summary>Ends open requests and closes the socket.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _application.StopAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _application.DisposeAsync();
}
