using System.Net;
using Xunit;

namespace Webhooks.Tests;

public sealed class WebhookListenTests
{
    [Fact]
    public void Parse_ReadsAddressesAndSockets()
    {
        Assert.Equal(new WebhookListen.Tcp(new IPEndPoint(IPAddress.Loopback, 9180)), WebhookListen.Parse("127.0.0.1:9180"));
        Assert.Equal(new WebhookListen.Tcp(new IPEndPoint(IPAddress.IPv6Loopback, 9180)), WebhookListen.Parse("[::1]:9180"));
        Assert.Equal(new WebhookListen.Unix("/run/reconciler/webhook.sock"), WebhookListen.Parse("unix:/run/reconciler/webhook.sock"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("localhost:9180")]
    [InlineData("unix:relative")]
    [InlineData("unix:")]
    [InlineData(":9180")]
    public void Parse_RefusesTheRest(string text) => Assert.Null(WebhookListen.Parse(text));

    [Fact]
    public void Problems_NamesEachThatCannotWork()
    {
        var options = new WebhookOptions { Provider = WebhookProvider.GitHub };
        Assert.Empty(options.Problems());
        Assert.Equal(
            ["The path must begin with '/', have 2 to 128 characters, and consist of letters, digits and '/', '-', '_', '.'.", "QueueSize is 0; it must be at least 1."],
            (options with { Path = "/{x}", QueueSize = 0 }).Problems());
    }
}
