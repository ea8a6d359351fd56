using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Webhooks;

/// <summary>Opens the socket deliveries come in by.</summary>
internal static class WebhookSocket
{
    private const UnixFileMode Everybody =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>Binds. What a daemon that was killed left of a Unix socket is removed first.</summary>
    /// <exception cref="IOException">It cannot be opened; the message names cause and cure.</exception>
    public static Socket Bind(EndPoint endpoint)
    {
        try
        {
            if (endpoint is not UnixDomainSocketEndPoint)
            {
                return SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
            }

            RemoveStale(endpoint);
            var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
            File.SetUnixFileMode(endpoint.ToString()!, Everybody);
            return socket;
        }
        catch (Exception e) when (e is SocketException or UnauthorizedAccessException)
        {
            throw new IOException($"Webhooks cannot be received on {endpoint}: {e.Message} Choose another address, or make its directory writable (webhook.listen in the configuration).", e);
        }
    }

    private static void RemoveStale(EndPoint endpoint)
    {
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(endpoint);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionRefused)
        {
            File.Delete(endpoint.ToString()!);
        }
        catch (SocketException)
        {
            // Not there, or not ours to remove: binding says which.
        }
    }
}
