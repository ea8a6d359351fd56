using Webhooks.Providers;
using Webhooks.Tests.Making;
using Xunit;

namespace Webhooks.Tests.Providers;

/// <summary>What makes a delivery known again.</summary>
public sealed class DeliveryIdTests
{
    [Theory]
    [InlineData(WebhookProvider.GitHub, "X-GitHub-Delivery")]
    [InlineData(WebhookProvider.Forgejo, "X-Forgejo-Delivery")]
    [InlineData(WebhookProvider.Forgejo, "X-Gitea-Delivery")]
    [InlineData(WebhookProvider.GitLab, "webhook-id")]
    [InlineData(WebhookProvider.GitLab, "Idempotency-Key")]
    [InlineData(WebhookProvider.Generic, "X-Reconciler-Delivery")]
    public void DeliveryId_IsAShortName(WebhookProvider provider, string header)
    {
        Assert.Equal("f6266f16-1bf3", Id(provider, (header, "f6266f16-1bf3")));
        Assert.Equal(new string('a', 128), Id(provider, (header, new string('a', 128))));
        Assert.Null(Id(provider, (header, new string('a', 129))));
        Assert.Null(Id(provider, (header, "a b")));
        Assert.Null(Id(provider, (header, "a\u001b[31m")));
        Assert.Null(Id(provider, (header, "ä")));
        Assert.Null(Id(provider, (header, "")));
        Assert.Null(Id(provider, (header, "a"), (header, "b")));
        Assert.Null(Id(provider));
    }

    [Fact]
    public void DeliveryId_OfOldGitLabsTellsHooksOfOneEventApart()
    {
        var first = Id(WebhookProvider.GitLab, "{}"u8, ("X-Gitlab-Event-UUID", "u"));
        Assert.Equal(first, Id(WebhookProvider.GitLab, "{}"u8, ("X-Gitlab-Event-UUID", "u")));
        Assert.NotEqual(first, Id(WebhookProvider.GitLab, "{ }"u8, ("X-Gitlab-Event-UUID", "u")));
        Assert.NotEqual(first, Id(WebhookProvider.GitLab, "{}"u8, ("X-Gitlab-Event-UUID", "v")));
    }

    [Theory]
    [InlineData("Push Hook", "push")]
    [InlineData("Tag Push Hook", "tag_push")]
    [InlineData("Merge Request Hook", "merge_request")]
    [InlineData("System Hook", null)]
    public void EventName_OfGitLabIsOneOfThree(string sent, string? name) =>
        Assert.Equal(name, Forge.Of(WebhookProvider.GitLab, TimeSpan.FromMinutes(5)).EventName(new Delivery(Headers.Of(("X-Gitlab-Event", sent)), [])));

    private static string? Id(WebhookProvider provider, params (string, string)[] headers) => Id(provider, "{}"u8, headers);

    private static string? Id(WebhookProvider provider, ReadOnlySpan<byte> body, params (string, string)[] headers) =>
        Forge.Of(provider, TimeSpan.FromMinutes(5)).DeliveryId(new Delivery(Headers.Of(headers), body));
}
