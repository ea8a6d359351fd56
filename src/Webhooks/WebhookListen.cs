using System.Net;

namespace Webhooks;

/// <summary>Where deliveries come in.</summary>
public abstract record WebhookListen
{
    private const string UnixPrefix = "unix:";
    private const int LongestSocketPath = 107;

    private WebhookListen()
    {
    }

    /// <summary>Reads <c>127.0.0.1:9180</c>, <c>[::1]:9180</c> or <c>unix:/run/reconciler/webhook.sock</c>. Null when it is none of these.</summary>
    public static WebhookListen? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.StartsWith(UnixPrefix, StringComparison.Ordinal))
        {
            var path = text[UnixPrefix.Length..];
            return path.StartsWith('/') && path.Length <= LongestSocketPath ? new Unix(path) : null;
        }

        // Without a port, an address parses as one with port 0; the port must be written.
        return text.AsSpan().TrimEnd("0123456789").EndsWith(":") && IPEndPoint.TryParse(text, out var endpoint) ? new Tcp(endpoint) : null;
    }

    /// <summary>An address and a port; port 0 takes any that is free.</summary>
    public sealed record Tcp(IPEndPoint Endpoint) : WebhookListen;

    /// <summary>A Unix socket, by its path. Anybody on this machine may connect to it, as to a loopback port; the signature is the guard.</summary>
    public sealed record Unix(string Path) : WebhookListen;
}
