using System.Net.Sockets;
using System.Security.Authentication;
using Reconciler.Adapters.Rim;
using Xunit;

namespace Reconciler.Tests.Adapters.Rim;

public sealed class BrokenConnectionTests
{
    private static readonly Uri Address = new("https://hooks.example.org:8443/services/s3cret");

    public static TheoryData<Exception, string, string> Troubles => new()
    {
        {
            new HttpRequestException(HttpRequestError.NameResolutionError, "Name or service not known (hooks.example.org:8443)"),
            "the name hooks.example.org does not resolve: look at the network and at name resolution",
            "its name does not resolve: look at the network and at name resolution"
        },
        {
            new HttpRequestException("TLS", new AuthenticationException("RemoteCertificateNameMismatch")),
            "the certificate of hooks.example.org is not trusted: add its authority to the host's, or mend the host's clock",
            "its certificate is not trusted: add its authority to the host's, or mend the host's clock"
        },
        {
            new HttpRequestException("refused", new SocketException((int)SocketError.ConnectionRefused)),
            "hooks.example.org:8443 refuses connections: look at its address and at firewalls",
            "it refuses connections: look at its address and at firewalls"
        },
        {
            new HttpRequestException("outer", new IOException("The response\u001b[2J ended\r\nprematurely.")),
            "the connection to hooks.example.org:8443 broke: The response [2J ended prematurely.",
            "the connection to it broke"
        },
    };

    [Theory]
    [MemberData(nameof(Troubles))]
    public void Why_NamesCauseAndCure_AndNoMoreOfTheAddressThanItsServer(Exception trouble, string named, string unnamed)
    {
        Assert.Equal(named, BrokenConnection.Why(trouble, Address));
        Assert.Equal(unnamed, BrokenConnection.WhyUnnamed(trouble));
    }
}
