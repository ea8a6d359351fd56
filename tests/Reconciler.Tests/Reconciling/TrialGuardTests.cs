using Reconciler.History;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Ports;
using Reconciler.Tests.Fakes;
using Reconciler.Tests.Making;
using Xunit;

namespace Reconciler.Tests.Reconciling;

/// <summary>When the dead-man's switch is set, and what follows from what it did.</summary>
public sealed class TrialGuardTests : IDisposable
{
    private static readonly HostPolicy Policy = new();
    private static readonly UnattendedPutBack Act = new(A.Start.AddMinutes(20), "exit 0");

    private readonly Workplace _work = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Deployment Latest => HostHistory.Read(_work.Ledger.Entries).Latest!;

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task Try_SetsTheSwitchForLongerThanActivationAndWindow()
    {
        Planned();
        _work.Host.Activating = () => Assert.Equal(Policy.ActivationLimit + Policy.ConfirmationWindow + Policy.DeadMansGrace, _work.DeadMan.Standing?.After);

        Assert.IsType<HostStep.Try>(await _work.Reconciler.PassAsync(Token));

        Assert.Equal(2, _work.DeadMan.Orders.Count); // and anew for the gate
        Assert.All(_work.DeadMan.Orders, order => Assert.Equal((A.Toplevel("old"), false), (order.PutBack, order.BootToo)));
        Assert.InRange(_work.DeadMan.Standing!.After, Policy.ConfirmationWindow + Policy.DeadMansGrace, Policy.ActivationLimit);
    }

