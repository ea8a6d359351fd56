using Reconciler.History;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Tests.Fakes;
using Reconciler.Tests.Making;
using Xunit;

namespace Reconciler.Tests.Reconciling;

/// <summary>A clock that is set in the middle of things.</summary>
public sealed class SteadyTimeTests : IDisposable
{
    private readonly Workplace _work = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private DeploymentPhase Phase => HostHistory.Read(_work.Ledger.Entries).Latest!.Phase;

    public void Dispose() => _work.Dispose();

    [Theory]
    [InlineData(6)]
    [InlineData(-6)]
    public async Task ClockThatIsSetDuringATrial_NeitherEndsItNorDrawsItOut(int hours)
    {
        _work.Write(A.Tried());
        _work.Host.State = A.HostState("new", bootDefault: "old");
        Assert.IsType<HostStep.Probe>(await _work.Reconciler.PassAsync(Token));
        _work.Clock.Set(TimeSpan.FromHours(hours));

        for (var second = 0; second < 20 && Phase is not DeploymentPhase.Confirmed; second++)
        {
            await _work.Reconciler.PassAsync(Token);
            _work.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.IsType<DeploymentPhase.Confirmed>(Phase);
    }

    [Fact]
    public async Task AfterTheTrial_TheClockOnTheWallCountsAgain()
    {
        _work.Write(A.Tried());
        _work.Host.State = A.HostState("new", bootDefault: "old");
        await _work.Reconciler.PassAsync(Token);
        _work.Clock.Set(TimeSpan.FromHours(6));
        Assert.NotEqual(_work.Clock.GetUtcNow(), _work.Steady.GetUtcNow());

        _work.Write(new LedgerEvent.RollbackBegan(new Failure.Unhealthy([]), JournalExcerpt.None), new LedgerEvent.RolledBack());
        await _work.Reconciler.PassAsync(Token);

        Assert.Equal(_work.Clock.GetUtcNow(), _work.Steady.GetUtcNow());
    }

    [Fact]
    public async Task ClockThatIsSetBackWhileADeploymentWaits_DoesNotMakeItWaitForHours()
    {
        var later = _work.Clock.GetUtcNow() + TimeSpan.FromMinutes(30);
        _work.Write([.. A.Begun(), new LedgerEvent.AttemptPostponed(new Failure.CheckoutFailed("no network"), later)]);
        Assert.IsType<HoldReason.BackingOff>(Assert.IsType<HostStep.Hold>(await _work.Reconciler.PassAsync(Token)).Reason);
        _work.Clock.Set(TimeSpan.FromHours(-5));
        _work.Host.Build = _ => Task.FromResult<Ports.BuildOutcome>(new Ports.BuildOutcome.Built(A.Toplevel("new")));

        Assert.IsType<HostStep.Build>(await _work.Reconciler.PassAsync(Token));
    }
}
