using System.Collections.Immutable;
using Reconciler.History;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Tests.Making;
using Xunit;

namespace Reconciler.Tests.Planning;

/// <summary>When a system is booted instead of being activated, what a reboot waits for, and what is made of how the host came up.</summary>
public sealed class RebootPlanningTests
{
    private static readonly Toplevel New = A.Toplevel("new");
    private static readonly Toplevel Old = A.Toplevel("old");
    private static readonly RebootPolicy WhenNeeded = new() { When = RebootWhen.WhenNeeded };

    private static readonly LedgerEvent[] Planned =
    [
        .. A.Begun(), new LedgerEvent.BuildSucceeded(New), new LedgerEvent.PlanRecorded(new SystemPlan { RebootReasons = ["kernel"] }),
    ];

    private static readonly LedgerEvent[] Staged = [.. Planned, new LedgerEvent.RebootStaged(["kernel"])];
    private static readonly LedgerEvent[] Requested = [.. Staged, new LedgerEvent.RebootRequested("boot-1", [], [])];
    private static readonly LedgerEvent[] Booted = [.. Requested, new LedgerEvent.TrialBooted(A.Start.AddMinutes(20), "boot-2")];
    private static readonly HostState OnNew = new(New, New, Old, "boot-2");
    private static readonly HostState BackOnOld = new(Old, Old, Old, "boot-2");

    // --- activate, or stage

    [Fact]
    public void Decide_PolicyNever_ActivatesANewKernel() => Assert.IsType<HostStep.Try>(Decide(Planned, new RebootPolicy()));

    [Fact]
    public void Decide_WhenNeeded_StagesANewKernel() =>
        Assert.Equal(["kernel"], Assert.IsType<HostStep.Stage>(Decide(Planned, WhenNeeded)).Reasons);

    [Theory]
    [InlineData(nameof(RebootWhen.WhenNeeded), typeof(HostStep.Try))]
    [InlineData(nameof(RebootWhen.Always), typeof(HostStep.Stage))]
    public void Decide_NothingNeedsAReboot_FollowsThePolicy(string when, Type step)
    {
        LedgerEvent[] plain = [.. Planned[..^1], new LedgerEvent.PlanRecorded(new SystemPlan())];

        Assert.IsType(step, Decide(plain, new RebootPolicy { When = Enum.Parse<RebootWhen>(when) }));
    }

    [Fact]
    public void Decide_OutsideTheMaintenanceWindow_StagesAllTheSame()
    {
        var step = Decide(Planned, WhenNeeded, v => v with { Policy = v.Policy with { MaintenanceWindows = [Window(23)] } });

        Assert.IsType<HostStep.Stage>(step);
    }

    [Fact]
    public void Decide_OperatorReturnsToAGeneration_ActivatesItNow()
    {
        LedgerEvent[] facts =
        [
            new LedgerEvent.HostAdopted(Old, Old), new LedgerEvent.DeploymentBegan(new DeploymentSource.Generation(1, New, null), Old),
            new LedgerEvent.PlanRecorded(new SystemPlan { RebootReasons = ["kernel"] }),
        ];

        Assert.IsType<HostStep.Try>(Decide(facts, WhenNeeded));
    }

    [Theory]
    [InlineData(nameof(RebootWhen.Never), typeof(HostStep.Fail))]
    [InlineData(nameof(RebootWhen.WhenNeeded), typeof(HostStep.Stage))]
    public void Decide_ActivationNeedsAReboot_StagesWhereAllowed(string when, Type step)
    {
        LedgerEvent[] refused = [.. A.Tried()[..^1], new LedgerEvent.ActivationEnded(new ActivationOutcome.NeedsReboot())];

        Assert.IsType(step, Decide(refused, new RebootPolicy { When = Enum.Parse<RebootWhen>(when) }));
    }

    // --- what the reboot waits for

    [Fact]
    public void Decide_Staged_IsAnnouncedAndThenDone()
    {
        var announce = Assert.IsType<HostStep.AnnounceReboot>(Decide(Staged, WhenNeeded));
        Assert.Equal(A.Start + WhenNeeded.Notice, announce.At);

        var hold = Decide(Staged, WhenNeeded, v => v with { RebootAnnouncedAt = A.Start.AddSeconds(-30) });
        Assert.Equal(new HoldReason.RebootAnnounced(A.Revision(), A.Start.AddSeconds(30)), Reason(hold));

        Assert.Equal(New, Assert.IsType<HostStep.Reboot>(Decide(Staged, WhenNeeded, v => v with { RebootAnnouncedAt = A.Start.AddMinutes(-1) })).Toplevel);
    }

