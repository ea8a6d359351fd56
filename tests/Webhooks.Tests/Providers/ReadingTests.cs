using System.Text;
using System.Text.Json.Nodes;
using Webhooks.Payloads;
using Webhooks.Providers;
using Webhooks.Tests.Making;
using Xunit;

namespace Webhooks.Tests.Providers;

/// <summary>What each sender's bodies mean.</summary>
public sealed class ReadingTests
{
    [Theory]
    [InlineData(WebhookProvider.GitHub, "push", "github/push.04", "Codertocat/Hello-World", "refs/heads/master")]
    [InlineData(WebhookProvider.GitHub, "push", "github/push.05", "Codertocat/Hello-World", "refs/heads/master")]
    [InlineData(WebhookProvider.GitHub, "push", "github/push.00", "Codertocat/Hello-World", "refs/tags/simple-tag")]
    [InlineData(WebhookProvider.GitHub, "push", "github/push.01", "Codertocat/Hello-World", "refs/tags/simple-tag")]
    [InlineData(WebhookProvider.Forgejo, "push", "forgejo/push", "ada/infra", "refs/heads/main")]
    [InlineData(WebhookProvider.Forgejo, "push", "forgejo/push.new-branch", "ada/infra", "refs/heads/trial/größer")]
    [InlineData(WebhookProvider.Forgejo, "push", "forgejo/push.tag", "ada/infra", "refs/tags/v1.0")]
    [InlineData(WebhookProvider.Forgejo, "push", "forgejo/push.deleted", "ada/infra", "refs/heads/old")]
    [InlineData(WebhookProvider.GitLab, "push", "gitlab/push", "ada/infra", "refs/heads/main")]
    [InlineData(WebhookProvider.GitLab, "push", "gitlab/push.new-branch", "ada/infra", "refs/heads/trial")]
    [InlineData(WebhookProvider.GitLab, "push", "gitlab/push.deleted", "ada/infra", "refs/heads/old")]
    [InlineData(WebhookProvider.GitLab, "tag_push", "gitlab/tag_push", "ada/infra", "refs/tags/v1.0")]
    [InlineData(WebhookProvider.Generic, "push", "generic/push", "infra", "refs/heads/main")]
    public void Read_HearsPushes(WebhookProvider provider, string name, string payload, string repository, string reference) =>
        Assert.Equal(new Hint.Push(new PushNotice(repository, reference)), Heard(provider, name, payload));

    [Theory]
    [InlineData(WebhookProvider.GitHub, "pull_request", "github/pull_request.12.opened", 2, PullRequestAction.Opened)]
    [InlineData(WebhookProvider.GitHub, "pull_request", "github/pull_request.22.synchronize", 2, PullRequestAction.Synchronized)]
    [InlineData(WebhookProvider.GitHub, "pull_request", "github/pull_request.18.reopened", 2, PullRequestAction.Reopened)]
    [InlineData(WebhookProvider.GitHub, "pull_request", "github/pull_request.03.closed", 2, PullRequestAction.Closed)]
    [InlineData(WebhookProvider.Forgejo, "pull_request", "forgejo/pull_request.opened", 3, PullRequestAction.Opened)]
    [InlineData(WebhookProvider.Forgejo, "pull_request", "forgejo/pull_request.synchronized", 3, PullRequestAction.Synchronized)]
    [InlineData(WebhookProvider.Forgejo, "pull_request", "forgejo/pull_request.reopened", 3, PullRequestAction.Reopened)]
    [InlineData(WebhookProvider.Forgejo, "pull_request", "forgejo/pull_request.closed", 3, PullRequestAction.Closed)]
    [InlineData(WebhookProvider.GitLab, "merge_request", "gitlab/merge_request.open", 16, PullRequestAction.Opened)]
    [InlineData(WebhookProvider.GitLab, "merge_request", "gitlab/merge_request.update", 16, PullRequestAction.Synchronized)]
    [InlineData(WebhookProvider.GitLab, "merge_request", "gitlab/merge_request.reopen", 16, PullRequestAction.Reopened)]
    [InlineData(WebhookProvider.GitLab, "merge_request", "gitlab/merge_request.close", 16, PullRequestAction.Closed)]
    [InlineData(WebhookProvider.GitLab, "merge_request", "gitlab/merge_request.merge", 16, PullRequestAction.Closed)]
    [InlineData(WebhookProvider.Generic, "pull_request", "generic/pull_request", 7, PullRequestAction.Opened)]
    public void Read_HearsPullRequests(WebhookProvider provider, string name, string payload, long number, PullRequestAction action)
    {
        var notice = Assert.IsType<Hint.PullRequest>(Heard(provider, name, payload)).Notice;
        Assert.Equal((number, action), (notice.Number, notice.Action));
        Assert.NotEmpty(notice.Repository);
    }

