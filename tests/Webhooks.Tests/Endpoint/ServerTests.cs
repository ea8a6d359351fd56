using System.Net;
using System.Net.Sockets;
using System.Text;
using Webhooks.Tests.Making;
using Xunit;

namespace Webhooks.Tests.Endpoint;

/// <summary>The endpoint in a real server: what the network can do to it.</summary>
public sealed class ServerTests
{
    private const int Limit = 64 * 1024;

    // What hangs fails; nothing here waits for it when all is well.
    private static CancellationToken Timeout => new CancellationTokenSource(TimeSpan.FromMinutes(1)).Token;

    [Fact]
    public async Task Server_HearsOverLoopback()
    {
        await using var rig = await Rig.StartAsync();
        Assert.Equal((202, "heard"), await rig.PushAsync("d-1", Payload.Read("github/push.04")));
        Assert.Equal(new PushNotice("Codertocat/Hello-World", "refs/heads/master"), await rig.Listener.NextAsync(Timeout));
        Assert.Equal((202, "already heard"), await rig.PushAsync("d-1", Payload.Read("github/push.04")));
    }

    [Fact]
    public async Task Server_HearsOverAUnixSocket()
    {
        using var folder = new TempFolder();
        await using var rig = await Rig.StartAsync(listen: "unix:" + folder.File("webhook.sock"));
        Assert.Equal((202, "heard"), await rig.PushAsync("d-1", Payload.Read("github/push.04")));
        Assert.True(File.GetUnixFileMode(folder.File("webhook.sock")).HasFlag(UnixFileMode.OtherWrite));
    }

