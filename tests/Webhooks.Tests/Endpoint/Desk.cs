using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Webhooks.Tests.Making;

namespace Webhooks.Tests.Endpoint;

/// <summary>A receiver without a server: requests are handed to it as a server would.</summary>
internal sealed class Desk : IDisposable
{
    public Desk(Func<WebhookOptions, WebhookOptions>? change = null, FakeStore? store = null)
    {
        Store = store ?? new FakeStore();
        var options = new WebhookOptions { Provider = WebhookProvider.GitHub };
        Receiver = new WebhookReceiver(change?.Invoke(options) ?? options, new WebhookPorts(Secrets, Listener, Store, Clock, Log));
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public FakeSecrets Secrets { get; } = new(Sign.Secret);

    public FakeListener Listener { get; } = new();

    public FakeStore Store { get; }

    public LogLines Log { get; } = new();

    public WebhookReceiver Receiver { get; }

    /// <summary>Sends as GitHub does, signed.</summary>
    public Task<(int Status, string Text)> SendAsync(string delivery, string body = """{"ref":"refs/heads/main"}""", string name = "push", string source = "192.0.2.1") =>
        SendAsync(body, source, ("X-GitHub-Delivery", delivery), ("X-GitHub-Event", name), ("X-Hub-Signature-256", "sha256=" + Sign.Hex(Encoding.UTF8.GetBytes(body))));

    /// <summary>Sends with these headers only.</summary>
    public async Task<(int Status, string Text)> SendAsync(string body, string source, params (string, string)[] headers)
    {
        var context = await AnswerAsync(body, source, headers);
        return (context.Response.StatusCode, Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray()).TrimEnd('\n'));
    }

    public async Task<HttpContext> AnswerAsync(string body, string source, params (string Name, string Value)[] headers)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(source);
        context.Request.Method = "POST";
        context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        context.Response.Body = new MemoryStream();
        foreach (var (name, value) in headers)
        {
            context.Request.Headers.Append(name, value);
        }

        await Receiver.HandleAsync(context);
        return context;
    }

    public void Dispose() => Log.Dispose();
}
