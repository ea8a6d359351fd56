using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Reconciler.Adapters.Notices;
using Reconciler.Configuration;
using Reconciler.Model;
using Reconciler.Ports;
using Reconciler.Tests.Adapters.Rim;
using Reconciler.Tests.Making;
using Xunit;

namespace Reconciler.Tests.Adapters.Notices;

/// <summary>Against a server on this machine that keeps what it is sent.</summary>
public sealed class NotifierTests : HearingTests
{
    [Fact]
    public async Task Webhook_IsADocumentWhoseBytesAreSigned()
    {
        var answer = await SendAsync(Channel(ChannelKind.Webhook, "/hook") with { SecretFile = Written("secret", "s3cret\n") });

        Assert.IsType<ForgeAnswer.Done>(answer);
        var (line, headers, body) = Assert.Single(_heard);
        Assert.Equal("POST /hook", line);
        Assert.Equal("sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData("s3cret"u8, body)), headers["X-Reconciler-Signature-256"].ToString());
        using var document = JsonDocument.Parse(body);
        var root = document.RootElement;
        Assert.Equal(("web1-9", "rolledBack", 7L), (root.GetProperty("id").GetString(), root.GetProperty("event").GetString(), root.GetProperty("deployment").GetInt64()));
        Assert.Equal("web1: commit 82f3e9c was rolled back: the check 'web' failed\nPush a fix.\nreconciler show 7", root.GetProperty("text").GetString());
    }

    [Fact]
    public async Task Slack_GetsTextThatCallsNobody()
    {
        await SendAsync(Channel(ChannelKind.Slack, "/services/T/B/x"), Rolled with { Headline = "<!channel> & <@U1> failed" });

        using var document = JsonDocument.Parse(Assert.Single(_heard).Body);
        Assert.StartsWith("web1: &lt;!channel&gt; &amp; &lt;@ U1&gt; failed", document.RootElement.GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Matrix_SentOnceMore_IsTheSameMessage()
    {
        var channel = Channel(ChannelKind.Matrix, "") with { Room = "!abc:example.org", TokenFile = Written("token", "t0ken\n") };
        await SendAsync(channel);
        await SendAsync(channel);

        Assert.All(_heard, request =>
        {
            Assert.Equal("PUT /_matrix/client/v3/rooms/!abc:example.org/send/m.room.message/reconciler-web1-9", request.Line);
            Assert.Equal("Bearer t0ken", request.Headers["Authorization"].ToString());
        });
        Assert.Equal(2, _heard.Count);
    }

    [Fact]
    public async Task Ntfy_GetsTopicTitleAndPriority()
    {
        await SendAsync(Channel(ChannelKind.Ntfy, "/hosts"), Rolled with { Kind = NoticeKind.NeedsOperator });

        var (line, headers, body) = Assert.Single(_heard);
        using var document = JsonDocument.Parse(body);
        Assert.Equal("POST /", line);
        Assert.Empty(headers["Authorization"].ToString());
        Assert.Equal(("hosts", 5), (document.RootElement.GetProperty("topic").GetString(), document.RootElement.GetProperty("priority").GetInt32()));
    }

    [Theory]
    [InlineData(400, false)]
    [InlineData(413, false)]
    [InlineData(401, true)]
    [InlineData(404, true)]
    [InlineData(500, true)]
    [InlineData(302, true)]
    public async Task Answer_OtherThanGood_IsTriedLaterUnlessItNeverCanBe(int status, bool later)
    {
        _status = status;

        var answer = await SendAsync(Channel(ChannelKind.Webhook, "/hook"));

        Assert.Equal(later, answer is ForgeAnswer.Later);
        Assert.Equal(!later, answer is ForgeAnswer.Refused);
        Assert.Single(_heard);
    }

    [Fact]
    public async Task Answer_ThatIsGoodAndLong_IsDone_OrThePeopleWouldBeToldAgainAndAgain()
    {
        _answer = new string('x', 200_000);

        Assert.IsType<ForgeAnswer.Done>(await SendAsync(Channel(ChannelKind.Webhook, "/hook")));
    }

    [Fact]
    public async Task Mentions_InOutsideText_CallNobody()
    {
        var notice = Rolled with { Headline = "the check '@room @channel ops@example.org' failed", Cure = "Ask @here." };
        await SendAsync(Channel(ChannelKind.Slack, "/services/T/B/x"), notice);
        await SendAsync(Channel(ChannelKind.Matrix, "") with { Room = "!abc:example.org", TokenFile = Written("token", "t0ken\n") }, notice);

        using var slack = JsonDocument.Parse(_heard[0].Body);
        using var matrix = JsonDocument.Parse(_heard[1].Body);
        Assert.StartsWith("web1: the check '@ room @ channel ops@example.org' failed\nAsk @ here.", slack.RootElement.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal("{}", matrix.RootElement.GetProperty("m.mentions").GetRawText());
    }

    [Fact]
    public async Task Pause_ThatIsAskedFor_IsHeld_WithinReason()
    {
        (_status, _retryAfter) = (429, "120");
        Assert.Equal(At.AddMinutes(2), Assert.IsType<ForgeAnswer.Later>(await SendAsync(Channel(ChannelKind.Webhook, "/hook"))).NotBefore);

        _retryAfter = "99999999";
        Assert.Equal(At.AddHours(6), Assert.IsType<ForgeAnswer.Later>(await SendAsync(Channel(ChannelKind.Webhook, "/hook"))).NotBefore);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ftp://example.org/x")]
    [InlineData("http://example.org/secret-path")]
    public async Task Address_InAFile_ThatCannotBeUsed_IsSaidWithoutItsText(string address)
    {
        var channel = Channel(ChannelKind.Slack, "") with { Url = null, UrlFile = Written("url", address) };

        var later = Assert.IsType<ForgeAnswer.Later>(await SendAsync(channel));

        Assert.Contains(channel.UrlFile!, later.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-path", later.Detail, StringComparison.Ordinal);
        Assert.Empty(_heard);
    }

    [Fact]
    public async Task Secret_ThatIsMissing_IsSaid()
    {
        var later = Assert.IsType<ForgeAnswer.Later>(await SendAsync(Channel(ChannelKind.Webhook, "/hook") with { SecretFile = "/nowhere/secret" }));

        Assert.Contains("/nowhere/secret", later.Detail, StringComparison.Ordinal);
        Assert.Empty(_heard);
    }

    [Fact]
    public async Task Channel_ThatIsGone_IsRefused()
    {
        using var notifier = new Notifier(new HostName("web1"), [], _clock, NullLogger<Notifier>.Instance);

        Assert.IsType<ForgeAnswer.Refused>(await notifier.SendAsync(Rolled, 9, At, Stop));
    }

    [Fact]
    public async Task Nobody_Listening_IsTriedLater_WithoutTheAddress()
    {
        var channel = Channel(ChannelKind.Slack, "") with { Url = new Uri("http://127.0.0.1:9/secret-path") };

        Assert.DoesNotContain("secret-path", Assert.IsType<ForgeAnswer.Later>(await SendAsync(channel)).Detail, StringComparison.Ordinal);
    }

    private static ForgeMessage.Notice Rolled => new(
        "here", NoticeKind.RolledBack, new DeploymentId(7), A.Revision(), "commit 82f3e9c was rolled back: the check 'web' failed", "Push a fix.");

    private ChannelSettings Channel(ChannelKind kind, string path) => new()
    {
        Name = "here",
        Kind = kind,
        Url = new Uri(Address + path),
        UrlFile = null,
        Room = null,
        TokenFile = null,
        SecretFile = null,
        Events = [],
    };

    private async Task<ForgeAnswer> SendAsync(ChannelSettings channel, ForgeMessage.Notice? notice = null)
    {
        using var notifier = new Notifier(new HostName("web1"), [channel], _clock, NullLogger<Notifier>.Instance);
        return await notifier.SendAsync(notice ?? Rolled, 9, At, Stop);
    }

    private string Written(string name, string text)
    {
        var path = Path.Combine(_folder.Path, name);
        File.WriteAllText(path, text);
        return path;
    }
}