    [Fact]
    public async Task Server_TakesThePlaceOfADeadSocketButNotOfALiveOne()
    {
        using var folder = new TempFolder();
        var path = folder.File("webhook.sock");
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(folder.File("other.sock")));
            File.Move(folder.File("other.sock"), path);
        }

        await using var rig = await Rig.StartAsync(listen: "unix:" + path);
        var second = await Assert.ThrowsAnyAsync<IOException>(() => Rig.StartAsync(listen: "unix:" + path));
        Assert.Contains("cannot be received on " + path, second.Message, StringComparison.Ordinal);
        Assert.Equal((202, "heard"), await rig.PushAsync("d-1", Payload.Read("github/push.04")));
    }

    [Fact]
    public async Task Server_KnowsOnePathAndOneMethod()
    {
        await using var rig = await Rig.StartAsync();
        using var elsewhere = await rig.SendAsync(HttpMethod.Post, "/hook/../admin", Timeout);
        Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);
        using var read = await rig.SendAsync(HttpMethod.Get, "/hook", Timeout);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, read.StatusCode);
        Assert.Equal(["POST"], read.Content.Headers.Allow);
        Assert.False(read.Headers.Contains("Server"));
    }

    [Theory]
    [InlineData(Limit, false, 202)]
    [InlineData(Limit + 1, false, 413)]
    [InlineData(2 * Limit, false, 413)]
    [InlineData(Limit, true, 202)]
    [InlineData(Limit + 1, true, 413)]
    [InlineData(2 * Limit, true, 413)]
    [InlineData(8 * Limit, true, 413)]
    public async Task Server_LimitsTheBody(int size, bool isChunked, int status)
    {
        await using var rig = await Rig.StartAsync(options => options with { BodyLimit = Limit });
        var body = Encoding.ASCII.GetBytes("""{"ref":"refs/heads/main"}""".PadRight(size));
        Assert.Equal(status, (await rig.PushAsync("d-1", body, isChunked)).Status);
        Assert.Equal(0, rig.Receiver.HeldBytes);
    }

    [Fact]
    public async Task Server_TurnsAwayAnnouncedSizesWithoutWaitingForTheBody()
    {
        await using var rig = await Rig.StartAsync(options => options with { BodyLimit = Limit });
        using var socket = await rig.ConnectAsync(Timeout);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"POST /hook HTTP/1.1\r\nHost: h\r\nContent-Length: {Limit + 1}\r\n\r\n"), Timeout);
        var buffer = new byte[1024];
        var read = await socket.ReceiveAsync(buffer, Timeout);
        Assert.StartsWith("HTTP/1.1 413", Encoding.ASCII.GetString(buffer, 0, read), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_GivesUpOnABodyThatTrickles()
    {
        // Kestrel's own limit would end it too, by a clock that is not the test's.
        await using var rig = await Rig.StartAsync(further: kestrel => kestrel.Limits.MinRequestBodyDataRate = null);
        using var socket = await rig.ConnectAsync(Timeout);
        await socket.SendAsync("POST /hook HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\n{"u8.ToArray(), Timeout);
        await Eventually.Async(() => rig.Receiver.HeldBytes > 0, Timeout);
        rig.Clock.Advance(TimeSpan.FromSeconds(9.9));
        Assert.Equal(0, rig.Receiver.Status.Counts[WebhookOutcome.TooSlow]);
        rig.Clock.Advance(TimeSpan.FromSeconds(0.1));
        var answer = new byte[1024];
        var read = await socket.ReceiveAsync(answer, Timeout);
        Assert.StartsWith("HTTP/1.1 408", Encoding.ASCII.GetString(answer, 0, read), StringComparison.Ordinal);
        Assert.Equal(0, rig.Receiver.HeldBytes);
    }

    [Fact]
    public async Task Server_GivesUpOnHeadersThatTrickle()
    {
        // Kestrel measures this with its own clock: shortened, and waited for.
        await using var rig = await Rig.StartAsync(further: kestrel => kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(1));
        var answer = await rig.RawAsync("POST /hook HTTP/1.1\r\nHost: h\r\nX-Slow: ", Timeout);
        Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_ForgetsASenderThatGoesAway()
    {
        await using var rig = await Rig.StartAsync();
        using (var socket = await rig.ConnectAsync(Timeout))
        {
            await socket.SendAsync("POST /hook HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\n{"u8.ToArray(), Timeout);
            await Eventually.Async(() => rig.Receiver.HeldBytes > 0, Timeout);
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }

        await Eventually.Async(() => rig.Receiver.HeldBytes == 0, Timeout);
        await Eventually.Async(() => rig.Receiver.Status.Refused == 1, Timeout);
        Assert.Equal((202, "heard"), await rig.PushAsync("d-1", Payload.Read("github/push.04")));
    }

    [Fact]
    public async Task Server_IsBusyWhileTooManyBodiesAreHeld()
    {
        await using var rig = await Rig.StartAsync(options => options with { BodyLimit = 8 * 1024, BufferLimit = 16 * 1024 });
        using var socket = await rig.ConnectAsync(Timeout);
        await socket.SendAsync("POST /hook HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\n{"u8.ToArray(), Timeout);
        await Eventually.Async(() => rig.Receiver.HeldBytes > 0, Timeout);
        Assert.Equal((503, "too much is waiting; send it again later"), await rig.PushAsync("d-1", "{}"u8.ToArray()));
    }

    [Theory]
    [InlineData("GARBAGE\r\n\r\n", "400")]
    [InlineData("POST /hook HTTP/1.1\r\n\r\n", "400")]
    [InlineData("POST /hook HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n", "400")]
    [InlineData("POST /hook HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999\r\n\r\n", "400")]
    [InlineData("POST /hook HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "400")]
    [InlineData("POST /hook HTTP/1.1\r\nHost: h\r\nX: a\0b\r\n\r\n", "400")]
    [InlineData("POST /hook HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "400")]
    [InlineData("POST /hook HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\n", "400")]
    [InlineData("POST /hook HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n", "4")]
    [InlineData("POST /hook HTTP/1.0\r\n\r\n", "400")]
    [InlineData("POST /hook HTTP/9.9\r\nHost: h\r\n\r\n", "505")]
    public async Task Server_AnswersWhatIsNoHttp(string request, string status)
    {
        await using var rig = await Rig.StartAsync();
        Assert.StartsWith("HTTP/1.1 " + status, await rig.RawAsync(request, Timeout), StringComparison.Ordinal);
        Assert.Equal((202, "heard"), await rig.PushAsync("d-1", Payload.Read("github/push.04")));
        Assert.DoesNotContain(rig.Log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal) || line.StartsWith("Critical", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Server_LimitsHeaders()
    {
        await using var rig = await Rig.StartAsync();
        var large = await rig.RawAsync($"POST /hook HTTP/1.1\r\nHost: h\r\nX: {new string('x', 33 * 1024)}\r\n\r\n", Timeout);
        Assert.StartsWith("HTTP/1.1 431", large, StringComparison.Ordinal);
        var many = await rig.RawAsync($"POST /hook HTTP/1.1\r\nHost: h\r\n{string.Concat(Enumerable.Repeat("X: y\r\n", 100))}\r\n", Timeout);
        Assert.StartsWith("HTTP/1.1 431", many, StringComparison.Ordinal);
        var line = await rig.RawAsync($"POST /{new string('x', 5 * 1024)} HTTP/1.1\r\nHost: h\r\n\r\n", Timeout);
        Assert.StartsWith("HTTP/1.1 414", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_HoldsABoundedNumberOfConnections()
    {
        await using var rig = await Rig.StartAsync(options => options with { MaxConnections = 2 });
        using var first = await rig.ConnectAsync(Timeout);
        using var second = await rig.ConnectAsync(Timeout);
        await first.SendAsync("GET /hook HTTP/1.1\r\nHost: h\r\n\r\n"u8.ToArray(), Timeout);
        await second.SendAsync("GET /hook HTTP/1.1\r\nHost: h\r\n\r\n"u8.ToArray(), Timeout);
        var buffer = new byte[1024];
        Assert.NotEqual(0, await first.ReceiveAsync(buffer, Timeout));
        Assert.NotEqual(0, await second.ReceiveAsync(buffer, Timeout));
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal("", await rig.RawAsync("GET /hook HTTP/1.1\r\nHost: h\r\n\r\n", Timeout));
        }

        Assert.Single(rig.Log.Lines, line => line.Contains("maximum number of concurrent connections", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Server_SaysNothingOfRequestsThatAreNoHttp()
    {
        await using var rig = await Rig.StartAsync();
        for (var i = 0; i < 20; i++)
        {
            await rig.RawAsync("GARBAGE\r\n\r\n", Timeout);
        }

        Assert.Empty(rig.Log.Lines);
    }
}
