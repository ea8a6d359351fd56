using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Webhooks.Limits;

/// <summary>Who a request is charged to: an IPv4 address, an IPv6 network of 64 bits, or the Unix socket (null).</summary>
internal readonly record struct Source(IPAddress? Address)
{
    /// <summary>
    /// The peer; or what a proxy on this machine says about its peer, when that is trusted. Of <c>X-Forwarded-For</c> only the last address counts:
    /// the proxy wrote it, while everything before it may have come from the sender.
    /// </summary>
    public static Source Of(HttpContext context, bool trustForwardedFor)
    {
        var peer = context.Connection.RemoteIpAddress;
        var isLocal = peer is null || IPAddress.IsLoopback(peer);
        return isLocal && trustForwardedFor && LastForwarded(context.Request.Headers) is { } forwarded ? new(Network(forwarded)) : new(peer is null ? null : Network(peer));
    }

    /// <inheritdoc/>
    public override string ToString() => Address is null ? "the Unix socket" : Address.ToString();

    private static IPAddress? LastForwarded(IHeaderDictionary headers)
    {
        var value = headers["X-Forwarded-For"] is { Count: > 0 } values ? values[^1] : null;
        var last = value.AsSpan(value is null ? 0 : value.LastIndexOf(',') + 1).Trim();
        return IPEndPoint.TryParse(last, out var endpoint) ? endpoint.Address : null;
    }

    // Whoever has one IPv6 address has a whole network of them.
    private static IPAddress Network(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        if (address.AddressFamily is not AddressFamily.InterNetworkV6 || IPAddress.IsLoopback(address))
        {
            return address;
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return new IPAddress(bytes);
    }
}