    [Fact]
    public async Task Try_WhenItCannotBeSet_ActivatesNothingAndIsTriedAgainLater()
    {
        Planned();
        _work.DeadMan.Trouble = new Failure.HostToolFailed("systemd-run", "no bus");

        await _work.Reconciler.PassAsync(Token);
        Assert.IsType<HostStep.Postpone>(await _work.Reconciler.PassAsync(Token));

        Assert.Equal(A.Toplevel("old"), _work.Host.State.Running);
        Assert.IsType<DeploymentPhase.Planned>(Latest.Phase);
        Assert.Contains("dead-man's switch", FailureText.Headline(Latest.Postponed!.Cause), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Confirm_SetsItForBootEntryToo_AndTakesItBackBeforeItIsConfirmed()
    {
        Confirming();

        Assert.IsType<HostStep.Confirm>(await _work.Reconciler.PassAsync(Token));

        Assert.True(Assert.Single(_work.DeadMan.Orders).BootToo);
        Assert.Null(_work.DeadMan.Standing);
        Assert.IsType<DeploymentPhase.Confirmed>(Latest.Phase);
    }

    [Fact]
    public async Task Confirm_WhenTheSwitchWasQuicker_ConfirmsNothingAndPutsBack()
    {
        Confirming();
        _work.Host.Activating = () => { };
        _work.DeadMan.ActsAtDisarm = Act;
        await _work.Reconciler.PassAsync(Token);
        Assert.IsType<DeploymentPhase.Confirming>(Latest.Phase);

        _work.Host.State = A.HostState("old", bootDefault: "new");
        Assert.Equal(Act, Assert.IsType<HostStep.TakeUp>(await _work.Reconciler.PassAsync(Token)).Act);
        Assert.Equal(new Failure.Unattended(Act.At), Assert.IsType<HostStep.RollBack>(await _work.Reconciler.PassAsync(Token)).Cause);

        Assert.IsType<DeploymentPhase.RolledBack>(Latest.Phase);
        Assert.Equal((A.Toplevel("old"), A.Toplevel("old")), (_work.Host.State.Running, _work.Host.State.BootDefault));
    }

    [Fact]
    public async Task Fail_WhenAnOperatorMadeAnotherSystemTheDefaultDuringConfirm_TakesTheOrderBack()
    {
        Confirming();
        await _work.DeadMan.ArmAsync(new DeadMansOrder(Latest.Id, A.Toplevel("old"), TimeSpan.FromMinutes(2), BootToo: true), Token);
        _work.Host.State = A.HostState("by-hand");

        Assert.IsType<HostStep.Fail>(await _work.Reconciler.PassAsync(Token));

        Assert.Null(_work.DeadMan.Standing);
        Assert.IsType<DeploymentPhase.Failed>(Latest.Phase);
    }

    [Fact]
    public async Task Pass_WhileTheSwitchActs_Waits()
    {
        _work.Write(A.Tried());
        _work.Host.State = A.HostState("new", bootDefault: "old");
        _work.DeadMan.Sighting = new DeadMansSighting.Acting();

        var hold = Assert.IsType<HostStep.Hold>(await _work.Reconciler.PassAsync(Token));

        Assert.IsType<HoldReason.BeingPutBack>(hold.Reason);
        Assert.True(hold.Reason.LookAgainAt > _work.Clock.GetUtcNow());
    }

    [Fact]
    public async Task RollBack_AfterTheSwitchSucceeded_ActivatesNothingAgain_AndVerifies()
    {
        TookUp(Act);
        _work.Host.Activating = () => Assert.Fail("it runs already");

        await _work.Reconciler.PassAsync(Token);

        Assert.Equal(new DeploymentPhase.RolledBack(new Failure.Unattended(Act.At)), Latest.Phase);
    }

    [Theory]
    [InlineData("exit 2")]
    [InlineData("cut short")]
    public async Task RollBack_AfterTheSwitchDidNotGoThrough_ActivatesAgain(string howEnded)
    {
        TookUp(Act with { HowEnded = howEnded });
        var activations = 0;
        _work.Host.Activating = () => activations++;

        await _work.Reconciler.PassAsync(Token);

        Assert.Equal(1, activations);
        Assert.IsType<DeploymentPhase.RolledBack>(Latest.Phase);
    }

    [Fact]
    public async Task RollBack_SetsTheSwitchAgainstItsOwnDeath()
    {
        _work.Write([.. A.Tried(), new LedgerEvent.TrialRefused()]);
        _work.Host.State = A.HostState("new", bootDefault: "old");
        _work.Host.Activating = () => Assert.NotNull(_work.DeadMan.Standing);

        Assert.IsType<HostStep.RollBack>(await _work.Reconciler.PassAsync(Token));

        Assert.Null(_work.DeadMan.Standing);
        Assert.NotEmpty(_work.DeadMan.Orders);
    }

    [Fact]
    public async Task RollBack_WhileTheSwitchActsToo_EndsOnlyWhenThatWasTakenUp()
    {
        _work.Write([.. A.Tried(), new LedgerEvent.TrialRefused()]);
        _work.Host.State = A.HostState("new", bootDefault: "old");
        _work.DeadMan.ActsAtDisarm = Act;

        await _work.Reconciler.PassAsync(Token);
        Assert.IsType<DeploymentPhase.RollingBack>(Latest.Phase); // or the next trial would begin while it still activates the system before

        Assert.IsType<HostStep.TakeUp>(await _work.Reconciler.PassAsync(Token));
        await _work.Reconciler.PassAsync(Token);
        Assert.IsType<DeploymentPhase.RolledBack>(Latest.Phase);
    }

    [Fact]
    public async Task GiveUp_WhileTheSwitchActs_LetsItFinishAndVerifies()
    {
        var postponed = new LedgerEvent.AttemptPostponed(new Failure.HostToolFailed("switch-to-configuration", "exit 2"), A.Start);
        _work.Write([.. A.Tried(), new LedgerEvent.RollbackBegan(new Failure.Unhealthy([]), JournalExcerpt.None), postponed, postponed, postponed]);
        _work.Host.State = A.HostState("new", bootDefault: "old");
        _work.DeadMan.ActsAtDisarm = Act;

        Assert.IsType<HostStep.GiveUp>(await _work.Reconciler.PassAsync(Token));
        Assert.IsType<DeploymentPhase.RollingBack>(Latest.Phase);

        _work.Host.State = A.HostState("old");
        Assert.IsType<HostStep.TakeUp>(await _work.Reconciler.PassAsync(Token));
        Assert.IsType<HostStep.RollBack>(await _work.Reconciler.PassAsync(Token));
        Assert.IsType<DeploymentPhase.RolledBack>(Latest.Phase);
    }

    [Fact]
    public async Task RollBack_ThatCannotBeWrittenDown_IsLeftToTheSwitch_AtOnce()
    {
        _work.Write([.. A.Tried(), new LedgerEvent.TrialRefused()]);
        _work.Host.State = A.HostState("new", bootDefault: "old");
        await _work.DeadMan.ArmAsync(new DeadMansOrder(Latest.Id, A.Toplevel("old"), TimeSpan.FromMinutes(7), BootToo: false), Token);
        _work.Ledger.BeforeAppend = _ => throw new LedgerUnavailableException("its disk is full");
        _work.DeadMan.ActingNow = () => _work.Host.State = A.HostState("old");

        await Assert.ThrowsAsync<LedgerUnavailableException>(() => _work.Reconciler.PassAsync(Token));

        Assert.Equal(A.Toplevel("old"), _work.Host.State.Running);
    }

    private void Planned()
    {
        _work.Write([.. A.Tried().TakeWhile(fact => fact is not LedgerEvent.TrialBegan)]);
        _work.Host.State = A.HostState("old");
    }

    private void Confirming()
    {
        _work.Write([.. A.Tried(), new LedgerEvent.ConfirmBegan([])]);
        _work.Host.State = A.HostState("new", bootDefault: "old");
    }

    private void TookUp(UnattendedPutBack act)
    {
        _work.Write([.. A.Tried(), new LedgerEvent.PutBackUnattended(act)]);
        _work.Host.State = A.HostState("old");
    }
}