    [Theory]
    [InlineData(WebhookProvider.GitHub, "github/ping.00", "Octocoders/Hello-World")]
    [InlineData(WebhookProvider.GitHub, "github/ping.03", "")]
    [InlineData(WebhookProvider.Generic, "generic/ping", "")]
    public void Read_HearsPings(WebhookProvider provider, string payload, string repository) =>
        Assert.Equal(new Hint.Ping(new PingNotice(repository)), Heard(provider, "ping", payload));

    [Theory]
    [InlineData(WebhookProvider.GitHub, "issues", "github/push.04")]
    [InlineData(WebhookProvider.GitHub, null, "github/push.04")]
    [InlineData(WebhookProvider.GitHub, "pull_request", "github/pull_request.08.labeled")]
    [InlineData(WebhookProvider.Forgejo, "pull_request", "forgejo/pull_request.label_updated")]
    [InlineData(WebhookProvider.Forgejo, "ping", "forgejo/push")]
    [InlineData(WebhookProvider.GitLab, "merge_request", "gitlab/merge_request.update-words")]
    [InlineData(WebhookProvider.GitLab, "merge_request", "gitlab/merge_request.approved")]
    [InlineData(WebhookProvider.GitLab, null, "gitlab/push")]
    public void Read_IgnoresWhatNobodyNeeds(WebhookProvider provider, string? name, string payload) =>
        Assert.Equal(Reading.Ignored, Read(provider, name, Payload.Read(payload)));

    [Fact]
    public void Read_HearsNewBranchWithoutCommitsAndLargeIds()
    {
        var body = JsonNode.Parse(Payload.Read("github/push.04"))!.AsObject();
        body["created"] = true;
        body["forced"] = true;
        body["commits"] = new JsonArray();
        body["head_commit"] = null;
        body["repository"]!["id"] = 5_000_000_000;
        body["ref"] = "refs/heads/new";
        Assert.Equal(
            new Reading.Heard(new Hint.Push(new PushNotice("Codertocat/Hello-World", "refs/heads/new"))),
            Read(WebhookProvider.GitHub, "push", Encoding.UTF8.GetBytes(body.ToJsonString())));
    }

    [Fact]
    public void Read_TakesNumbersBeyond31Bits() =>
        Assert.Equal(
            new Reading.Heard(new Hint.PullRequest(new PullRequestNotice("", 3_000_000_000, PullRequestAction.Closed))),
            Read(WebhookProvider.GitHub, "pull_request", """{"action":"closed","number":3000000000}"""u8.ToArray()));

    [Fact]
    public void Read_TakesForms()
    {
        var form = Encoding.UTF8.GetBytes("first=1&payload=" + Uri.EscapeDataString("""{"ref":"refs/heads/a+b", "x": 1}""").Replace("%20", "+", StringComparison.Ordinal) + "&last");
        Assert.Equal(
            new Reading.Heard(new Hint.Push(new PushNotice("", "refs/heads/a+b"))),
            Forge.Of(WebhookProvider.GitHub, TimeSpan.FromMinutes(5)).Read("push", "Application/X-WWW-form-urlencoded; charset=utf-8", form));
    }

