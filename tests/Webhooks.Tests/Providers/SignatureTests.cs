using System.Globalization;
using System.Text;
using Webhooks.Providers;
using Webhooks.Tests.Making;
using Xunit;

namespace Webhooks.Tests.Providers;

/// <summary>Who is believed.</summary>
public sealed class SignatureTests
{
    private const string Vector = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    private const string Token = "whsec_dGVzdHRlc3R0ZXN0dGVzdHRlc3R0ZXN0dGVzdHRlc3Q=";
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);
    private static readonly byte[] Hello = "Hello, World!"u8.ToArray();

    [Fact]
    public void Verify_AcceptsGitHubsOwnVector() =>
        Assert.Equal("Genuine", Verify(WebhookProvider.GitHub, [Sign.Secret], ("X-Hub-Signature-256", "sha256=" + Vector)));

    [Theory]
    [InlineData(WebhookProvider.GitHub, "X-Hub-Signature-256", "sha256=")]
    [InlineData(WebhookProvider.Forgejo, "X-Forgejo-Signature", "")]
    [InlineData(WebhookProvider.Forgejo, "X-Gitea-Signature", "")]
    [InlineData(WebhookProvider.Generic, "X-Reconciler-Signature-256", "sha256=")]
    public void Verify_BelievesOnlyTheSecret(WebhookProvider provider, string header, string prefix)
    {
        Assert.Equal("Genuine", Verify(provider, [Sign.Secret], (header, prefix + Vector)));
        Assert.Equal("Genuine", Verify(provider, [Sign.Secret], (header, prefix + Vector.ToUpper(CultureInfo.InvariantCulture))));
        Assert.Equal("Genuine", Verify(provider, ["new", Sign.Secret], (header, prefix + Vector)));
        Assert.Equal("Genuine", Verify(provider, [Sign.Secret, "old"], (header, prefix + Vector)));
        Assert.Equal("Wrong", Verify(provider, ["other"], (header, prefix + Vector)));
        Assert.Equal("Wrong", Verify(provider, [Sign.Secret], (header, prefix + Sign.Hex("Hello, World?"u8.ToArray()))));
        Assert.Equal("Wrong", Verify(provider, [Sign.Secret], (header, prefix + Sign.Hex(Hello, ""))));
        Assert.Equal("NoSecret", Verify(provider, [], (header, prefix + Vector)));
        Assert.Equal("Missing", Verify(provider, [Sign.Secret]));
        Assert.Equal("Missing", Verify(provider, [Sign.Secret], (header, prefix)));
        Assert.Equal("Missing", Verify(provider, [Sign.Secret], (header, prefix + Vector[1..])));
        Assert.Equal("Missing", Verify(provider, [Sign.Secret], (header, prefix + Vector + "00")));
        Assert.Equal("Missing", Verify(provider, [Sign.Secret], (header, prefix + "zz" + Vector[2..])));
        Assert.Equal("Missing", Verify(provider, [Sign.Secret], (header, "sha1=" + Vector)));
        Assert.Equal("Missing", Verify(provider, [Sign.Secret], (header, prefix + Vector), (header, prefix + Vector)));
    }

    [Fact]
    public void Verify_LetsNoOtherSendersHeaderIn()
    {
        (string, string)[] all =
        [
            ("X-Hub-Signature", "sha1=" + Vector[..40]), ("X-Hub-Signature-256", "sha256=" + Vector), ("X-Forgejo-Signature", Vector),
            ("X-Gitea-Signature", Vector), ("X-Gogs-Signature", Vector), ("X-Reconciler-Signature-256", "sha256=" + Vector), ("X-Gitlab-Token", Sign.Secret),
        ];
        string[] own = ["X-Hub-Signature-256", "X-Forgejo-Signature X-Gitea-Signature", "X-Gitlab-Token", "X-Reconciler-Signature-256"];
        foreach (var provider in Enum.GetValues<WebhookProvider>())
        {
            var others = all.Where(header => !own[(int)provider].Split(' ').Contains(header.Item1)).ToArray();
            Assert.Equal("Missing", Verify(provider, [Sign.Secret], others));
        }
    }

    [Fact]
    public void Verify_DoesNotLetGiteasHeaderRescueAWrongOneOfForgejo() =>
        Assert.Equal("Wrong", Verify(WebhookProvider.Forgejo, [Sign.Secret], ("X-Forgejo-Signature", new string('0', 64)), ("X-Gitea-Signature", Vector)));

    [Theory]
    [InlineData("t0ken", "Genuine")]
    [InlineData("t0ken2", "Wrong")]
    [InlineData("t0ke", "Wrong")]
    [InlineData("T0ken", "Wrong")]
    [InlineData("", "Missing")]
    public void Verify_ComparesGitLabsPlainToken(string sent, string verdict) =>
        Assert.Equal(verdict, Verify(WebhookProvider.GitLab, ["t0ken"], ("X-Gitlab-Token", sent)));

    [Theory]
    [InlineData(0, "Genuine")]
    [InlineData(300, "Genuine")]
    [InlineData(-300, "Genuine")]
    [InlineData(301, "Stale")]
    [InlineData(-301, "Stale")]
    public void Verify_AcceptsSigningTokensWithinFiveMinutes(int seconds, string verdict)
    {
        var time = Seconds(seconds);
        Assert.Equal(verdict, Verify(WebhookProvider.GitLab, [Token], Signed("id-1", time, Sign.Standard("id-1", time, Hello, Token))));
    }

    [Fact]
    public void Verify_SignsIdTimeAndBody()
    {
        var time = Seconds(0);
        var signature = Sign.Standard("id-1", time, Hello, Token);
        Assert.Equal("Wrong", Verify(WebhookProvider.GitLab, [Token], Signed("id-2", time, signature)));
        Assert.Equal("Wrong", Verify(WebhookProvider.GitLab, [Token], Signed("id-1", Seconds(1), signature)));
        Assert.Equal("Wrong", Verify(WebhookProvider.GitLab, [Token], Signed("id-1", time, Sign.Standard("id-1", time, "x"u8.ToArray(), Token))));
        Assert.Equal("Genuine", Verify(WebhookProvider.GitLab, [Token], Signed("id-1", time, "v1a,zz v1,short " + signature)));
        Assert.Equal("Wrong", Verify(WebhookProvider.GitLab, [Token], Signed("id-1", time, "v2," + signature[3..])));
        Assert.Equal("Missing", Verify(WebhookProvider.GitLab, [Token], Signed("id-1", "yesterday", signature)));
        Assert.Equal("Missing", Verify(WebhookProvider.GitLab, [Token], ("webhook-id", "id-1"), ("webhook-signature", signature)));
        Assert.Equal("Missing", Verify(WebhookProvider.GitLab, [Token], ("X-Gitlab-Token", Token)));
    }

    [Theory]
    [InlineData("9223372036854775807")]
    [InlineData("0")]
    public void Verify_SurvivesTimesAtTheEndsOfTheWorld(string time) =>
        Assert.Equal("Stale", Verify(WebhookProvider.GitLab, [Token], Signed("id", time, Sign.Standard("id", time, Hello, Token))));

    [Theory]
    [InlineData("whsec_")]
    [InlineData("whsec_?")]
    public void Verify_HasNoSecretWhenTheSigningTokenIsNone(string token) =>
        Assert.Equal("NoSecret", Verify(WebhookProvider.GitLab, [token], Signed("id", Seconds(0), "v1,x")));

    [Fact]
    public void Verify_TakesTokenAndSigningTokenWhileOneReplacesTheOther()
    {
        var time = Seconds(0);
        Assert.Equal("Genuine", Verify(WebhookProvider.GitLab, ["t0ken", Token], ("X-Gitlab-Token", "t0ken")));
        Assert.Equal("Genuine", Verify(WebhookProvider.GitLab, ["t0ken", Token], Signed("i", time, Sign.Standard("i", time, Hello, Token))));
        Assert.Equal("Wrong", Verify(WebhookProvider.GitLab, ["t0ken", Token], ("X-Gitlab-Token", "other")));
    }

    private static (string, string)[] Signed(string id, string time, string signature) =>
        [("webhook-id", id), ("webhook-timestamp", time), ("webhook-signature", signature)];

    private static string Seconds(int offset) => (Now.ToUnixTimeSeconds() + offset).ToString(CultureInfo.InvariantCulture);

    private static string Verify(WebhookProvider provider, string[] secrets, params (string, string)[] headers) =>
        Forge.Of(provider, TimeSpan.FromMinutes(5))
            .Verify(new Delivery(Headers.Of(headers), Hello), [.. secrets.Select(Encoding.UTF8.GetBytes)], Now)
            .ToString();
}
