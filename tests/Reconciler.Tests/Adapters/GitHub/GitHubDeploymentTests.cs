using FakeGitHub.Faults;
using Reconciler.Model;
using Reconciler.Ports;
using Reconciler.Tests.Making;
using Xunit;
using Fault = FakeGitHub.Faults.Fault;

namespace Reconciler.Tests.Adapters.GitHub;

public sealed class GitHubDeploymentTests : HubTests
{
    [Fact]
    public async Task SetDeployment_ShowsItFromBeginningToEnd()
    {
        var forge = _hub.Forge();
        foreach (var state in new[] { DeploymentState.Queued, DeploymentState.InProgress, DeploymentState.Success })
        {
            Assert.IsType<ForgeAnswer.Done>(await forge.SetDeploymentAsync(Progress(state), Cancellation));
        }

        var deployment = Assert.Single(_hub.Repository.Deployments);
        Assert.Equal((_hub.Bad.Sha, "web1", "reconciler"), (deployment.Sha, deployment.Environment, deployment.Task));
        Assert.Equal("""{"host":"web1","deployment":"17"}""", deployment.Payload.ToJsonString());
        Assert.True(deployment.Id > int.MaxValue);
        var statuses = _hub.Repository.StatusesOfDeployment(deployment.Id);
        Assert.Equal(["queued", "in_progress", "success"], statuses.Select(status => status.State));
        Assert.All(statuses, status => Assert.Equal(("https://web1.example/deployments/17", "web1"), (status.LogUrl, status.Environment)));
        var made = Assert.Single(_hub.Changes, request => request.Path.EndsWith("/deployments", StringComparison.Ordinal));
        Assert.Equal("false", made.Body!["auto_merge"]!.ToJsonString());
        Assert.Equal("[]", made.Body!["required_contexts"]!.ToJsonString());
    }

    [Fact]
    public async Task SetDeployment_TwiceIsSetOnce()
    {
        var forge = _hub.Forge();
        await forge.SetDeploymentAsync(Progress(DeploymentState.Failure), Cancellation);
        await forge.SetDeploymentAsync(Progress(DeploymentState.Failure), Cancellation);

        Assert.Single(_hub.Repository.StatusesOfDeployment(Assert.Single(_hub.Repository.Deployments).Id));
    }

    [Fact]
    public async Task SetDeployment_ThatSucceedsRetiresTheOneBefore()
    {
        var forge = _hub.Forge();
        await forge.SetDeploymentAsync(Progress(DeploymentState.Success) with { Commit = _hub.Good, Deployment = new DeploymentId(3) }, Cancellation);
        await forge.SetDeploymentAsync(Progress(DeploymentState.Success), Cancellation);

        Assert.Equal(["inactive", "success"], _hub.Repository.Deployments.Select(deployment => _hub.Repository.StatusesOfDeployment(deployment.Id)[^1].State));
    }

    [Fact]
    public async Task SetDeployment_TheSameCommitOnceMoreIsADeploymentOfItsOwn()
    {
        var forge = _hub.Forge();
        await forge.SetDeploymentAsync(Progress(DeploymentState.Success), Cancellation);
        await forge.SetDeploymentAsync(Progress(DeploymentState.Success) with { Deployment = new DeploymentId(40) }, Cancellation);

        Assert.Equal(2, _hub.Repository.Deployments.Count);
    }

    [Fact]
    public async Task SetDeployment_LeavesThoseOfOtherToolsAlone()
    {
        _hub.Repository.DeploymentTable.Add(new(_hub.Hub.World.NextId(), _hub.Bad.Sha, _hub.Bad.Sha, "web1", _hub.Hub.World.Account("bob"), _hub.Clock.GetUtcNow())
        {
            Task = "reconciler",
            Payload = System.Text.Json.Nodes.JsonValue.Create("deploy it"),
        });
        _hub.Repository.DeploymentTable.Add(new(_hub.Hub.World.NextId(), _hub.Bad.Sha, _hub.Bad.Sha, "web1", _hub.Hub.World.Account("bob"), _hub.Clock.GetUtcNow())
        {
            Task = "reconciler",
            Payload = System.Text.Json.Nodes.JsonNode.Parse("""{"host":{"a":[1,2]},"n":5,"deployment":17}""")!,
        });
        Assert.IsType<ForgeAnswer.Done>(await _hub.Forge().SetDeploymentAsync(Progress(DeploymentState.Queued), Cancellation));

        Assert.Equal(3, _hub.Repository.Deployments.Count);
        Assert.Single(_hub.Repository.DeploymentStatuses.All);
    }

    [Fact]
    public async Task SetDeployment_DroppedAfterEachChangeMakesNothingTwice()
    {
        var forge = _hub.Forge();
        _hub.Hub.Faults.Once(new Fault.DropAfter(), "POST", "*/deployments");
        _hub.Hub.Faults.Once(new Fault.DropAfter(), "POST", "*/statuses");
        await _hub.AgainAsync(() => forge.SetDeploymentAsync(Progress(DeploymentState.InProgress), Cancellation));

        Assert.Single(_hub.Repository.StatusesOfDeployment(Assert.Single(_hub.Repository.Deployments).Id));
    }

    [Fact]
    public async Task SetDeployment_OfACommitGitHubLacksIsRefused() => Assert.Contains(
        "has no commit",
        Assert.IsType<ForgeAnswer.Refused>(await _hub.Forge().SetDeploymentAsync(Progress(DeploymentState.Queued) with { Commit = A.Revision("elsewhere") }, Cancellation)).Reason,
        StringComparison.Ordinal);

    [Fact]
    public async Task SetDeployment_ThatConflictsIsTriedLater()
    {
        var forge = _hub.Forge();
        _hub.Hub.Faults.Once(new Fault.Conflict("Conflict merging main into it"), "POST");
        Assert.Contains(
            "Conflict merging main",
            Assert.IsType<ForgeAnswer.Later>(await forge.SetDeploymentAsync(Progress(DeploymentState.Queued), Cancellation)).Detail,
            StringComparison.Ordinal);
        Assert.IsType<ForgeAnswer.Done>(await forge.SetDeploymentAsync(Progress(DeploymentState.Queued), Cancellation));
    }

    [Fact]
    public async Task SetDeployment_ThatWasAcceptedAndNotMadeIsTriedLater()
    {
        _hub.Hub.Faults.Once(new Fault.Accepted("Auto-merged main into it"), "POST");

        Assert.IsType<ForgeAnswer.Later>(await _hub.Forge().SetDeploymentAsync(Progress(DeploymentState.Queued), Cancellation));
    }

    [Theory]
    [InlineData("state")]
    [InlineData("type")]
    [InlineData("visibility")]
    public async Task SetDeployment_ReadsPastWordsNobodyKnows(string field)
    {
        var forge = _hub.Forge();
        _hub.Hub.Faults.Add(new FaultRule(new Fault.UnknownEnum(field)));
        await forge.SetDeploymentAsync(Progress(DeploymentState.Queued), Cancellation);
        Assert.IsType<ForgeAnswer.Done>(await forge.SetDeploymentAsync(Progress(DeploymentState.Success), Cancellation));

        Assert.Equal("success", _hub.Repository.StatusesOfDeployment(Assert.Single(_hub.Repository.Deployments).Id)[^1].State);
    }

    private ForgeMessage.DeploymentProgress Progress(DeploymentState state) => new(new DeploymentId(17), _hub.Bad, state, "so far");
}
