using System.Globalization;
using Reconciler.History;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Ports;
using Reconciler.Tests.Fakes;
using Reconciler.Tests.Making;
using Xunit;

namespace Reconciler.Tests.Reconciling;

/// <summary>What is done, in which order, for a system that is booted once; and what is written before and after.</summary>
public sealed class RebootTests : IDisposable
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    private static readonly LedgerEvent[] Staged =
    [
        .. A.Begun(), new LedgerEvent.BuildSucceeded(A.Toplevel("new")), new LedgerEvent.PlanRecorded(new SystemPlan { RebootReasons = ["kernel"] }),
        new LedgerEvent.RebootStaged(["kernel"]),
    ];

    private readonly Workplace _work = new(policy: new HostPolicy { Reboot = new RebootPolicy { When = RebootWhen.WhenNeeded } });

    [Fact]
    public async Task Stage_WritesTheMenuOfTheSystemToComeBackTo_AndThenSaysSo()
    {
        _work.Write(Staged.AsSpan()[..^1]);

        Assert.IsType<HostStep.Stage>(await _work.Reconciler.PassAsync(Token));

        Assert.Equal(["add nixos-system-new", "check nixos-system-new beside nixos-system-old"], _work.Reboots.Asked);
        Assert.Equal(A.Toplevel("old"), _work.Host.State.BootDefault);
        Assert.IsType<LedgerEvent.RebootStaged>(Last());
    }

    [Fact]
    public async Task Stage_MenuThatWillNotDo_IsLeftAndTriedAgainLater()
    {
        _work.Write(Staged.AsSpan()[..^1]);
        _work.Reboots.MenuTrouble = new Failure.OneShotBootFailed("GRUB would ask for a password");

        await _work.Reconciler.PassAsync(Token);

        Assert.Equal("leave", _work.Reboots.Asked[^1]);
        Assert.Equal(_work.Reboots.MenuTrouble, Assert.IsType<LedgerEvent.AttemptPostponed>(Last()).Cause);
        var hold = Assert.IsType<HostStep.Hold>(await _work.Reconciler.PassAsync(Token));
        Assert.Contains("it could not be staged for one boot: GRUB would ask for a password", HoldText.Headline(hold.Reason), StringComparison.Ordinal);
        Assert.Contains("reboot.when", HoldText.Cure(hold.Reason), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reboot_IsAnnounced_AndTheIntentIsWrittenBeforeTheBootIsChosen()
    {
        _work.Write(Staged);
        Assert.IsType<HostStep.AnnounceReboot>(await _work.Reconciler.PassAsync(Token));
        var at = (_work.Clock.GetUtcNow() + TimeSpan.FromMinutes(1)).ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        Assert.Contains($"announce Reconciler reboots this host at {at} UTC to try {A.Revision().Short}.", string.Join('\n', _work.Reboots.Asked), StringComparison.Ordinal);

        _work.Clock.Advance(TimeSpan.FromMinutes(1));
        LedgerEvent? whenArmed = null;
        _work.Reboots.Arming = () => whenArmed = Last();
        Assert.IsType<HostStep.Reboot>(await _work.Reconciler.PassAsync(Token));

        Assert.IsType<LedgerEvent.RebootRequested>(whenArmed);
        Assert.Equal(["arm nixos-system-new beside nixos-system-old", "reboot"], _work.Reboots.Asked[^2..]);
        Assert.IsType<HoldReason.RebootUnderWay>(Assert.IsType<HostStep.Hold>(await _work.Reconciler.PassAsync(Token)).Reason);
    }

    [Fact]
    public async Task Reboot_ChoiceThatCannotBeReadBack_IsTakenBackAndNothingIsRebooted()
    {
        _work.Write(Staged);
        _work.Postponements.RebootAnnouncedAt = _work.Clock.GetUtcNow() - TimeSpan.FromMinutes(1);
        _work.Reboots.ArmTrouble = new Failure.OneShotBootFailed("it says nothing");

        await _work.Reconciler.PassAsync(Token);

        Assert.Equal("disarm", _work.Reboots.Asked[^1]);
        Assert.DoesNotContain("reboot", _work.Reboots.Asked);
        Assert.IsType<DeploymentPhase.Planned>(_work.Reader.Read().Latest!.Phase); // and is staged anew
    }

    [Fact]
    public async Task CameUpOnIt_IsTakenUp_JudgedAndConfirmed_AndLeavesTheMenuBeforeItIsWritten()
    {
        _work.Write([.. Staged, new LedgerEvent.RebootRequested("boot-1", [], [])]);
        _work.Host.State = new HostState(A.Toplevel("new"), A.Toplevel("new"), A.Toplevel("old"), "boot-2");
        _work.Reboots.IsInMenu = true;

        Assert.IsType<HostStep.TakeUpBoot>(await _work.Reconciler.PassAsync(Token));
        Assert.Equal("disarm", _work.Reboots.Asked[^1]);
        _work.Host.WritingBootEntry = () => Assert.False(_work.Reboots.IsInMenu);
        for (var pass = 0; pass < 20 && _work.Reader.Read().Latest!.Phase is not DeploymentPhase.Confirmed; pass++)
        {
            await _work.Reconciler.PassAsync(Token);
            _work.Clock.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.IsType<DeploymentPhase.Confirmed>(_work.Reader.Read().Latest!.Phase);
        Assert.False(_work.Reboots.IsInMenu);
        Assert.Equal(A.Toplevel("new"), _work.Host.State.BootDefault);
    }

    [Fact]
    public async Task BootedOnTrial_ByADaemonThatDiedRightThere_IsGuardedByTheNextOne()
    {
        _work.Write([.. Staged, new LedgerEvent.RebootRequested("boot-1", [], []), new LedgerEvent.TrialBooted(A.Start, "boot-2")]);
        _work.Host.State = new HostState(A.Toplevel("new"), A.Toplevel("new"), A.Toplevel("old"), "boot-2");
        _work.DeadMan.ArmBoot(A.Toplevel("new"), TimeSpan.FromMinutes(7));

        Assert.IsType<HostStep.Probe>(await _work.Reconciler.PassAsync(Token));
        Assert.Equal((A.Toplevel("old"), false), (_work.DeadMan.Standing?.PutBack, _work.DeadMan.Standing?.BootToo));
        Assert.Null(_work.DeadMan.Boots);

        _work.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.IsType<HostStep.Probe>(await _work.Reconciler.PassAsync(Token));
        Assert.Single(_work.DeadMan.Orders); // set anew each time, a daemon that keeps dying would put it off for ever
    }

    [Fact]
    public async Task BootedOnTrial_WhereTheSwitchCannotBeSet_IsTriedAgainWithEachProbe()
    {
        _work.Write([.. Staged, new LedgerEvent.RebootRequested("boot-1", [], [])]);
        _work.Host.State = new HostState(A.Toplevel("new"), A.Toplevel("new"), A.Toplevel("old"), "boot-2");
        _work.DeadMan.Trouble = new Failure.HostToolFailed("systemd-run", "no bus");
        Assert.IsType<HostStep.TakeUpBoot>(await _work.Reconciler.PassAsync(Token));
        _work.DeadMan.Trouble = null;

        Assert.IsType<HostStep.Probe>(await _work.Reconciler.PassAsync(Token));

        Assert.NotNull(_work.DeadMan.Standing);
    }

    [Fact]
    public async Task CameUpOnTheSystemBefore_IsRolledBackWithWhatTheFailedBootLeft()
    {
        _work.Write([.. Staged, new LedgerEvent.RebootRequested("boot-1", [], [])]);
        _work.Host.State = A.HostState("old", bootId: "boot-2");
        _work.DeadMan.ArmBoot(A.Toplevel("new"), TimeSpan.FromMinutes(7));
        _work.Reboots.Journal = new JournalExcerpt([new UnitJournal("the boot that failed", ["kernel: no root"])]);

        await _work.Reconciler.PassAsync(Token);

        var began = Assert.IsType<LedgerEvent.RollbackBegan>(_work.Ledger.Entries[^2].Fact);
        Assert.Equal("the host was rebooted into it and came up on the system before: that boot did not last; the end of its journal is kept", FailureText.Headline(began.Cause));
        Assert.Equal(["kernel: no root"], Assert.Single(began.Journal.Units).Lines);
        Assert.Contains("journal since boot-1", _work.Reboots.Asked);
        Assert.IsType<LedgerEvent.RolledBack>(Last());
        Assert.Null(_work.DeadMan.Boots);
        Assert.True(_work.Reader.Read().Quarantine.ContainsKey(A.Revision()));
    }

    [Fact]
    public async Task RollBack_OfWhatWasBooted_RebootsOnceAndVerifiesAfterTheBoot()
    {
        _work.Write([.. Staged, new LedgerEvent.RebootRequested("boot-1", [], []), new LedgerEvent.TrialBooted(A.Start, "boot-2"), new LedgerEvent.TrialRefused()]);
        _work.Host.State = new HostState(A.Toplevel("new"), A.Toplevel("new"), A.Toplevel("old"), "boot-2");

        await _work.Reconciler.PassAsync(Token);
        Assert.IsType<LedgerEvent.RollbackBegan>(Last());
        await _work.Reconciler.PassAsync(Token);
        Assert.Equal(new LedgerEvent.ReturnRequested("boot-2"), Last());
        Assert.Equal("reboot", _work.Reboots.Asked[^1]);
        Assert.IsType<HostStep.Hold>(await _work.Reconciler.PassAsync(Token));

        _work.Host.State = A.HostState("old", bootId: "boot-3");
        await _work.Reconciler.PassAsync(Token);
        Assert.IsType<LedgerEvent.RolledBack>(Last());
        Assert.Equal(1, _work.Reboots.Asked.Count(asked => asked == "reboot"));
    }

    [Fact]
    public async Task RollBack_OfWhatWasBooted_ThatCannotBeWrittenDown_IsNotLeftWithoutASwitch()
    {
        _work.Write([.. Staged, new LedgerEvent.RebootRequested("boot-1", [], []), new LedgerEvent.TrialBooted(A.Start, "boot-2"), new LedgerEvent.TrialRefused()]);
        _work.Host.State = new HostState(A.Toplevel("new"), A.Toplevel("new"), A.Toplevel("old"), "boot-2");
        var id = _work.Reader.Read().Latest!.Id;
        await _work.DeadMan.ArmAsync(new DeadMansOrder(id, A.Toplevel("old"), TimeSpan.FromMinutes(7), BootToo: false), Token);
        _work.Ledger.BeforeAppend = _ => throw new LedgerUnavailableException("its disk is full");
        var acts = 0;
        _work.DeadMan.ActingNow = () => acts++;

        await Assert.ThrowsAsync<LedgerUnavailableException>(() => _work.Reconciler.PassAsync(Token));

        Assert.Equal(1, acts);
    }

    [Fact]
    public async Task RollBack_OfWhatWasBooted_TakesTheOrderBack_SinceAReboot_MayHaveToWait()
    {
        _work.Write([.. Staged, new LedgerEvent.RebootRequested("boot-1", [], []), new LedgerEvent.TrialBooted(A.Start, "boot-2"), new LedgerEvent.TrialRefused()]);
        _work.Host.State = new HostState(A.Toplevel("new"), A.Toplevel("new"), A.Toplevel("old"), "boot-2");
        await _work.DeadMan.ArmAsync(new DeadMansOrder(_work.Reader.Read().Latest!.Id, A.Toplevel("old"), TimeSpan.FromMinutes(7), BootToo: false), Token);

        await _work.Reconciler.PassAsync(Token);

        Assert.IsType<LedgerEvent.RollbackBegan>(Last());
        Assert.Null(_work.DeadMan.Standing);
    }

    [Theory]
    [InlineData(29, "obstacles")]
    [InlineData(30, "reboot though inhibited")]
    public async Task RollBack_OfWhatWasBooted_WhileAProgramInhibitsIt_WaitsHalfAnHour(int minutes, string last)
    {
        _work.Write(
        [
            .. Staged, new LedgerEvent.RebootRequested("boot-1", [], []), new LedgerEvent.TrialBooted(A.Start, "boot-2"),
            new LedgerEvent.RollbackBegan(new Failure.Unhealthy([]), JournalExcerpt.None),
        ]);
        _work.Host.State = new HostState(A.Toplevel("new"), A.Toplevel("new"), A.Toplevel("old"), "boot-2");
        _work.Reboots.Obstacles = RebootObstacles.None with { Inhibitors = [new RebootInhibitor("backup", "hangs")] };
        _work.Clock.Advance(TimeSpan.FromMinutes(minutes));

        await _work.Reconciler.PassAsync(Token);

        Assert.Equal(last, _work.Reboots.Asked[^1]);
    }

    [Fact]
    public async Task RollBack_ThatComesUpOnTheFailedSystemAgain_SetsTheDefaultAnewAndSaysSo()
    {
        _work.Write(
        [
            .. Staged, new LedgerEvent.RebootRequested("boot-1", [], []), new LedgerEvent.TrialBooted(A.Start, "boot-2"),
            new LedgerEvent.RollbackBegan(new Failure.Unhealthy([]), JournalExcerpt.None), new LedgerEvent.ReturnRequested("boot-2"),
        ]);
        _work.Host.State = new HostState(A.Toplevel("new"), A.Toplevel("new"), A.Toplevel("new"), "boot-3");

        await _work.Reconciler.PassAsync(Token);

        Assert.Equal(A.Toplevel("old"), _work.Host.State.BootDefault);
        Assert.Contains("came up on the failed system again", Assert.IsType<Failure.HostToolFailed>(Assert.IsType<LedgerEvent.AttemptPostponed>(Last()).Cause).Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("reboot", _work.Reboots.Asked);
    }

    [Fact]
    public async Task Supersede_OfAStagedDeployment_TakesItOutOfTheMenu()
    {
        _work.Write(Staged);
        _work.Reboots.IsInMenu = true;
        _work.Wants("r2");

        Assert.IsType<HostStep.Supersede>(await _work.Reconciler.PassAsync(Token));

        Assert.False(_work.Reboots.IsInMenu);
    }

    [Fact]
    public async Task Preview_InhibitedSwitch_IsPlannedAsAReboot()
    {
        _work.Write(Staged.AsSpan()[..^2]);
        _work.Host.Preview = new Ports.PreviewOutcome.Refused(new Failure.SwitchInhibited(["dbus"]));

        await _work.Reconciler.PassAsync(Token);

        Assert.Equal(["dbus"], Assert.IsType<LedgerEvent.PlanRecorded>(Last()).Plan.RebootReasons);
    }

    [Fact]
    public async Task Observe_NothingIsStaged_AsksNobody()
    {
        _work.Write(Staged.AsSpan()[..^2]);

        await _work.Observer.ObserveAsync(Token);
        Assert.Empty(_work.Reboots.Asked);

        _work.Write(Staged.AsSpan()[^2..]);
        await _work.Observer.ObserveAsync(Token);
        Assert.Equal(["obstacles"], _work.Reboots.Asked);
    }

    public void Dispose() => _work.Dispose();

    private LedgerEvent Last() => _work.Ledger.Entries[^1].Fact;
}
