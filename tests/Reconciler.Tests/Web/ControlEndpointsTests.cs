using System.Net;
using System.Net.Sockets;
using System.Text;
using Reconciler.Web;
using Reconciler.Wire;
using Xunit;

namespace Reconciler.Tests.Web;

public sealed class ControlEndpointsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Server_MakesTheSocketForItsOwnerOnly_WhenThereIsNoGroup()
    {
        await using var control = new FakeControl();
        await control.StartAsync();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(control.Socket));
    }

    [Fact]
    public async Task Server_TakesThePlaceOfASocketNobodyServes()
    {
        await using var control = new FakeControl();
        Directory.CreateDirectory(Path.GetDirectoryName(control.Socket)!);
        using (var stale = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            stale.Bind(new UnixDomainSocketEndPoint(control.Socket));
        }

        await control.StartAsync();

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(control, HttpMethod.Get, "/v1/status")).Code);
    }

    [Fact]
    public async Task Server_RefusesToStart_WhenAnotherServesTheSocket()
    {
        await using var control = new FakeControl();
        await control.StartAsync();

        var trouble = await Assert.ThrowsAnyAsync<IOException>(control.StartAsync);

        Assert.Contains("Another daemon serves", trouble.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_CarryTheNameOfThePeer()
    {
        await using var control = new FakeControl();
        await control.StartAsync();

        await SendAsync(control, HttpMethod.Post, "/v1/suspend", """{"reason": "moving racks"}""");

        Assert.Equal([$"suspend 'moving racks' {Environment.UserName}"], control.Asked);
    }

    [Fact]
    public async Task Requests_AreConflicts_WhenTheDeskRefuses()
    {
        await using var control = new FakeControl { Answer = new(false, "Nothing is pinned.") };
        await control.StartAsync();

        var (code, body) = await SendAsync(control, HttpMethod.Post, "/v1/unpin");

        Assert.Equal((HttpStatusCode.Conflict, """{"accepted":false,"message":"Nothing is pinned.","lookedAt":null}"""), (code, body));
    }

    [Theory]
    [InlineData("POST", "/v1/suspend", "{", HttpStatusCode.BadRequest, "not the JSON object")]
    [InlineData("POST", "/v1/suspend", "[1]", HttpStatusCode.BadRequest, "not the JSON object")]
    [InlineData("POST", "/v1/suspend", """{"reason": "a\nb"}""", HttpStatusCode.BadRequest, "one line")]
    [InlineData("POST", "/v1/rollback", """{"generation": 0}""", HttpStatusCode.BadRequest, "1 or more")]
    [InlineData("POST", "/v1/quarantine/release", "", HttpStatusCode.BadRequest, "revision is missing")]
    [InlineData("GET", "/v1/history?limit=0", "", HttpStatusCode.BadRequest, "limit must be")]
    [InlineData("GET", "/v1/history?limit=x", "", HttpStatusCode.BadRequest, "limit must be")]
    [InlineData("GET", "/v1/deployments/x", "", HttpStatusCode.BadRequest, "named by its number")]
    [InlineData("GET", "/v1/deployments/99", "", HttpStatusCode.NotFound, "no deployment 99")]
    [InlineData("GET", "/v1/deployments/99/log", "", HttpStatusCode.NotFound, "no deployment 99")]
    [InlineData("GET", "/v2/status", "", HttpStatusCode.NotFound, "another version")]
    public async Task BadRequests_AreToldWhy(string method, string path, string body, HttpStatusCode code, string message)
    {
        await using var control = new FakeControl();
        await control.StartAsync();

        var answer = await SendAsync(control, new HttpMethod(method), path, body);

        Assert.Equal(code, answer.Code);
        Assert.Contains(message, answer.Body, StringComparison.Ordinal);
        Assert.Empty(control.Asked);
    }

    [Fact]
    public async Task Bodies_AreBounded()
    {
        await using var control = new FakeControl();
        await control.StartAsync();

        var answer = await SendAsync(control, HttpMethod.Post, "/v1/suspend", $$"""{"reason": "{{new string('x', 70_000)}}"}""");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.Code);
        Assert.Empty(control.Asked);
    }

    [Fact]
    public async Task Export_StreamsTheLedger()
    {
        await using var control = new FakeControl();
        await control.StartAsync();

        Assert.Equal("{\"position\":1}\n{\"position\":2}\n", (await SendAsync(control, HttpMethod.Get, "/v1/ledger/export")).Body);
    }

    [Fact]
    public async Task Plan_StreamsProgressAndEndsWithThePlan()
    {
        await using var control = new FakeControl();
        await control.StartAsync();

        var lines = (await SendAsync(control, HttpMethod.Post, "/v1/plan", """{"revision": "main"}""")).Body.TrimEnd().Split('\n');

        Assert.Equal("""{"progress":"building","plan":null}""", lines[0]);
        Assert.Contains("nginx.service", lines[^1], StringComparison.Ordinal);
        Assert.Equal(["plan main"], control.Asked);
    }

    private static async Task<(HttpStatusCode Code, string Body)> SendAsync(FakeControl control, HttpMethod method, string path, string body = "")
    {
        using var http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(control.Socket), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
        using var request = new HttpRequestMessage(method, "http://control" + path);
        if (body.Length > 0)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        using var response = await http.SendAsync(request, Stop);
        Assert.Equal("1", Assert.Single(response.Headers.GetValues(WireJson.ApiHeader)));
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Stop));
    }
}
