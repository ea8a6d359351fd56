using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Time.Testing;
using Webhooks.Tests.Making;

namespace Webhooks.Tests.Endpoint;

/// <summary>The endpoint with a real server, on a free loopback port unless told otherwise.</summary>
internal sealed class Rig : IAsyncDisposable
{
    private readonly HttpClient _client;

    private Rig(WebhookListen listen, Func<WebhookOptions, WebhookOptions>? change, Action<KestrelServerOptions> further)
    {
        var options = new WebhookOptions { Provider = WebhookProvider.GitHub };
        Server = new WebhookServer(change?.Invoke(options) ?? options, listen, new WebhookPorts(new FakeSecrets(Sign.Secret), Listener, new FakeStore(), Clock, Log), further);
        _client = new HttpClient(new SocketsHttpHandler { ConnectCallback = async (_, cancellationToken) => new NetworkStream(await ConnectAsync(cancellationToken), ownsSocket: true) });
        Listen = listen;
    }

    public WebhookListen Listen { get; }

    public FakeTimeProvider Clock { get; } = new();

    public FakeListener Listener { get; } = new();

    public LogLines Log { get; } = new();

    public WebhookServer Server { get; }

    public WebhookReceiver Receiver => Server.Receiver;

    public static async Task<Rig> StartAsync(Func<WebhookOptions, WebhookOptions>? change = null, string listen = "127.0.0.1:0", Action<KestrelServerOptions>? further = null)
    {
        var rig = new Rig(WebhookListen.Parse(listen)!, change, further ?? (_ => { }));
        await rig.Server.StartAsync(CancellationToken.None);
        return rig;
    }

    public async Task<Socket> ConnectAsync(CancellationToken cancellationToken)
    {
        if (Listen is WebhookListen.Unix unix)
        {
            var local = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await local.ConnectAsync(new UnixDomainSocketEndPoint(unix.Path), cancellationToken);
            return local;
        }

        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync("127.0.0.1", new Uri(Server.Address).Port, cancellationToken);
        return socket;
    }

    /// <summary>Sends as GitHub does, signed.</summary>
    public async Task<(int Status, string Text)> PushAsync(string delivery, byte[] body, bool isChunked = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://host/hook") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TransferEncodingChunked = isChunked ? true : null;
        request.Headers.Add("X-GitHub-Delivery", delivery);
        request.Headers.Add("X-GitHub-Event", "push");
        request.Headers.Add("X-Hub-Signature-256", "sha256=" + Sign.Hex(body));
        using var response = await _client.SendAsync(request, CancellationToken.None);
        return ((int)response.StatusCode, (await response.Content.ReadAsStringAsync()).TrimEnd('\n'));
    }

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, CancellationToken cancellationToken) =>
        _client.SendAsync(new HttpRequestMessage(method, "http://host" + path), cancellationToken);

    /// <summary>Sends bytes as they are, and gives back all that comes until the server closes the connection.</summary>
    public async Task<string> RawAsync(string request, CancellationToken cancellationToken)
    {
        using var socket = await ConnectAsync(cancellationToken);
        await socket.SendAsync(Encoding.Latin1.GetBytes(request), cancellationToken);
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            for (int read; (read = await socket.ReceiveAsync(buffer, cancellationToken)) > 0;)
            {
                answer.Append(Encoding.Latin1.GetString(buffer, 0, read));
            }
        }
        catch (SocketException)
        {
            // Closed while we still sent.
        }

        return answer.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Server.DisposeAsync();
        Log.Dispose();
    }
}
