using System.Collections.Immutable;
using Reconciler.History;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Tests.Making;
using Xunit;

namespace Reconciler.Tests.Planning;

public sealed class TraceTellingTests
{
    private static readonly LedgerEvent RollbackBegan = new LedgerEvent.RollbackBegan(new Failure.Unhealthy([A.ProbeResult(passed: false)]), JournalExcerpt.None);

    [Fact]
    public void Deployment_IsToldOnce_WhenItEnds()
    {
        LedgerEvent[] facts = [.. A.Tried(), RollbackBegan, new LedgerEvent.RolledBack(), new LedgerEvent.Told(new DeploymentId(2), Pushed: true, null), new LedgerEvent.Suspended("why")];

        var told = Enumerable.Range(0, facts.Length).SelectMany(count => TraceTelling.Of(A.History(facts[..count]), A.History(facts[..(count + 1)]))).ToList();

        Assert.Equal([new ForgeMessage.DeploymentTraced(new DeploymentId(2))], told);
    }

    [Fact]
    public void Deployment_ThatDidNotBuild_IsTold() => Assert.Single(After(A.Begun(), new LedgerEvent.DeploymentFailed(new Failure.EvaluationFailed("error: no"))));

    [Fact]
    public void Deployment_ThatNeedsAnOperator_IsToldWhenTheOperatorTookOver()
    {
        LedgerEvent[] stuck = [.. A.Tried(), RollbackBegan];
        Assert.Empty(After(stuck, new LedgerEvent.RollbackFailed("exit 2")));
        Assert.Single(After([.. stuck, new LedgerEvent.RollbackFailed("exit 2")], new LedgerEvent.Resumed()));
    }

    private static ImmutableArray<ForgeMessage> After(LedgerEvent[] facts, LedgerEvent fact) => TraceTelling.Of(A.History(facts), A.History([.. facts, fact]));
}
