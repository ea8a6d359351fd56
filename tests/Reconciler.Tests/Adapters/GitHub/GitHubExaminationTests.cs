using System.Collections.Immutable;
using Reconciler.Adapters.GitHub;
using Reconciler.Ports;
using Xunit;
using Fault = FakeGitHub.Faults.Fault;

namespace Reconciler.Tests.Adapters.GitHub;

public sealed class GitHubExaminationTests : HubTests
{
    private static readonly Uri Hook = new("https://hooks.example/webhooks/github");

    [Fact]
    public async Task Examine_FindsAllWellWithATokenOfEnoughPower()
    {
        _hub.Hub.AddToken("github_pat_enough", "ann");
        _hub.WriteToken("github_pat_enough");
        _hub.Hub.AddHook(_hub.Repository, Hook.AbsoluteUri, "secret");
        var findings = await ExamineAsync();

        Assert.All(findings, finding => Assert.True(finding.IsWell, finding.ToString()));
        Assert.Equal(
            ["repository", "rate limit", "token", "permission to write", "permission for commit statuses", "permission for deployments", "permission for pull requests", "webhook"],
            findings.Select(finding => finding.Subject));
        Assert.Contains("a fine-grained token", findings[2].Detail, StringComparison.Ordinal);
        Assert.Empty(_hub.Changes);
    }

    [Fact]
    public async Task Examine_FindsAllWellWithAnApp()
    {
        var access = _hub.InstallApp();
        var findings = await ExamineAsync(settings => settings with { Access = access, WebhookAddress = null });

        Assert.All(findings, finding => Assert.True(finding.IsWell, finding.ToString()));
        Assert.Contains(findings, finding => finding.Subject == "permission deployments: write");
    }

    [Fact]
    public async Task Examine_NamesThePermissionAnAppLacks()
    {
        var access = _hub.InstallApp(("statuses", "write"), ("deployments", "read"), ("pull_requests", "write"), ("contents", "write"), ("metadata", "read"));
        var findings = await ExamineAsync(settings => settings with { Access = access, WebhookAddress = null });

        var bad = Assert.Single(findings, finding => !finding.IsWell);
        Assert.Equal("permission deployments: write", bad.Subject);
        Assert.Contains("owner of the repository accept it", bad.Cure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Examine_NamesATokenThatIsUnknown()
    {
        _hub.WriteToken("ghp_nobody");
        var bad = Assert.Single(await ExamineAsync());

        Assert.Contains("it has expired or was revoked", bad.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("ghp_nobody", bad.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Examine_NamesATokenThatMayOnlyRead()
    {
        _hub.Hub.AddToken("github_pat_reader", "bob", push: false);
        _hub.WriteToken("github_pat_reader");

        Assert.Contains(await ExamineAsync(), finding => finding is { IsWell: false, Subject: "permission to write" });
    }

    [Fact]
    public async Task Examine_NamesAFineGrainedTokenWithoutDeployments()
    {
        _hub.Hub.AddToken("github_pat_narrow", "ann", permissions: new Dictionary<string, string>
        {
            ["metadata"] = "read",
            ["contents"] = "write",
            ["statuses"] = "write",
            ["pull_requests"] = "write",
        });
        _hub.WriteToken("github_pat_narrow");

        Assert.Contains("deployments: read and write", Assert.Single(await ExamineAsync(settings => settings with { WebhookAddress = null }), finding => !finding.IsWell).Cure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Examine_NamesATokenFileThatAllMayRead()
    {
        File.SetUnixFileMode(_hub.TokenFile, UnixFileMode.UserRead | UnixFileMode.OtherRead);

        Assert.Contains(await ExamineAsync(), finding => finding is { IsWell: false, Subject: "token file" } && finding.Cure.StartsWith("chmod 0400", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Examine_NamesARenamedRepository()
    {
        _hub.Hub.World.Rename(_hub.Repository, "machines");

        Assert.Contains(await ExamineAsync(), finding => finding is { IsWell: false, Subject: "repository", Cure: "set owner and repository to acme/machines" });
    }

    [Fact]
    public async Task Examine_NamesARepositoryThatIsNotThere()
    {
        var bad = Assert.Single(await ExamineAsync(settings => settings with { Repository = "none" }));

        Assert.Contains("acme/none", bad.Detail, StringComparison.Ordinal);
        Assert.NotEmpty(bad.Cure);
    }

    [Fact]
    public async Task Examine_NamesAWebhookThatIsMissing() => Assert.Contains(
        await ExamineAsync(), finding => finding is { IsWell: false, Subject: "webhook" } && finding.Cure.Contains("event push", StringComparison.Ordinal));

    [Fact]
    public async Task Examine_NamesAWebhookWhoseDeliveriesFail()
    {
        _hub.Repository.Hooks.Put(_hub.Hub.AddHook(_hub.Repository, Hook.AbsoluteUri, "secret") with { LastCode = 401 });

        Assert.Contains(await ExamineAsync(), finding => finding is { IsWell: false, Subject: "webhook" } && finding.Detail.Contains("401", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Examine_NamesAnOutage()
    {
        _hub.Hub.Faults.Outage();

        Assert.Contains("503", Assert.Single(await ExamineAsync()).Detail, StringComparison.Ordinal);
        _hub.Hub.Faults.Clear();
        _hub.Clock.Advance(TimeSpan.FromMinutes(2));
        _hub.Hub.Faults.Once(new Fault.LoginPage());
        Assert.Contains("proxies", Assert.Single(await ExamineAsync()).Detail, StringComparison.Ordinal);
    }

    private Task<ImmutableArray<ForgeFinding>> ExamineAsync(Func<GitHubSettings, GitHubSettings>? with = null) => _hub.Forge(settings =>
    {
        settings = settings with { WebhookAddress = Hook };
        return with is null ? settings : with(settings);
    }).ExamineAsync(Cancellation);
}
