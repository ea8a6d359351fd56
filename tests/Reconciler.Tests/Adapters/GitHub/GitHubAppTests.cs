using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Reconciler.Adapters.Forge;
using Reconciler.Adapters.GitHub;
using Reconciler.Model;
using Reconciler.Ports;
using Reconciler.Tests.Making;
using Xunit;
using Fault = FakeGitHub.Faults.Fault;

namespace Reconciler.Tests.Adapters.GitHub;

public sealed class GitHubAppTests : HubTests
{
    [Fact]
    public void Key_SignsWhatGitHubAsksFor()
    {
        using var folder = new TempFolder();
        using var key = RSA.Create(2048);
        File.WriteAllText(folder.At("key"), key.ExportPkcs8PrivateKeyPem());
        File.SetUnixFileMode(folder.At("key"), UnixFileMode.UserRead);
        Assert.True(AppKey.TrySign(new GitHubAccess.App(4711, folder.At("key")), A.Start, out var token, out _));

        var parts = token.Split('.');
        Assert.True(key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        Assert.Equal("""{"alg":"RS256","typ":"JWT"}""", Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[0])));
        var claims = JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]))!;
        Assert.Equal(A.Start.ToUnixTimeSeconds() - 60, (long)claims["iat"]!);
        Assert.InRange((long)claims["exp"]! - (long)claims["iat"]!, 60, 600);
        Assert.Equal("4711", claims["iss"]!.ToString());
    }

    [Theory]
    [InlineData(null, UnixFileMode.UserRead, "is not there")]
    [InlineData("", UnixFileMode.UserRead, "is empty")]
    [InlineData("SECRET that is no key", UnixFileMode.UserRead, "holds no RSA key in PEM")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\nSECRET\n-----END RSA PRIVATE KEY-----", UnixFileMode.UserRead, "holds no RSA key in PEM")]
    [InlineData("SECRET", UnixFileMode.UserRead | UnixFileMode.OtherRead, "can be read by every user")]
    public void Key_ThatCannotBeUsedSaysWhy(string? content, UnixFileMode mode, string words)
    {
        using var folder = new TempFolder();
        if (content is not null)
        {
            File.WriteAllText(folder.At("key"), content);
            File.SetUnixFileMode(folder.At("key"), mode);
        }

        Assert.False(AppKey.TrySign(new GitHubAccess.App(4711, folder.At("key")), A.Start, out _, out var fault));
        Assert.Contains(words, fault, StringComparison.Ordinal);
        Assert.Contains(folder.At("key"), fault, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task App_AsksForATokenOfOneRepositoryAndOfNoMoreThanItNeeds()
    {
        var access = _hub.InstallApp(
            ("statuses", "write"), ("deployments", "write"), ("pull_requests", "write"), ("contents", "write"), ("administration", "write"), ("metadata", "read"));
        Assert.IsType<ForgeAnswer.Done>(await Forge(access).SetStatusAsync(Status(), Cancellation));

        var asked = Assert.Single(_hub.Hub.Requests, request => request.Path.EndsWith("/access_tokens", StringComparison.Ordinal)).Body!;
        Assert.Equal("""["fleet"]""", asked["repositories"]!.ToJsonString());
        Assert.Equal(["contents", "deployments", "metadata", "pull_requests", "statuses"], asked["permissions"]!.AsObject().Select(permission => permission.Key).Order());
        Assert.Equal("reconciler-acme[bot]", Assert.Single(_hub.Repository.StatusesOf(_hub.Bad.Sha)).Creator.Login);
    }

    [Fact]
    public async Task App_AsksForATokenAgainFiveMinutesBeforeItEnds()
    {
        var forge = Forge(_hub.InstallApp());
        await forge.SetStatusAsync(Status("one"), Cancellation);
        _hub.Clock.Advance(TimeSpan.FromMinutes(54));
        await forge.SetStatusAsync(Status("two"), Cancellation);
        Assert.Equal(1, Tokens());

        _hub.Clock.Advance(TimeSpan.FromMinutes(1.5));
        Assert.IsType<ForgeAnswer.Done>(await forge.SetStatusAsync(Status("three"), Cancellation));
        Assert.Equal(2, Tokens());
    }

    [Fact]
    public async Task App_AsksForATokenAgainOnceWhenGitHubRefusesIt()
    {
        var forge = Forge(_hub.InstallApp());
        await forge.SetStatusAsync(Status("one"), Cancellation);
        _hub.Hub.Faults.Once(new Fault.BadCredentials(), "POST", "*/statuses/*");
        Assert.IsType<ForgeAnswer.Done>(await forge.SetStatusAsync(Status("two"), Cancellation));
        Assert.Equal(2, Tokens());

        _hub.Hub.Faults.Add(new(new Fault.BadCredentials(), "POST", "*/statuses/*"));
        Assert.IsType<ForgeAnswer.Later>(await forge.SetStatusAsync(Status("three"), Cancellation));
        Assert.Equal(3, Tokens());
    }

    [Fact]
    public async Task App_LetsGitHubSignItsCommits()
    {
        Assert.IsType<ForgeAnswer.Done>(await Forge(_hub.InstallApp()).ExplainRollbackAsync(_hub.Story(), Cancellation));

        var made = Assert.Single(_hub.Changes, request => request.Path.EndsWith("/git/commits", StringComparison.Ordinal));
        Assert.Equal(["message", "parents", "tree"], made.Body!.AsObject().Select(field => field.Key).Order());
    }

    [Fact]
    public async Task App_KnowsItsOwnComment()
    {
        var forge = Forge(_hub.InstallApp());
        await forge.ExplainRollbackAsync(_hub.Story(), Cancellation);
        var number = Assert.Single(_hub.Repository.PullRequests).Number;
        await forge.CommentPlanAsync(Report(number, "first"), Cancellation);
        await forge.CommentPlanAsync(Report(number, "second"), Cancellation);

        Assert.Equal("reconciler-acme[bot]", Assert.Single(_hub.Repository.CommentsOf(number)).Author.Login);
        Assert.DoesNotContain(_hub.Hub.Requests, request => request.Path == "/user");
    }

    [Fact]
    public async Task App_ThatIsNotInstalledSaysSo()
    {
        var access = _hub.InstallApp();
        _hub.Hub.AddRepository("other/fleet");
        var later = Assert.IsType<ForgeAnswer.Later>(
            await _hub.Forge(settings => settings with { Access = access, Owner = "other" }).SetStatusAsync(Status(), Cancellation));

        Assert.Contains("is not installed on other/fleet", later.Detail, StringComparison.Ordinal);
        Assert.NotNull(later.NotBefore);
    }

    [Fact]
    public async Task App_WithAnotherKeySaysWhatToLookAt()
    {
        var access = _hub.InstallApp();
        using var other = RSA.Create(2048);
        File.SetUnixFileMode(access.PrivateKeyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllTextAsync(access.PrivateKeyFile, other.ExportRSAPrivateKeyPem(), Cancellation);
        var later = Assert.IsType<ForgeAnswer.Later>(await Forge(access).SetStatusAsync(Status(), Cancellation));

        Assert.Contains("the App id, the private key and the host's clock must be right", later.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task App_MeetsALimitWhileAskingForAToken()
    {
        var forge = Forge(_hub.InstallApp());
        _hub.Hub.Faults.Once(new Fault.TooManyRequests(45), "POST", "/app/*");
        var later = Assert.IsType<ForgeAnswer.Later>(await forge.SetStatusAsync(Status(), Cancellation));
        Assert.InRange(later.NotBefore!.Value - _hub.Clock.GetUtcNow(), TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(45));

        Assert.IsType<ForgeAnswer.Done>(await _hub.AgainAsync(() => forge.SetStatusAsync(Status(), Cancellation)));
    }

    private GitHubForge Forge(GitHubAccess.App access) => _hub.Forge(settings => settings with { Access = access });

    private int Tokens() => _hub.Hub.Requests.Count(request => request.Path.EndsWith("/access_tokens", StringComparison.Ordinal));

    private ForgeMessage.CommitStatus Status(string description = "on trial") => new(_hub.Bad, StatusKind.Deployment, CommitState.Pending, description, null);

    private ForgeMessage.PlanReported Report(long number, string word) =>
        new(number, _hub.Bad, new PlanReport.Ready(new SystemPlan { Restart = [$"{word}.service"] }, A.Toplevel("new"), A.Toplevel("old"), [], TimeSpan.FromSeconds(3)));
}