    [Fact]
    public void Decide_AnnouncedLongAgo_IsAnnouncedAnew() =>
        Assert.IsType<HostStep.AnnounceReboot>(Decide(Staged, WhenNeeded, v => v with { RebootAnnouncedAt = A.Start.AddMinutes(-12) }));

    [Fact]
    public void Decide_NoNotice_RebootsAtOnce() => Assert.IsType<HostStep.Reboot>(Decide(Staged, WhenNeeded with { Notice = TimeSpan.Zero }));

    [Fact]
    public void Decide_OutsideItsWindow_Waits()
    {
        var reason = Reason(Decide(Staged, WhenNeeded with { Notice = TimeSpan.Zero, Windows = [Window(23), Window(14)] }));

        Assert.Equal(new HoldReason.OutsideRebootWindow(A.Revision(), A.Start.AddHours(2)), reason);
        Assert.Equal(A.Start.AddHours(2), reason.LookAgainAt);
    }

    // The clocks of Berlin jump from 02:00 to 03:00 at 01:00 UTC on 2026-03-29, and go back from 03:00 to 02:00 at 01:00 UTC on 2026-10-25.
    [Theory]
    [InlineData("2026-03-29T00:59:59Z", false)]
    [InlineData("2026-03-29T01:00:00Z", true)] // 02:30 never comes
    [InlineData("2026-03-29T02:00:00Z", false)]
    [InlineData("2026-10-25T00:30:00Z", true)] // the first 02:30
    [InlineData("2026-10-25T01:30:00Z", false)] // not a second time
    public void Decide_NightsWhenTheClocksChange_KeepsTheWindow(string now, bool reboots)
    {
        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        var policy = WhenNeeded with { Notice = TimeSpan.Zero, Windows = [new MaintenanceWindow([], new TimeOnly(2, 30), TimeSpan.FromHours(1), berlin)] };
        var step = Decide(Staged, policy, v => v with { Now = DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture) });

