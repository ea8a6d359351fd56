using System.Diagnostics;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Webhooks;

/// <summary>Sets Kestrel up for requests from the open network.</summary>
public static class WebhookKestrel
{
    private const int HeaderBytes = 32 * 1024;
    private const int RequestLineBytes = 4 * 1024;
    private const int Headers = 64;
    private const double SlowestBytesPerSecond = 240;
    private static readonly TimeSpan HeaderTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>Bounds headers, connections and time. Bodies are bounded by the endpoint itself, and here once more, with room for chunk headers.</summary>
    public static void UseWebhookLimits(this KestrelServerOptions kestrel, WebhookOptions options)
    {
        ArgumentNullException.ThrowIfNull(kestrel);
        ArgumentNullException.ThrowIfNull(options);
        kestrel.AddServerHeader = false;
        var limits = kestrel.Limits;
        limits.MaxRequestHeadersTotalSize = HeaderBytes;
        limits.MaxRequestHeaderCount = Headers;
        limits.MaxRequestLineSize = RequestLineBytes;
        limits.RequestHeadersTimeout = HeaderTime;
        limits.KeepAliveTimeout = IdleTime;
        limits.MaxConcurrentConnections = options.MaxConnections;
        limits.MaxConcurrentUpgradedConnections = 0;
        limits.MaxRequestBodySize = (2L * options.BodyLimit) + HeaderBytes;
        limits.MinRequestBodyDataRate = new MinDataRate(SlowestBytesPerSecond, Grace);
        limits.MinResponseDataRate = new MinDataRate(SlowestBytesPerSecond, Grace);
    }

    /// <summary>Listens, for HTTP/1.1 only. TLS is a proxy's business.</summary>
    public static void ListenForWebhooks(this KestrelServerOptions kestrel, WebhookListen listen)
    {
        ArgumentNullException.ThrowIfNull(kestrel);
        switch (listen)
        {
            case WebhookListen.Tcp tcp:
                kestrel.Listen(tcp.Endpoint, endpoint => endpoint.Protocols = HttpProtocols.Http1);
                break;
            case WebhookListen.Unix unix:
                kestrel.ListenUnixSocket(unix.Path, endpoint => endpoint.Protocols = HttpProtocols.Http1);
                break;
            default:
                throw new UnreachableException();
        }
    }
}
