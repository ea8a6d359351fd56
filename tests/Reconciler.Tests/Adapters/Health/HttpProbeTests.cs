using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using Reconciler.Model;
using Xunit;

namespace Reconciler.Tests.Adapters.Health;

public sealed class HttpProbeTests
{
    [Theory]
    [InlineData("200 OK", new int[0], true)]
    [InlineData("204 No Content", new int[0], true)]
    [InlineData("401 Unauthorized", new[] { 200, 401 }, true)]
    [InlineData("301 Moved", new[] { 301 }, true)]
    [InlineData("200 OK", new[] { 401 }, false, "HTTP 200 from {0}/health, wanted 401")]
    [InlineData("503 Unavailable", new int[0], false, "HTTP 503 from {0}/health, wanted 2xx")]
    [InlineData("503 Unavailable", new[] { 200, 204 }, false, "HTTP 503 from {0}/health, wanted 200 or 204")]
    [InlineData("304 Not Modified", new int[0], false, "HTTP 304 from {0}/health, wanted 2xx")]
    public async Task Probe_Status_IsComparedWithTheWanted(string status, int[] wanted, bool passed, string? detail = null)
    {
        await using var server = new TinyServer(_ => TinyServer.Answer(status));

        var probed = await ProbeAsync(server.At("/health?token=secret"), statuses: [.. wanted]);

        Assert.Equal(passed, probed.Passed);
        Assert.Equal(detail is null ? $"HTTP {status[..3]} from {Origin(server)}/health" : Filled(detail, server), probed.Detail);
    }

    [Theory]
    [InlineData("all is well", "is well", true, "HTTP 200 from {0}/, with \"is well\" in the body")]
    [InlineData("all is lost", "is well", false, "HTTP 200 from {0}/, but its body does not contain \"is well\"")]
    [InlineData("grün", "rü", true, "HTTP 200 from {0}/, with \"rü\" in the body")]
    public async Task Probe_Body_MustContainTheText(string body, string wanted, bool passed, string detail)
    {
        await using var server = new TinyServer(_ => TinyServer.Answer("200 OK", body));

        var probed = await ProbeAsync(server.At("/"), contains: wanted);

        Assert.Equal((passed, Filled(detail, server)), (probed.Passed, probed.Detail));
    }

    [Theory]
    [InlineData(65536 - 4, true)]
    [InlineData(65536 - 3, false)]
    public async Task Probe_LongBody_IsReadToItsLimit(int before, bool passed)
    {
        await using var server = new TinyServer(_ => TinyServer.Answer("200 OK", new string('x', before) + "well" + new string('x', 500_000)));

        Assert.Equal(passed, (await ProbeAsync(server.At("/"), contains: "well")).Passed);
    }

