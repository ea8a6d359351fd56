using System.Net.Sockets;
using Reconciler.Model;

namespace Reconciler.Adapters.Health;

/// <summary>Looks whether a TCP connection can be made, over IPv6 or IPv4.</summary>
internal static class TcpProbe
{
    /// <summary>Connects once, and hangs up.</summary>
    public static async Task<Sighting> LookAsync(HealthCheck.TcpConnects check, CancellationToken cancellationToken)
    {
        var place = check.Host.Contains(':', StringComparison.Ordinal) ? $"[{check.Host}]:{check.Port}" : $"{check.Host}:{check.Port}";
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(check.Host, check.Port, cancellationToken);
            return Sighting.Good($"{place} takes connections");
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData)
        {
            return Sighting.Bad($"the name {check.Host} does not resolve, wanted a connection to {place}");
        }
        catch (SocketException e)
        {
            return Sighting.Bad($"no connection to {place}: {Words(e)}");
        }
    }

    /// <summary>What a socket's trouble is called.</summary>
    internal static string Words(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.HostUnreachable => "no route to the host",
        SocketError.NetworkUnreachable => "the network is unreachable",
        SocketError.ConnectionReset => "the connection was reset",
        SocketError.TimedOut => "the connection timed out",
        _ => e.Message,
    };
}
