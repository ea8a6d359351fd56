using Reconciler.History;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Ports;
using Reconciler.Tests.Fakes;
using Reconciler.Tests.Making;
using Xunit;

namespace Reconciler.Tests.Reconciling;

/// <summary>A rollback has worked when the system that runs again is well, and not before.</summary>
public sealed class RollbackVerificationTests : IDisposable
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    private readonly Workplace _work = new();

    public RollbackVerificationTests()
    {
        _work.Write([.. A.Tried(), new LedgerEvent.RollbackBegan(new Failure.Unhealthy([]), JournalExcerpt.None)]);
        _work.Host.State = A.HostState("old");
        _work.Health.Declared[A.Toplevel("old")] = new HealthDeclaration([new HealthCheck.UnitIsActive("web", Required: true, TimeSpan.FromSeconds(5), "web.service")], []);
    }

    [Fact]
    public async Task Pass_TheOldSystemIsSickToo_IsPostponedAndNotRolledBack()
    {
        _work.Health.Failing["web"] = int.MaxValue;
        var pass = _work.Reconciler.PassAsync(Token);
        while (await Task.WhenAny(pass, _work.Clock.NextWaitAsync(Token).AsTask()) != pass)
        {
            _work.Clock.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.IsType<HostStep.RollBack>(await pass);
        var postponed = Assert.IsType<LedgerEvent.AttemptPostponed>(_work.Ledger.Entries[^1].Fact);
        Assert.Equal(new Failure.HostToolFailed("the health check after the rollback", "web: failed"), postponed.Cause);
        Assert.IsType<DeploymentPhase.RollingBack>(HostHistory.Read(_work.Ledger.Entries).Latest!.Phase);
    }

    [Fact]
    public async Task Pass_TheOldSystemIsWell_IsRolledBackAfterOneRound()
    {
        Assert.IsType<HostStep.RollBack>(await _work.Reconciler.PassAsync(Token));

        Assert.IsType<LedgerEvent.RolledBack>(_work.Ledger.Entries[^1].Fact);
        Assert.Contains("web", _work.Health.Probed);
    }

    public void Dispose() => _work.Dispose();
}