    [Fact]
    public async Task Probe_RedirectWithinTheOrigin_IsFollowedWithoutCookies()
    {
        await using var server = new TinyServer(line => line.StartsWith("GET /new ", StringComparison.Ordinal)
            ? TinyServer.Answer("200 OK")
            : TinyServer.Answer("302 Found", headers: "Location: /new\r\nSet-Cookie: a=b\r\n"));

        var probed = await ProbeAsync(server.At("/old"));

        Assert.Equal((true, $"HTTP 200 from {Origin(server)}/new"), (probed.Passed, probed.Detail));
        Assert.DoesNotContain(server.Requests, request => request.Contains("Cookie", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("http://elsewhere.example/x?secret=1", "HTTP 302 from {0}/, which leads elsewhere (http://elsewhere.example/x), wanted 2xx")]
    [InlineData("https://127.0.0.1/", "HTTP 302 from {0}/, which leads elsewhere (https://127.0.0.1/), wanted 2xx")]
    [InlineData("file:///etc/passwd", "HTTP 302 from {0}/, wanted 2xx")]
    [InlineData("/", "HTTP 302 from {0}/, redirected too often, wanted 2xx")]
    public async Task Probe_RedirectAnywhereElse_IsNotFollowed(string location, string detail)
    {
        await using var server = new TinyServer(_ => TinyServer.Answer("302 Found", headers: $"Location: {location}\r\n"));

        var probed = await ProbeAsync(server.At("/"));

        Assert.Equal((false, Filled(detail, server)), (probed.Passed, probed.Detail));
    }

    [Fact]
    public async Task Probe_Twice_ConnectsTwice()
    {
        await using var server = new TinyServer(_ => TinyServer.Answer("200 OK"));

        await ProbeAsync(server.At("/"));
        await ProbeAsync(server.At("/"));

        Assert.Equal(2, server.Connections);
    }

    [Fact]
    public async Task Probe_NoAnswer_EndsAtItsLimit()
    {
        var clock = new FakeTimeProvider();
        await using var server = new TinyServer(_ => null);

        var probing = ProbeAsync(server.At("/"), clock: clock);
        await server.Asked.Task;
        clock.Advance(TimeSpan.FromSeconds(5));
        var probed = await probing;

        Assert.Equal((false, "no answer within 5 s", TimeSpan.FromSeconds(5)), (probed.Passed, probed.Detail, probed.Took));
    }

    [Fact]
    public async Task Probe_Cancelled_Throws()
    {
        using var stop = new CancellationTokenSource();
        await using var server = new TinyServer(_ => null);

        var probing = ProbeAsync(server.At("/"), cancellationToken: stop.Token);
        await server.Asked.Task;
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => probing);
    }

    [Theory]
    [InlineData("", "hung up without an answer")]
    [InlineData("SSH-2.0-OpenSSH\r\n", "no answer from")]
    public async Task Probe_NotHttp_SaysSo(string greeting, string detail)
    {
        await using var server = new TinyServer(_ => greeting, hangsUp: true);

        var probed = await ProbeAsync(server.At("/"));

        Assert.False(probed.Passed);
        Assert.Contains(detail, probed.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Probe_NobodyListens_SaysSo()
    {
        var port = FreePort();

        var http = await ProbeAsync(new Uri($"http://127.0.0.1:{port}/"));
        var tcp = await ProbeTcpAsync("127.0.0.1", port);

        Assert.Equal((false, $"no connection to http://127.0.0.1:{port}/: connection refused"), (http.Passed, http.Detail));
        Assert.Equal((false, $"no connection to 127.0.0.1:{port}: connection refused"), (tcp.Passed, tcp.Detail));
    }

    [Fact]
    public async Task Probe_NameThatDoesNotResolve_SaysSo()
    {
        var http = await ProbeAsync(new Uri("http://nowhere.invalid/"));
        var tcp = await ProbeTcpAsync("nowhere.invalid", 80);

        Assert.Equal("the name nowhere.invalid does not resolve, wanted an answer from http://nowhere.invalid/", http.Detail);
        Assert.Equal("the name nowhere.invalid does not resolve, wanted a connection to nowhere.invalid:80", tcp.Detail);
    }

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("::1", "[::1]")]
    [InlineData("localhost", "localhost")]
    public async Task Probe_Tcp_ConnectsOverBothFamilies(string host, string shown)
    {
        var address = host == "::1" ? IPAddress.IPv6Loopback : IPAddress.Loopback;
        Assert.SkipWhen(host == "::1" && !Socket.OSSupportsIPv6, "this machine has no IPv6");
        using var listener = new TcpListener(address, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        var probed = await ProbeTcpAsync(host, port);

        Assert.Equal((true, $"{shown}:{port} takes connections"), (probed.Passed, probed.Detail));
    }

    [Theory]
    [InlineData("127.0.0.1", 30, "its issuer is not among the trusted ones")]
    [InlineData("127.0.0.1", -1, "it has expired, or is not valid yet")]
    [InlineData("other.example", 30, "it was issued for another name")]
    public async Task Probe_BadCertificate_SaysWhatIsWrongWithIt(string name, int days, string trouble)
    {
        using var certificate = CertificateFor(name, days);
        await using var server = new TinyServer(_ => TinyServer.Answer("200 OK"), certificate);

        var probed = await ProbeAsync(server.At("/", "https"));

        Assert.False(probed.Passed);
        Assert.StartsWith($"the certificate of https://127.0.0.1:{server.Port}/ is not trusted: ", probed.Detail, StringComparison.Ordinal);
        Assert.Contains(trouble, probed.Detail, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    private static X509Certificate2 CertificateFor(string name, int days)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(name, out var address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(name);
        }

        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-100), now.AddDays(days));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static Task<ProbeResult> ProbeAsync(
        Uri address, ImmutableArray<int>? statuses = null, string? contains = null, TimeProvider? clock = null, CancellationToken? cancellationToken = null) =>
        HealthWith(clock).ProbeAsync(
            new HealthCheck.HttpAnswers("page", true, TimeSpan.FromSeconds(5), address, statuses ?? [], contains), [], cancellationToken ?? TestContext.Current.CancellationToken);

    private static Task<ProbeResult> ProbeTcpAsync(string host, int port) =>
        HealthWith(null).ProbeAsync(new HealthCheck.TcpConnects("port", true, TimeSpan.FromSeconds(5), host, port), [], CancellationToken.None);

    private static Reconciler.Adapters.Health.Health HealthWith(TimeProvider? clock) =>
        new(ScriptedProcesses.Writing(""), clock ?? TimeProvider.System, _ => Task.FromResult<string?>(null));

    private static string Origin(TinyServer server) => $"http://127.0.0.1:{server.Port}";

    private static string Filled(string detail, TinyServer server) => detail.Replace("{0}", Origin(server), StringComparison.Ordinal);
}