    [Theory]
    [InlineData("payload=%7")]
    [InlineData("payload=%zz")]
    [InlineData("payload=")]
    [InlineData("other=1")]
    [InlineData("&&&")]
    [InlineData("")]
    public void Read_RefusesBadForms(string form) =>
        Assert.Equal(Reading.Nonsense, Forge.Of(WebhookProvider.GitHub, TimeSpan.FromMinutes(5)).Read("push", "application/x-www-form-urlencoded", Encoding.UTF8.GetBytes(form)));

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"ref\":null}")]
    [InlineData("{\"ref\":7}")]
    [InlineData("{\"ref\":{\"ref\":\"refs/heads/main\"}}")]
    [InlineData("{\"ref\":\"main\"}")]
    [InlineData("{\"ref\":\"refs/\"}")]
    [InlineData("{\"ref\":\"refs/heads/a b\"}")]
    [InlineData("{\"ref\":\"refs/heads/../x\"}")]
    [InlineData("{\"ref\":\"refs/heads/a\\u0000\"}")]
    [InlineData("{\"ref\":\"refs/heads/\\u202egnp\"}")]
    [InlineData("{\"ref\":\"refs/heads/\\ud800\"}")]
    [InlineData("{\"\\ud800\":1,\"ref\":\"refs/heads/main\"}")]
    [InlineData("{\"ref\":\"refs/heads/main\"")]
    [InlineData("{\"ref\":\"refs/heads/main\"} x")]
    [InlineData("{\"ref\":\"refs/heads/main\"}{}")]
    [InlineData("{\"ref\":\"refs/heads/main\",\"ref\":\"refs/heads/main\"}")]
    [InlineData("{\"repository\":{\"full_name\":\"a\"},\"repository\":{\"full_name\":\"b\"},\"ref\":\"refs/heads/main\"}")]
    [InlineData("{\"ref\":\"refs/heads/main\",}")]
    [InlineData("// hello\n{\"ref\":\"refs/heads/main\"}")]
    public void Read_RefusesNonsense(string json) => Assert.Equal(Reading.Nonsense, Read(WebhookProvider.GitHub, "push", Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("{\"number\":1}")]
    [InlineData("{\"action\":\"opened\"}")]
    [InlineData("{\"action\":\"opened\",\"number\":0}")]
    [InlineData("{\"action\":\"opened\",\"number\":-1}")]
    [InlineData("{\"action\":\"opened\",\"number\":1.5}")]
    [InlineData("{\"action\":\"opened\",\"number\":\"1\"}")]
    [InlineData("{\"action\":\"opened\",\"number\":99999999999999999999}")]
    public void Read_RefusesPullRequestsWithoutNumberOrAction(string json) =>
        Assert.Equal(Reading.Nonsense, Read(WebhookProvider.GitHub, "pull_request", Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Read_RefusesDeepNesting()
    {
        var deep = "{\"ref\":\"refs/heads/main\",\"x\":" + new string('[', 100_000) + new string(']', 100_000) + "}";
        Assert.Equal(Reading.Nonsense, Read(WebhookProvider.GitHub, "push", Encoding.UTF8.GetBytes(deep)));
    }

    [Fact]
    public void Read_PassesOverTextThatIsNoUtf8WhereItIsNotRead()
    {
        byte[] body = [.. "{\"ref\":\"refs/heads/"u8, 0xff, .. "\"}"u8];
        Assert.Equal(Reading.Nonsense, Read(WebhookProvider.GitHub, "push", body));
    }

    [Fact]
    public void Read_RefusesTooLongReferences() =>
        Assert.Equal(Reading.Nonsense, Read(WebhookProvider.GitHub, "push", Encoding.UTF8.GetBytes($"{{\"ref\":\"refs/heads/{new string('a', 502)}\"}}")));

    [Fact]
    public void Read_CleansTheRepositoryName()
    {
        var reading = Read(WebhookProvider.Generic, "push", Encoding.UTF8.GetBytes($"{{\"ref\":\"refs/heads/main\",\"repository\":\"a\\u001b[31m\\nb{new string('c', 500)}\"}}"));
        var notice = Assert.IsType<Hint.Push>(Assert.IsType<Reading.Heard>(reading).Hint).Notice;
        Assert.StartsWith("a[31mbccc", notice.Repository, StringComparison.Ordinal);
        Assert.Equal(200, notice.Repository.Length);
    }

    private static Hint Heard(WebhookProvider provider, string name, string payload) =>
        Assert.IsType<Reading.Heard>(Read(provider, name, Payload.Read(payload))).Hint;

    private static Reading Read(WebhookProvider provider, string? name, byte[] body) =>
        Forge.Of(provider, TimeSpan.FromMinutes(5)).Read(name, "application/json", body);
}
