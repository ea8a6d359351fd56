using System.Net;
using Microsoft.AspNetCore.Http;
using Webhooks.Limits;
using Xunit;

namespace Webhooks.Tests.Limits;

public sealed class SourceTests
{
    [Theory]
    [InlineData("192.0.2.1", null, true, "192.0.2.1")]
    [InlineData("192.0.2.1", "198.51.100.7", true, "192.0.2.1")]
    [InlineData("127.0.0.1", "198.51.100.7", false, "127.0.0.1")]
    [InlineData("127.0.0.1", "198.51.100.7", true, "198.51.100.7")]
    [InlineData("::ffff:127.0.0.1", "198.51.100.7", true, "198.51.100.7")]
    [InlineData("::1", "203.0.113.9, 198.51.100.7", true, "198.51.100.7")]
    [InlineData("127.0.0.1", "198.51.100.7:4711", true, "198.51.100.7")]
    [InlineData("127.0.0.1", "nobody", true, "127.0.0.1")]
    [InlineData("127.0.0.1", "198.51.100.7,", true, "127.0.0.1")]
    [InlineData("127.0.0.1", "", true, "127.0.0.1")]
    [InlineData("127.0.0.1", null, true, "127.0.0.1")]
    [InlineData(null, "198.51.100.7", true, "198.51.100.7")]
    [InlineData(null, "198.51.100.7", false, "the Unix socket")]
    [InlineData("::ffff:192.0.2.1", null, false, "192.0.2.1")]
    [InlineData("2001:db8:1:2:3:4:5:6", null, false, "2001:db8:1:2::")]
    [InlineData("127.0.0.1", "2001:db8:1:2:ffff::1", true, "2001:db8:1:2::")]
    public void Of_IsThePeerOrWhatATrustedProxySays(string? peer, string? forwarded, bool isTrusted, string source)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = peer is null ? null : IPAddress.Parse(peer);
        if (forwarded is not null)
        {
            context.Request.Headers["X-Forwarded-For"] = forwarded;
        }

        Assert.Equal(source, Source.Of(context, isTrusted).ToString());
    }

    [Fact]
    public void Of_TakesTheLastOfSeveralHeaders()
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Loopback;
        context.Request.Headers["X-Forwarded-For"] = new[] { "203.0.113.9", "198.51.100.7" };
        Assert.Equal("198.51.100.7", Source.Of(context, trustForwardedFor: true).ToString());
    }
}
