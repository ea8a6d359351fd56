using Reconciler.History;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Ports;
using Reconciler.Tests.Fakes;
using Reconciler.Tests.Making;
using Xunit;

namespace Reconciler.Tests.Reconciling;

/// <summary>No fact is written that the history could not take: it would make the ledger unreadable for good.</summary>
public sealed class FactsOnlyWhereTheyFitTests : IDisposable
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;
    private static readonly Actor Alice = Actor.Operator("alice");

    private readonly Workplace _work = new();

    [Fact]
    public void Accepts_RolledBackAfterAnOperatorTookOver_IsFalse()
    {
        var stuck = A.History(Stuck());
        var takenOver = A.History([.. Stuck(), new LedgerEvent.Resumed()]);

        Assert.True(stuck.Accepts(new LedgerEvent.RolledBack(), Actor.Daemon));
        Assert.False(takenOver.Accepts(new LedgerEvent.RolledBack(), Actor.Daemon));
        Assert.True(takenOver.Accepts(new LedgerEvent.Suspended(""), Alice));
    }

    [Theory]
    [InlineData("old")] // the rollback worked
    [InlineData("new")] // it did not, and would be postponed
    public async Task Pass_OperatorResumesDuringARetriedRollback_TheDaemonsFactIsDropped(string runsAfterwards)
    {
        StuckAndDueAgain();
        DuringTheRollback(() =>
        {
            _work.Ledger.Append(new LedgerEvent.Resumed(), Alice);
            _work.Host.State = A.HostState(runsAfterwards, bootDefault: "old");
        });

        await Assert.ThrowsAsync<LedgerMovedException>(() => _work.Reconciler.PassAsync(Token));

        Assert.IsType<LedgerEvent.Resumed>(_work.Ledger.Entries[^1].Fact);
        Assert.IsType<DeploymentPhase.Abandoned>(HostHistory.Read(_work.Ledger.Entries).Latest!.Phase);
    }

    [Fact]
    public async Task Pass_OperatorSuspendsDuringARetriedRollback_TheDaemonsFactStillFits()
    {
        StuckAndDueAgain();
        DuringTheRollback(() => Assert.True(_work.Desk.Suspend("I look at it", Alice).Accepted));

        Assert.IsType<HostStep.RollBack>(await _work.Reconciler.PassAsync(Token));

        Assert.IsType<LedgerEvent.Suspended>(_work.Ledger.Entries[^2].Fact);
        Assert.IsType<LedgerEvent.RolledBack>(_work.Ledger.Entries[^1].Fact);
        Assert.IsType<DeploymentPhase.RolledBack>(HostHistory.Read(_work.Ledger.Entries).Latest!.Phase);
    }

    [Fact]
    public async Task Pass_OperatorSuspendsAfterTheLook_NothingIsBegun()
    {
        _work.Write(A.Begun()[0]);
        _work.Host.Observing = () => _work.Ledger.Append(new LedgerEvent.Suspended("I look at it"), Alice);

        await Assert.ThrowsAsync<LedgerMovedException>(() => _work.Reconciler.PassAsync(Token));

        Assert.IsType<LedgerEvent.Suspended>(_work.Ledger.Entries[^1].Fact);
    }

    public void Dispose() => _work.Dispose();

    private static LedgerEvent[] Stuck() =>
        [.. A.Tried(), new LedgerEvent.RollbackBegan(new Failure.Unhealthy([]), JournalExcerpt.None), new LedgerEvent.RollbackFailed("exit 2")];

    private void StuckAndDueAgain()
    {
        _work.Write(Stuck());
        _work.Host.State = A.HostState("new", bootDefault: "old");
        _work.Clock.Advance(new HostPolicy().Backoff.Longest);
    }

    // The machine is looked at once to decide, and once more when the old system was activated.
    private void DuringTheRollback(Action act)
    {
        var looks = 0;
        _work.Host.Observing = () =>
        {
            if (++looks == 2)
            {
                act();
            }
        };
    }
}
