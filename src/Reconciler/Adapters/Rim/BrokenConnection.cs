using System.Net.Sockets;
using System.Security.Authentication;
using Reconciler.Model;

namespace Reconciler.Adapters.Rim;

/// <summary>Says why a request of HTTP got no answer. Pure.</summary>
internal static class BrokenConnection
{
    private const int LongestDetail = 200;

    /// <summary>Cause and cure, naming whom it was sent to.</summary>
    /// <param name="trouble">What the client threw.</param>
    /// <param name="address">Whom it was sent to.</param>
    public static string Why(Exception trouble, Uri address) =>
        Known(trouble, $"the name {address.Host}", $"the certificate of {address.Host}", address.Authority)
        ?? $"the connection to {address.Authority} broke: {OneLine.Of(trouble.InnerException?.Message ?? trouble.Message, LongestDetail)}";

    /// <summary>The same for an address that may be a secret: nothing of it is told, nor the client's own words, which may name it.</summary>
    public static string WhyUnnamed(Exception trouble) => Known(trouble, "its name", "its certificate", "it") ?? "the connection to it broke";

    private static string? Known(Exception trouble, string name, string certificate, string server) => (trouble, trouble.InnerException) switch
    {
        (HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError }, _) =>
            $"{name} does not resolve: look at the network and at name resolution",
        (_, AuthenticationException) => $"{certificate} is not trusted: add its authority to the host's, or mend the host's clock",
        (_, SocketException { SocketErrorCode: SocketError.ConnectionRefused }) => $"{server} refuses connections: look at its address and at firewalls",
        _ => null,
    };
}