        Assert.Equal(reboots, step is HostStep.Reboot);
    }

    [Fact]
    public void Decide_Inhibited_WaitsAndSaysByWhom()
    {
        var inhibited = RebootObstacles.None with { Inhibitors = [new RebootInhibitor("backup", "at work")] };
        var reason = Assert.IsType<HoldReason.RebootInhibited>(Reason(Decide(Staged, WhenNeeded, v => v with { Obstacles = inhibited, RebootAnnouncedAt = A.Start.AddMinutes(-2) })));

        Assert.Equal($"the reboot for {A.Revision().Short} is inhibited by backup (at work)", HoldText.Headline(reason));
        Assert.Equal(A.Start.AddMinutes(1), reason.LookAgainAt);
        Assert.IsType<HostStep.AnnounceReboot>(Decide(Staged, WhenNeeded with { RespectInhibitors = false }, v => v with { Obstacles = inhibited }));
    }

    [Fact]
    public void Decide_NobodyCanSayWhetherItIsInhibited_Waits()
    {
        var reason = Reason(Decide(Staged, WhenNeeded, v => v with { Obstacles = RebootObstacles.None with { Trouble = "no bus" } }));

        Assert.Equal("no bus", Assert.IsType<HoldReason.RebootInhibited>(reason).Trouble);
    }

    [Fact]
    public void Decide_UsersLoggedIn_WaitsOnlyWhenAsked()
    {
        HostView Ada(HostView view) => view with { Obstacles = RebootObstacles.None with { Users = ["ada"] } };

        Assert.IsType<HostStep.AnnounceReboot>(Decide(Staged, WhenNeeded, Ada));
        Assert.Equal(["ada"], Assert.IsType<HoldReason.UsersLoggedIn>(Reason(Decide(Staged, WhenNeeded with { WaitForUsers = true }, Ada))).Users);
    }

    [Fact]
    public void Decide_StagedAndOvertaken_GivesWay()
    {
        var step = Decide(Staged, WhenNeeded, v => v with { Selection = new Selection.Wanted(A.Candidate("r2")) });

        Assert.Equal(A.Revision("r2"), Assert.IsType<HostStep.Supersede>(step).By);
    }

    [Fact]
    public void Decide_StagedAndSuspended_Waits() =>
        Assert.IsType<HoldReason.Suspended>(Reason(Decide([.. Staged, new LedgerEvent.Suspended("no")], WhenNeeded)));

    [Fact]
    public void Decide_PolicyBecameNever_ActivatesIt() => Assert.IsType<HostStep.Try>(Decide(Staged, new RebootPolicy()));

    // --- how the host came up

    [Fact]
    public void Decide_SameBoot_WaitsForTheMachineToGoDown_AndAsksAgainLater()
    {
        var asked = A.Start.AddMinutes(Requested.Length - 1);
        Assert.Equal(
            new HoldReason.RebootUnderWay(A.Revision(), asked, asked.AddMinutes(5)), Reason(Decide(Requested, WhenNeeded, v => v with { Now = asked.AddMinutes(1) })));

        var late = Assert.IsType<HostStep.Postpone>(Decide(Requested, WhenNeeded, v => v with { Now = asked.AddMinutes(5) }));
        Assert.Equal("systemctl reboot", Assert.IsType<Failure.HostToolFailed>(late.Cause).Tool);
    }

    [Fact]
    public void Decide_CameUpOnIt_BeginsTheTrial() =>
        Assert.IsType<HostStep.TakeUpBoot>(Decide(Requested, WhenNeeded, v => v with { Host = OnNew }));

    [Fact]
    public void Decide_CameUpOnTheSystemBefore_RollsBack() =>
        Assert.IsType<Failure.BootFailed>(Assert.IsType<HostStep.RollBack>(Decide(Requested, WhenNeeded, v => v with { Host = BackOnOld })).Cause);

    [Fact]
    public void Decide_SomebodyChoseTheStagedEntry_BeginsTheTrial() =>
        Assert.IsType<HostStep.TakeUpBoot>(Decide(Staged, WhenNeeded, v => v with { Host = OnNew }));

    [Fact]
    public void Decide_BootedOnTrial_IsJudgedByTheSameGateWithALongerWarmUp()
    {
        var booted = A.Start.AddMinutes(Booted.Length - 1);
        ImmutableArray<ProbeRound> sick = [.. Enumerable.Range(1, 4).Select(i => new ProbeRound(booted.AddSeconds(5 * i), [A.ProbeResult(passed: false)]))];
        ImmutableArray<ProbeRound> sickLater = [.. sick.Select(round => round with { At = round.At.AddMinutes(1) })];
        ImmutableArray<ProbeRound> well = [.. Enumerable.Range(1, 3).Select(i => new ProbeRound(booted.AddSeconds(5 * i), [A.ProbeResult()]))];

        Assert.IsType<HostStep.Confirm>(Judge(well, 15));
        Assert.IsNotType<HostStep.RollBack>(Judge(sick, 21));
        Assert.IsType<Failure.Unhealthy>(Assert.IsType<HostStep.RollBack>(Judge(sickLater, 81)).Cause);

        HostStep Judge(ImmutableArray<ProbeRound> rounds, int seconds) =>
            Decide(Booted, WhenNeeded, v => v with { Host = OnNew, Rounds = rounds, Now = booted.AddSeconds(seconds) });
    }

    [Fact]
    public void Decide_AnotherBootDuringTheTrial_IsNotTriedASecondTime() => Assert.Equal(
        new Failure.InterruptedByReboot(1),
        Assert.IsType<HostStep.RollBack>(Decide(Booted, WhenNeeded, v => v with { Host = BackOnOld with { BootId = "boot-3" } })).Cause);

    // --- the way back

    [Fact]
    public void Decide_RollingBackFromWhatWasBooted_WaitsForInhibitorsAndForTheMachine()
    {
        LedgerEvent[] back = [.. Booted, new LedgerEvent.RollbackBegan(new Failure.Unhealthy([]), JournalExcerpt.None)];
        HostView OnTheFailedOne(HostView view) => view with { Host = OnNew, Now = A.Start.AddMinutes(30) };

        Assert.IsType<HostStep.RollBack>(Decide(back, WhenNeeded, OnTheFailedOne));
        Assert.IsType<HoldReason.RebootInhibited>(Reason(Decide(
            back, WhenNeeded, v => OnTheFailedOne(v) with { Obstacles = RebootObstacles.None with { Inhibitors = [new RebootInhibitor("backup", "")] } })));

        LedgerEvent[] asked = [.. back, new LedgerEvent.ReturnRequested("boot-2")];
        Assert.IsType<HoldReason.RebootUnderWay>(Reason(Decide(asked, WhenNeeded, v => OnTheFailedOne(v) with { Now = A.Start.AddMinutes(asked.Length) })));
        Assert.IsType<HostStep.RollBack>(Decide(asked, WhenNeeded, OnTheFailedOne));
        Assert.IsType<HostStep.RollBack>(Decide(asked, WhenNeeded, v => v with { Host = BackOnOld with { BootId = "boot-3" } }));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("no bus")]
    public void Decide_RollingBackFromWhatWasBooted_WaitsForNobodyForEver(string? trouble)
    {
        LedgerEvent[] back = [.. Booted, new LedgerEvent.RollbackBegan(new Failure.Unhealthy([]), JournalExcerpt.None)];
        var obstacles = RebootObstacles.None with { Inhibitors = [new RebootInhibitor("backup", "hangs")], Trouble = trouble };
        var anyway = A.Start.AddMinutes(back.Length - 1) + WhenNeeded.ReturnPatience;

        var reason = Assert.IsType<HoldReason.RebootInhibited>(Reason(At(anyway.AddSeconds(-1))));
        Assert.Equal(anyway, reason.AnywayAt);
        Assert.Contains("waits until 2026-03-03 12:37:00Z", HoldText.Headline(reason), StringComparison.Ordinal);
        Assert.IsType<HostStep.RollBack>(At(anyway));

        HostStep At(DateTimeOffset now) => Decide(back, WhenNeeded, v => v with { Host = OnNew, Obstacles = obstacles, Now = now });
    }

    [Fact]
    public void Decide_NeedsOperatorAfterThreeRebootsBack_RebootsNoMore()
    {
        LedgerEvent[] stuck = [.. Booted, new LedgerEvent.RollbackBegan(new Failure.Unhealthy([]), JournalExcerpt.None)];
        for (var i = 0; i < 3; i++)
        {
            stuck = [.. stuck, new LedgerEvent.ReturnRequested("boot-2"), new LedgerEvent.AttemptPostponed(new Failure.HostToolFailed("the reboot", "no"), A.Start)];
        }

        stuck = [.. stuck, new LedgerEvent.RollbackFailed("no")];
        var reason = Assert.IsType<HoldReason.NeedsOperator>(Reason(Decide(stuck, WhenNeeded, v => v with { Host = OnNew, Now = A.Start.AddDays(1) })));

        Assert.Null(reason.TryAgainAt);
    }

    // --- the status

    [Fact]
    public void Decide_ConfirmedKernelThatWasNotBooted_SaysSo()
    {
        LedgerEvent[] confirmed =
        [
            .. Planned, new LedgerEvent.TrialBegan(A.Start, "boot-1", [], []), new LedgerEvent.ActivationEnded(new ActivationOutcome.Succeeded()), new LedgerEvent.ConfirmBegan([]),
            new LedgerEvent.Confirmed(New, 2, true), new LedgerEvent.Told(new DeploymentId(2), true, null),
        ];

        var reason = Reason(Decide(confirmed, new RebootPolicy(), v => v with { Host = new HostState(New, Old, New, "boot-1") }));
        Assert.Equal($"up to date at {A.Revision().Short}; reboot needed: kernel", HoldText.Headline(reason));
        Assert.Equal(
            $"up to date at {A.Revision().Short}",
            HoldText.Headline(Reason(Decide(confirmed, new RebootPolicy(), v => v with { Host = new HostState(New, New, New, "boot-2") }))));
    }

    private static MaintenanceWindow Window(int hour) => new([], new TimeOnly(hour, 0), TimeSpan.FromHours(1), TimeZoneInfo.Utc);

    private static HostStep Decide(LedgerEvent[] facts, RebootPolicy policy, Func<HostView, HostView>? with = null)
    {
        var view = A.HostView(v => v with { History = A.History(facts), Policy = v.Policy with { Reboot = policy } });
        return HostPlanner.Decide(with is null ? view : with(view));
    }

    private static HoldReason Reason(HostStep step) => Assert.IsType<HostStep.Hold>(step).Reason;
}
