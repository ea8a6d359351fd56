using Reconciler.Adapters.GitLab;
using Reconciler.Model;
using Reconciler.Ports;
using Reconciler.Tests.Adapters.Forge;
using Reconciler.Tests.Fakes;
using Xunit;

namespace Reconciler.Tests.Adapters.GitLab;

public sealed class GitLabForgeTests() : ForgeContract(new FakeGitLab())
{
    private readonly LogLines<GitLabForge> _log = new();

    private protected override IReadOnlyList<string> Logged => _log.Lines;

    private protected override FakeForge NewFake() => new FakeGitLab();

    private protected override IForge Make(HostName host, Uri? api = null) => new GitLabForge(
        new GitLabSettings { Host = host, Project = "infra/hosts", Branch = "main", ApiBase = api ?? Fake.Api, TokenFile = TokenFile, Page = Page },
        Clock,
        _log);

    [Fact]
    public async Task SetStatus_BearsThatAPendingOneCannotChangeItsWords()
    {
        var forge = Forge();
        Done(await forge.SetStatusAsync(Status(CommitState.Pending, "building"), Now));

        Assert.Contains("cannot change its words", Done(await forge.SetStatusAsync(Status(CommitState.Pending, "on trial"), Now)).Remark, StringComparison.Ordinal);
        Done(await forge.SetStatusAsync(Status(CommitState.Success, "confirmed"), Now));

        Assert.Equal("success", Assert.Single(Fake.Statuses).State);
    }

    [Fact]
    public async Task SetStatus_CallsAnErrorFailed()
    {
        await Forge().SetStatusAsync(Status(CommitState.Error, "the disk is full"), Now);

        Assert.Equal("failed", Assert.Single(Fake.Statuses).State);
    }

    [Fact]
    public async Task SetDeployment_FollowsOneDeployment()
    {
        var forge = Forge();
        foreach (var state in new[] { DeploymentState.Queued, DeploymentState.InProgress, DeploymentState.InProgress, DeploymentState.Success, DeploymentState.Success })
        {
            Done(await forge.SetDeploymentAsync(Progress(state), Now));
        }

        Assert.Equal(("web1", "success"), (Assert.Single(Fake.Deployments).Environment, Fake.Deployments[0].Status));
        Assert.Equal(2, Fake.Requests.Count(r => r.IsChange));
    }

    [Fact]
    public async Task SetDeployment_BeginsAnewAfterOneThatEnded()
    {
        var forge = Forge();
        foreach (var state in new[] { DeploymentState.InProgress, DeploymentState.Failure, DeploymentState.InProgress, DeploymentState.Success, DeploymentState.Inactive })
        {
            Done(await forge.SetDeploymentAsync(Progress(state), Now));
        }

        Assert.Equal(["failed", "success"], Fake.Deployments.Select(d => d.Status));
    }

    [Theory]
    [InlineData(nameof(DeploymentState.Error), "failed")]
    [InlineData(nameof(DeploymentState.Inactive), "canceled")]
    public async Task SetDeployment_EndsInGitLabsWords(string state, string status)
    {
        var forge = Forge();
        await forge.SetDeploymentAsync(Progress(DeploymentState.Queued), Now);
        await forge.SetDeploymentAsync(Progress(Enum.Parse<DeploymentState>(state)), Now);

        Assert.Equal(status, Assert.Single(Fake.Deployments).Status);
    }

    [Fact]
    public async Task SetDeployment_KeepsHostsApart()
    {
        await Forge("web1").SetDeploymentAsync(Progress(DeploymentState.Success), Now);
        await Forge("web2").SetDeploymentAsync(Progress(DeploymentState.InProgress), Now);

        Assert.Equal([("web1", "success"), ("web2", "running")], Fake.Deployments.Select(d => (d.Environment, d.Status)));
    }
}
