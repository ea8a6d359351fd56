using Reconciler.Adapters.Forgejo;
using Reconciler.Model;
using Reconciler.Ports;
using Reconciler.Tests.Adapters.Forge;
using Reconciler.Tests.Fakes;
using Xunit;

namespace Reconciler.Tests.Adapters.Forgejo;

public sealed class ForgejoForgeTests() : ForgeContract(new FakeForgejo())
{
    private readonly LogLines<ForgejoForge> _log = new();

    private protected override IReadOnlyList<string> Logged => _log.Lines;

    private protected override FakeForge NewFake() => new FakeForgejo();

    private protected override IForge Make(HostName host, Uri? api = null) => new ForgejoForge(
        new ForgejoSettings { Host = host, Owner = "ann", Repository = "hosts", Branch = "main", ApiBase = api ?? Fake.Api, TokenFile = TokenFile, Page = Page },
        Clock,
        _log);

    [Fact]
    public async Task SetDeployment_IsDoneWithoutAsking()
    {
        Assert.NotNull(Done(await Forge().SetDeploymentAsync(Progress(DeploymentState.Success), Now)).Remark);
        Assert.Empty(Fake.Requests);
    }

    [Fact]
    public async Task SetStatus_TellsWhoseFaultItWas()
    {
        await Forge().SetStatusAsync(Status(CommitState.Error, "the disk is full"), Now);

        Assert.Equal("error", Assert.Single(Fake.Statuses).State);
    }

    [Fact]
    public async Task CommentPlan_WorksWithATokenThatMayNotAskWhoItIs()
    {
        Fake.Pulls.Add(new FakePull(7, "topic", "main", "x") { Body = "" });
        Fake.Before = request => request.Path.EndsWith("/user", StringComparison.Ordinal) ? new FakeAnswer(403) { Raw = "{}" } : null;
        var report = new ForgeMessage.PlanReported(7, Story.Bad, new PlanReport.Failed(new Failure.BuildFailed("x"), TimeSpan.Zero));

        Done(await Forge().CommentPlanAsync(report, Now));
        Done(await Forge().CommentPlanAsync(report, Now));

        Assert.Single(Fake.Pulls[0].Comments);
    }
}
