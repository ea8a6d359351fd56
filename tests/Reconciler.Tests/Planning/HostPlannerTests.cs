using System.Collections.Immutable;
using Reconciler.History;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Tests.Making;
using Xunit;

namespace Reconciler.Tests.Planning;

/// <summary>Each arm of the planner: a view in, the one step out. The host was adopted running <c>old</c>; <c>r1</c> builds to <c>new</c>.</summary>
public sealed class HostPlannerTests
{
    private static readonly HostPolicy Policy = new();
    private static readonly Toplevel Old = A.Toplevel("old");
    private static readonly Toplevel New = A.Toplevel("new");
    private static readonly ProbeResult Sick = A.ProbeResult(passed: false);
    private static readonly ImmutableArray<ProbeRound> Healthy = [A.Round(5, A.ProbeResult()), A.Round(10, A.ProbeResult()), A.Round(15, A.ProbeResult())];
    private static readonly ImmutableArray<ProbeRound> Unhealthy = [A.Round(5, Sick), A.Round(10, Sick), A.Round(15, Sick)];

    private static readonly MaintenanceWindow ElevenAtNight = new([], new TimeOnly(23, 0), TimeSpan.FromHours(1), TimeZoneInfo.Utc);

    // --- nothing in flight

    [Fact]
    public void Decide_HostNeverMet_AdoptsWhatRunsAndWhatBoots()
    {
        var step = Decide(A.HostView(v => v with { History = HostHistory.Empty, Host = A.HostState("old", bootDefault: "older") }));

        Assert.Equal(new HostStep.Adopt(Old, A.Toplevel("older")), step);
    }

    [Fact]
    public void Decide_HostNeverMetWithoutProfile_AdoptsWhatRunsAsWhatBoots()
    {
        var step = Decide(A.HostView(v => v with { History = HostHistory.Empty, Host = new HostState(Old, Old, null, "boot-1") }));

        Assert.Equal(new HostStep.Adopt(Old, Old), step);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Decide_NothingRuns_HoldsAndDeploysNothing(bool wasMet)
    {
        var view = A.HostView(v => v with { Host = new HostState(null, null, null, "boot-1") });

        var step = Decide(wasMet ? view : view with { History = HostHistory.Empty });

        Assert.Equal(new HoldReason.NoSystemToReturnTo(), Reason(step));
    }

    [Fact]
    public void Decide_NewRevision_SelectsItWithTheSystemToComeBackTo() =>
        Assert.Equal(new HostStep.Select(A.Candidate(), Old), Decide(A.HostView()));

    [Fact]
    public void Decide_OperatorSwitchedForGood_ThatIsWhatToComeBackTo()
    {
        var view = AfterConfirmed("r0", "first", v => v with { Host = A.HostState("by-hand"), History = Then(v.History, new LedgerEvent.DriftFound(A.Toplevel("first"), A.Toplevel("by-hand"))) });

        Assert.Equal(A.Toplevel("by-hand"), Assert.IsType<HostStep.Select>(Decide(view)).RollBackTo);
    }

    [Fact]
    public void Decide_OperatorOnlyTriedSomething_TheConfirmedSystemIsWhatToComeBackTo()
    {
        var view = AfterConfirmed(
            "r0",
            "first",
            v => v with
            {
                Host = A.HostState("by-hand", bootDefault: "first"),
                History = Then(v.History, new LedgerEvent.DriftFound(A.Toplevel("first"), A.Toplevel("by-hand"))),
            });

        Assert.Equal(A.Toplevel("first"), Assert.IsType<HostStep.Select>(Decide(view)).RollBackTo);
    }

    [Fact]
    public void Decide_RevisionConfirmed_IsUpToDate() =>
        Assert.Equal(new HoldReason.UpToDate(A.Revision(), BranchKind.Main), Reason(Decide(AfterConfirmed("r1", "new"))));

    [Fact]
    public void Decide_NoRevisionWanted_HoldsWithItsReason()
    {
        var reason = new HoldReason.BranchWentBack("origin", A.Revision(), A.Revision("r0"), Lineage.Behind);

        Assert.Equal(reason, Reason(Decide(A.HostView(v => v with { Selection = new Selection.None(reason) }))));
    }

    [Fact]
    public void Decide_Suspended_SelectsNothing()
    {
        var step = Decide(A.HostView(v => v with { History = Then(v.History, new LedgerEvent.Suspended("holiday")) }));

        Assert.Equal(new HoldReason.Suspended(A.Start.AddMinutes(1), Actor.Daemon, "holiday"), Reason(step));
    }

    [Fact]
    public void Decide_QuarantinedRevision_IsNotSelected()
    {
        var cause = new Failure.EvaluationFailed("no");
        var step = Decide(A.HostView(v => v with { History = Told(A.History([.. A.Begun(), new LedgerEvent.DeploymentFailed(cause)])) }));

        Assert.Equal(new HoldReason.Quarantined(A.Revision(), cause, new DeploymentId(2)), Reason(step));
    }

    [Fact]
    public void Decide_QuarantineReleased_SelectsItOnceMore()
    {
        var history = A.History([.. A.Begun(), new LedgerEvent.DeploymentFailed(new Failure.BuildFailed("no")), new LedgerEvent.QuarantineReleased(A.Revision())]);

        Assert.IsType<HostStep.Select>(Decide(A.HostView(v => v with { History = Told(history) })));
    }

    [Fact]
    public void Decide_Unsigned_HoldsAndNamesTheCommit()
    {
        var step = Decide(A.HostView(v => v with { Signatures = new SignatureVerdict.Untrusted(A.Revision("r0"), "no signature") }));

        Assert.Equal(new HoldReason.Unsigned(A.Revision(), A.Revision("r0"), "no signature"), Reason(step));
    }

    [Fact]
    public void Decide_SignaturesUnknown_HoldsAndLooksAgainAfterTheFirstWait()
    {
        var reason = Reason(Decide(A.HostView(v => v with { Signatures = new SignatureVerdict.Unknown("gpg is missing") })));

        Assert.Equal(new HoldReason.SignaturesUnknown(A.Revision(), "gpg is missing", A.Start + Policy.Backoff.First), reason);
        Assert.Equal(A.Start + Policy.Backoff.First, reason.LookAgainAt);
    }

    [Fact]
    public void Decide_SignaturesNotAsked_IsNoHold() => Assert.IsType<HostStep.Select>(Decide(A.HostView(v => v with { Signatures = null })));

    // --- the testing branch

    [Fact]
    public void Decide_TestingAccepted_IsUpToDateThoughTheBootDefaultIsAnother()
    {
        var view = AfterAccepted(v => v with { Host = A.HostState("new", bootDefault: "old") });

        Assert.Equal(new HoldReason.UpToDate(A.Revision(), BranchKind.Testing), Reason(Decide(view)));
    }

    [Fact]
    public void Decide_SameCommitComesFromTestingToMain_IsDeployedOnceMore()
    {
        var view = AfterAccepted(v => v with { Host = A.HostState("new", bootDefault: "old"), Selection = new Selection.Wanted(A.Candidate()) });

        Assert.Equal(new HostStep.Select(A.Candidate(), Old), Decide(view));
    }

    [Fact]
    public void Decide_SameCommitPromoted_IsActivatedAgainSinceItMustBecomeTheBootDefault()
    {
        var view = A.HostView(Built(), v => v with { Host = A.HostState("new", bootDefault: "old") });

        Assert.Equal(new HostStep.Preview(Built(), New), Decide(view));
    }

    [Fact]
    public void Decide_TestingSystemGoneAfterReboot_IsNoDriftAndIsDeployedOnceMore()
    {
        var view = AfterAccepted(v => v with { Host = A.HostState("old", bootId: "boot-2") });

        Assert.Equal(new HostStep.Select(A.Candidate(branch: BranchKind.Testing), Old), Decide(view));
    }

    [Fact]
    public void Decide_TestingSystemDisplacedBySomethingElse_IsDrift()
    {
        var view = AfterAccepted(v => v with { Host = A.HostState("by-hand", bootDefault: "old") });

        Assert.Equal(new HostStep.ReportDrift(New, A.Toplevel("by-hand")), Decide(view));
    }

    [Fact]
    public void Decide_MainConfirmedThenTestingAtTheSameCommit_IsUpToDate()
    {
        var view = AfterConfirmed("r1", "new", v => v with { Selection = new Selection.Wanted(A.Candidate(branch: BranchKind.Testing)) });

        Assert.Equal(new HoldReason.UpToDate(A.Revision(), BranchKind.Testing), Reason(Decide(view)));
    }

    [Fact]
    public void Decide_TestingHealthy_IsAcceptedAndNeverConfirmed()
    {
        var deployment = A.Trial(d => d with { Source = new DeploymentSource.Commit(A.Candidate(branch: BranchKind.Testing)) });

        Assert.Equal(Healthy[^1].Results, Assert.IsType<HostStep.Accept>(Decide(OnTrial(deployment, 15, Healthy))).Results);
    }

    [Fact]
    public void Decide_TestingChangesNothingThatRuns_NeedsNoActivationThoughItIsNotTheBootDefault()
    {
        var deployment = Built(d => d with { Source = new DeploymentSource.Commit(A.Candidate(branch: BranchKind.Testing)) });

        Assert.IsType<HostStep.ConfirmUnchanged>(Decide(A.HostView(deployment, v => v with { Host = A.HostState("new", bootDefault: "old") })));
    }

    // --- drift

    [Fact]
    public void Decide_Drifted_IsReportedOnce()
    {
        var view = AfterConfirmed("r1", "new", v => v with { Host = A.HostState("by-hand") });
        Assert.Equal(new HostStep.ReportDrift(New, A.Toplevel("by-hand")), Decide(view));

        var reported = view with { History = Then(view.History, new LedgerEvent.DriftFound(New, A.Toplevel("by-hand"))) };
        Assert.Equal(new HoldReason.Drifted(New, A.Toplevel("by-hand"), Boots: null, RepairAt: null), Reason(Decide(reported)));
    }

    [Fact]
    public void Decide_DriftedToYetAnotherSystem_IsReportedAgain()
    {
        var view = Drifted(v => v with { Host = A.HostState("other") });

        Assert.Equal(new HostStep.ReportDrift(New, A.Toplevel("other")), Decide(view));
    }

    [Fact]
    public void Decide_DriftToBeRepaired_SetsTheBootDefaultToo() =>
        Assert.Equal(new HostStep.RepairDrift(New, New), Decide(Drifted(Repairing)));

    [Fact]
    public void Decide_DriftFromATestingSystem_RepairBootsTheConfirmedOne()
    {
        var view = AfterAccepted(v => Repairing(v) with
        {
            Host = A.HostState("by-hand", bootDefault: "old"),
            History = Then(v.History, new LedgerEvent.DriftFound(New, A.Toplevel("by-hand"))),
        });

        Assert.Equal(new HostStep.RepairDrift(New, Old), Decide(view));
    }

    [Fact]
    public void Decide_RepairFailedBefore_WaitsUntilItIsDue()
    {
        var due = A.Start.AddMinutes(1);
        var waiting = Drifted(v => Repairing(v) with { RepairAgainAt = due });

        Assert.Equal(new HoldReason.Drifted(New, A.Toplevel("by-hand"), Boots: null, due), Reason(Decide(waiting)));
        Assert.IsType<HostStep.RepairDrift>(Decide(waiting with { Now = due }));
    }

    [Fact]
    public void Decide_RepairThatTakesAReboot_IsLeftToTheOperator()
    {
        var stuck = Drifted(v => Repairing(v) with { RepairTakesReboot = A.Toplevel("by-hand") });

        Assert.Equal(new HoldReason.Drifted(New, A.Toplevel("by-hand"), Boots: null, RepairAt: null) { TakesReboot = true }, Reason(Decide(stuck)));
        Assert.IsType<HostStep.RepairDrift>(Decide(stuck with { RepairTakesReboot = A.Toplevel("another") }));
    }

    [Fact]
    public void Decide_DriftWhileSuspended_IsLeftToTheOperator()
    {
        var view = Drifted(v => Repairing(v) with { History = Then(v.History, new LedgerEvent.Suspended("")) });

        Assert.IsType<HoldReason.Suspended>(Reason(Decide(view)));
    }

    [Fact]
    public void Decide_DriftAndANewRevision_DeploysTheRevision() =>
        Assert.IsType<HostStep.Select>(Decide(Drifted(v => Repairing(v) with { Selection = new Selection.Wanted(A.Candidate("r2")) })));

    [Fact]
    public void Decide_DriftAndAQuarantinedTip_IsStillRepaired()
    {
        var view = Drifted(v => Repairing(v) with
        {
            Selection = new Selection.Wanted(A.Candidate("bad")),
            History = v.History with
            {
                Quarantine = v.History.Quarantine.Add(A.Revision("bad"), new Quarantined(A.Revision("bad"), new DeploymentId(9), A.Start, null)),
            },
        });

        Assert.IsType<HostStep.RepairDrift>(Decide(view));
    }

    [Fact]
    public void Decide_DriftOver_IsWrittenDown() => Assert.Equal(new HostStep.EndDrift(New), Decide(Drifted(v => v with { Host = A.HostState("new") })));

    // --- before the trial

    [Fact]
    public void Decide_Selected_Builds() => Assert.Equal(new HostStep.Build(A.Deployment(), A.Revision()), Decide(A.HostView(A.Deployment())));

    [Fact]
    public void Decide_Built_LooksWhatItWouldChange() => Assert.Equal(new HostStep.Preview(Built(), New), Decide(A.HostView(Built())));

    [Fact]
    public void Decide_BuiltToWhatRunsAndBoots_IsConfirmedWithoutActivation() =>
        Assert.Equal(new HostStep.ConfirmUnchanged(Built(), New), Decide(A.HostView(Built(), v => v with { Host = A.HostState("new") })));

    [Fact]
    public void Decide_Planned_TriesWithADeadlineForActivationAndWindow()
    {
        var step = Assert.IsType<HostStep.Try>(Decide(A.HostView(Planned())));

        Assert.Equal(New, step.Toplevel);
        Assert.Equal(A.Start + Policy.ActivationLimit + Policy.ConfirmationWindow, step.Deadline);
    }

    [Theory]
    [InlineData("selected")]
    [InlineData("built")]
    [InlineData("planned")]
    public void Decide_NewerRevisionBeforeTheTrial_TakesItsPlace(string phase)
    {
        var deployment = Before(phase);

        Assert.Equal(new HostStep.Supersede(deployment, A.Revision("r2")), Decide(A.HostView(deployment, Wanting("r2"))));
    }

    [Fact]
    public void Decide_NewerRevisionThatMayNotBegin_TakesNoPlace()
    {
        var untrusted = Decide(A.HostView(A.Deployment(), v => Wanting("r2")(v) with { Signatures = new SignatureVerdict.Untrusted(A.Revision("r2"), "") }));
        var unknown = Decide(A.HostView(A.Deployment(), v => Wanting("r2")(v) with { Signatures = new SignatureVerdict.Unknown("") }));
        var quarantined = Decide(A.HostView(A.Deployment(), v => Quarantining("r2")(Wanting("r2")(v))));

        Assert.All([untrusted, unknown, quarantined], step => Assert.IsType<HostStep.Build>(step));
    }

    [Theory]
    [InlineData("selected")]
    [InlineData("built")]
    [InlineData("planned")]
    public void Decide_SuspendedBeforeTheTrial_Waits(string phase) =>
        Assert.IsType<HoldReason.Suspended>(Reason(Decide(A.HostView(Before(phase), Suspending))));

    [Fact]
    public void Decide_OperatorsRollbackWhileSuspended_GoesOn()
    {
        var deployment = Built(d => d with { Source = new DeploymentSource.Generation(7, New, A.Revision()) });

        Assert.IsType<HostStep.Preview>(Decide(A.HostView(deployment, Suspending)));
    }

    [Fact]
    public void Decide_OperatorsRollbackAndANewerRevision_IsNotSuperseded()
    {
        var deployment = Built(d => d with { Source = new DeploymentSource.Generation(7, New, A.Revision()) });

        Assert.IsType<HostStep.Preview>(Decide(A.HostView(deployment, Wanting("r2"))));
    }

    [Fact]
    public void Decide_PostponedBeforeTheTrial_WaitsAndThenTriesAgain()
    {
        var postponed = A.Deployment(d => d with { Postponed = Postponed(2) });
        var reason = Reason(Decide(A.HostView(postponed)));

        Assert.Equal(new HoldReason.BackingOff(Trouble, 2, A.Start.AddMinutes(1)), reason);
        Assert.Equal(A.Start.AddMinutes(1), reason.LookAgainAt);
        Assert.IsType<HostStep.Build>(Decide(A.HostView(postponed, v => v with { Now = A.Start.AddMinutes(1) })));
    }

    [Fact]
    public void Decide_OutsideTheMaintenanceWindow_BuildsAndPlansAndThenWaits()
    {
        HostView Windowed(HostView view) => view with { Policy = Policy with { MaintenanceWindows = [ElevenAtNight] } };
        var opens = A.Start.Date.AddHours(23);
        var reason = Reason(Decide(A.HostView(Planned(), Windowed)));

        Assert.IsType<HostStep.Build>(Decide(A.HostView(A.Deployment(), Windowed)));
        Assert.IsType<HostStep.Preview>(Decide(A.HostView(Built(), Windowed)));
        Assert.Equal(new HoldReason.OutsideMaintenanceWindow(A.Revision(), new DateTimeOffset(opens, TimeSpan.Zero)), reason);
        Assert.IsType<HostStep.Try>(Decide(A.HostView(Planned(), v => Windowed(v) with { Now = reason.LookAgainAt!.Value })));
    }

    [Fact]
    public void Decide_WindowClosesDuringTheTrial_TheTrialIsFinished() =>
        Assert.IsType<HostStep.Confirm>(Decide(OnTrial(A.Trial(), 15, Healthy, v => v with { Policy = Policy with { MaintenanceWindows = [ElevenAtNight] } })));

    // --- activation

    [Fact]
    public void Decide_ActivationUnderWay_WaitsForIt() =>
        Assert.IsType<HostStep.AwaitActivation>(Decide(A.HostView(Activating(), v => v with { Activation = new ActivationSighting.Running() })));

    [Fact]
    public void Decide_ActivationEndedUnseen_IsWrittenDown()
    {
        var outcome = new ActivationOutcome.Broken("signal 9", "");

        var step = Decide(A.HostView(Activating(), v => v with { Activation = new ActivationSighting.Ended(outcome) }));

        Assert.Equal(new HostStep.RecordActivation(Activating(), outcome), step);
    }

    [Fact]
    public void Decide_ActivationLeftNoTrace_IsBegunAgain() => Assert.IsType<HostStep.Try>(Decide(A.HostView(Activating())));

    [Fact]
    public void Decide_ActivationLeftNoTraceTooOften_RollsBack()
    {
        var deployment = Activating(attempts: Policy.TrialAttempts);

        Assert.Equal(new HostStep.RollBack(deployment, Old, new Failure.InterruptedByReboot(2)), Decide(A.HostView(deployment)));
    }

    /// <summary>Outcomes of <c>switch-to-configuration</c>, what runs after it, and what follows.</summary>
    [Theory]
    [InlineData("succeeded", "new", "Probe")]
    [InlineData("units failed", "new", "Probe")] // the health gate decides
    [InlineData("succeeded", "old", "RollBack DisplacedDuringTrial")]
    [InlineData("units failed", "other", "RollBack DisplacedDuringTrial")]
    [InlineData("script failed", "new", "RollBack ActivationFailed")]
    [InlineData("script failed", "old", "RollBack ActivationFailed")] // it may be half active all the same
    [InlineData("broken", "new", "RollBack ActivationFailed")]
    [InlineData("broken", "old", "RollBack ActivationFailed")]
    [InlineData("refused", "old", "Fail PreSwitchCheckFailed")]
    [InlineData("refused", "new", "RollBack ActivationFailed")]
    [InlineData("refused", "other", "RollBack PreSwitchCheckFailed")] // what is seen counts, not what is usual
    [InlineData("needs reboot", "old", "Fail RebootRequired")]
    [InlineData("needs reboot", "new", "RollBack RebootRequired")]
    [InlineData("lock held", "old", "Postpone AnotherSwitchRuns")]
    public void Decide_ActivationEnded_FollowsItsOutcome(string outcome, string running, string expected)
    {
        var deployment = A.Trial(d => d with { Phase = new DeploymentPhase.OnTrial(Outcome(outcome), A.Start) });

        Assert.Equal(expected, Words(Decide(A.HostView(deployment, v => v with { Host = A.HostState(running, bootDefault: "old") }))));
    }

    [Fact]
    public void Decide_LockHeld_WaitsLongerEachTime()
    {
        Deployment Held(Postponement? before) => A.Trial(d => d with { Phase = new DeploymentPhase.OnTrial(Outcome("lock held"), A.Start), Postponed = before });

        Assert.Equal(A.Start + Policy.Backoff.After(1), Assert.IsType<HostStep.Postpone>(Decide(A.HostView(Held(null)))).Until);
        Assert.Equal(A.Start + Policy.Backoff.After(4), Assert.IsType<HostStep.Postpone>(Decide(A.HostView(Held(Postponed(3))))).Until);
    }

    [Fact]
    public void Decide_RebootDuringTheTrial_TriesOnceMoreAndNotForEver()
    {
        HostStep After(int attempts) => Decide(A.HostView(
            A.Trial(d => d with { Trial = d.Trial! with { Attempts = attempts } }), v => v with { Host = A.HostState("old", bootId: "boot-2") }));

        Assert.IsType<HostStep.Try>(After(1));
        Assert.Equal(new Failure.InterruptedByReboot(2), Assert.IsType<HostStep.RollBack>(After(2)).Cause);
    }

    [Fact]
    public void Decide_OperatorEndsTheTrial_RollsBackWhateverTheGateSays()
    {
        var refusal = new Failure.RefusedByOperator("alice");

        Assert.Equal(refusal, Assert.IsType<HostStep.RollBack>(Decide(OnTrial(A.Trial(d => d with { Refused = refusal }), 15, Healthy))).Cause);
    }

    [Fact]
    public void Decide_OperatorEndsTheTrialDuringActivation_ItsEndIsAwaitedFirst()
    {
        var deployment = Activating() with { Refused = new Failure.RefusedByOperator("alice") };

        Assert.IsType<HostStep.AwaitActivation>(Decide(A.HostView(deployment, v => v with { Activation = new ActivationSighting.Running() })));
    }

    // --- the health gate

    [Fact]
    public void Decide_NoRoundYet_Probes() => Assert.IsType<HostStep.Probe>(Decide(OnTrial(A.Trial(), 0, [])));

    [Fact]
    public void Decide_NextRoundIsLater_AwaitsHealth()
    {
        var reason = Assert.IsType<HoldReason.AwaitingHealth>(Reason(Decide(OnTrial(A.Trial(), 6, [A.Round(5, Sick)]))));

        Assert.Equal(A.Start.AddSeconds(10), reason.LookAgainAt);
        Assert.Equal(A.Start + Policy.ConfirmationWindow, reason.Deadline);
        Assert.Equal("web", Assert.Single(reason.Failing).Check);
    }

    [Fact]
    public void Decide_Healthy_ConfirmsWithTheLastResults()
    {
        var step = Assert.IsType<HostStep.Confirm>(Decide(OnTrial(A.Trial(), 15, Healthy)));

        Assert.Equal((New, Healthy[^1].Results), (step.Toplevel, step.Results));
    }

    [Fact]
    public void Decide_HealthyBeforeTheMinimumTrial_IsNotConfirmedYet() =>
        Assert.IsType<HostStep.Hold>(Decide(OnTrial(A.Trial(), 14, [A.Round(1, A.ProbeResult()), A.Round(2, A.ProbeResult()), A.Round(13, A.ProbeResult())])));

    [Fact]
    public void Decide_Unhealthy_RollsBackToWhatRanBefore()
    {
        var step = Assert.IsType<HostStep.RollBack>(Decide(OnTrial(A.Trial(), 15, Unhealthy)));

        Assert.Equal(Old, step.To);
        Assert.Equal("web", Assert.Single(Assert.IsType<Failure.Unhealthy>(step.Cause).Failing).Check);
    }

    [Fact]
    public void Decide_PatientCheckKeepsFailing_CountsOnlyAtTheEndOfTheWindow()
    {
        HostView Patient(HostView view) => view with { PatientChecks = ["web"] };
        var ends = Policy.ConfirmationWindow.TotalSeconds;

        Assert.IsType<HostStep.Hold>(Decide(OnTrial(A.Trial(), 16, Unhealthy, Patient)));
        Assert.IsType<Failure.RepositoryLost>(Assert.IsType<HostStep.RollBack>(Decide(OnTrial(A.Trial(), ends, Unhealthy, Patient))).Cause);
    }

    [Fact]
    public void Decide_WindowEndsWithoutAVerdict_RollsBack()
    {
        ImmutableArray<ProbeRound> flapping = [A.Round(5, Sick), A.Round(10, A.ProbeResult()), A.Round(298, Sick)];

        Assert.IsType<HostStep.Hold>(Decide(OnTrial(A.Trial(), 299, flapping)));
        var cause = Assert.IsType<Failure.NotConfirmedInTime>(Assert.IsType<HostStep.RollBack>(Decide(OnTrial(A.Trial(), 300, flapping))).Cause);
        Assert.Equal(flapping[^1].Results, cause.LastResults);
    }

    [Fact]
    public void Decide_WindowEndedWhileTheDaemonWasAway_RollsBackWithoutAResult() =>
        Assert.Empty(Assert.IsType<Failure.NotConfirmedInTime>(Assert.IsType<HostStep.RollBack>(Decide(OnTrial(A.Trial(), 301, []))).Cause).LastResults);

    [Fact]
    public void Decide_NewerRevisionDuringAHealthyTrial_TheTrialIsFinished()
    {
        Assert.IsType<HostStep.Hold>(Decide(OnTrial(A.Trial(), 6, [A.Round(5, A.ProbeResult())], Wanting("r2"))));
        Assert.IsType<HostStep.Confirm>(Decide(OnTrial(A.Trial(), 15, Healthy, Wanting("r2"))));
    }

    [Fact]
    public void Decide_NewerRevisionDuringAFailingTrial_TakesItsPlace()
    {
        var step = Assert.IsType<HostStep.RollBack>(Decide(OnTrial(A.Trial(), 6, [A.Round(5, Sick)], Wanting("r2"))));

        Assert.Equal(A.Revision("r2"), Assert.IsType<Failure.GaveWay>(step.Cause).Newer);
    }

    [Fact]
    public void Decide_NewerRevisionWhenTheFailureLimitIsReached_TheVerdictStands() =>
        Assert.IsType<Failure.Unhealthy>(Assert.IsType<HostStep.RollBack>(Decide(OnTrial(A.Trial(), 15, Unhealthy, Wanting("r2")))).Cause);

    [Fact]
    public void Decide_SuspendedDuringTheTrial_ItIsStillConfirmedOrRolledBack()
    {
        Assert.IsType<HostStep.Confirm>(Decide(OnTrial(A.Trial(), 15, Healthy, Suspending)));
        Assert.IsType<HostStep.RollBack>(Decide(OnTrial(A.Trial(), 15, Unhealthy, Suspending)));
    }

    // --- confirming

    [Fact]
    public void Decide_Confirming_GoesOn() =>
        Assert.Equal(New, Assert.IsType<HostStep.Confirm>(Decide(A.HostView(Confirming(), v => v with { Host = A.HostState("new", "old") }))).Toplevel);

    [Fact]
    public void Decide_NewerRevisionWhileConfirming_GoesOn() =>
        Assert.IsType<HostStep.Confirm>(Decide(A.HostView(Confirming(), v => Wanting("r2")(v) with { Host = A.HostState("new", "old") })));

    [Fact]
    public void Decide_ConfirmFailed_WaitsTriesAgainAndGivesUpAfterTheLimit()
    {
        HostStep After(int attempts, double minutes) => Decide(A.HostView(
            Confirming() with { Postponed = Postponed(attempts) }, v => v with { Host = A.HostState("new", "old"), Now = A.Start.AddMinutes(minutes) }));

        Assert.Equal(new HoldReason.BackingOff(Trouble, 1, A.Start.AddMinutes(1)), Reason(After(1, 0)));
        Assert.IsType<HostStep.Confirm>(After(2, 1));
        Assert.IsType<Failure.BootEntryFailed>(Assert.IsType<HostStep.RollBack>(After(Policy.CriticalAttempts, 0)).Cause);
    }

    [Fact]
    public void Decide_RebootWhileConfirming_TriesOnceMore() =>
        Assert.IsType<HostStep.Try>(Decide(A.HostView(Confirming(), v => v with { Host = A.HostState("old", bootId: "boot-2") })));

    [Fact]
    public void Decide_RebootWhileConfirmingOntoTheNewSystem_GoesOnConfirming() =>
        Assert.IsType<HostStep.Confirm>(Decide(A.HostView(Confirming(), v => v with { Host = A.HostState("new", bootId: "boot-2") })));

    [Fact]
    public void Decide_DisplacedWhileConfirming_RollsBack()
    {
        var step = Decide(A.HostView(Confirming(), v => v with { Host = A.HostState("other", bootDefault: "old") }));

        Assert.Equal(new Failure.DisplacedDuringTrial(A.Toplevel("other")), Assert.IsType<HostStep.RollBack>(step).Cause);
    }

    // --- rolling back

    [Fact]
    public void Decide_RollingBack_GoesOnEvenWhenTheOldSystemRunsAlready()
    {
        var step = Decide(A.HostView(RollingBack()));

        Assert.Equal(new HostStep.RollBack(RollingBack(), Old, Trouble), step);
    }

    [Fact]
    public void Decide_RollbackFailed_WaitsTriesAgainAndThenCallsForAPerson()
    {
        HostStep After(int attempts, double minutes) =>
            Decide(A.HostView(RollingBack() with { Postponed = Postponed(attempts) }, v => v with { Now = A.Start.AddMinutes(minutes) }));

        Assert.IsType<HoldReason.BackingOff>(Reason(After(1, 0)));
        Assert.IsType<HostStep.RollBack>(After(2, 1));
        Assert.Equal(FailureText.Headline(Trouble), Assert.IsType<HostStep.GiveUp>(After(Policy.CriticalAttempts, 0)).Detail);
    }

    [Fact]
    public void Decide_SuspendedOrNewerRevisionWhileRollingBack_GoesOn()
    {
        Assert.IsType<HostStep.RollBack>(Decide(A.HostView(RollingBack(), Suspending)));
        Assert.IsType<HostStep.RollBack>(Decide(A.HostView(RollingBack(), Wanting("r2"))));
    }

    [Fact]
    public void Decide_NeedsOperator_CallsAndTriesAgainAfterTheLongestWait()
    {
        var again = A.Start + Policy.Backoff.Longest;
        var reason = Reason(Decide(A.HostView(Stuck())));

        Assert.Equal(new HoldReason.NeedsOperator(new DeploymentId(2), Old, Trouble, "exit 2", again), reason);
        Assert.Equal(new HostStep.RollBack(Stuck(), Old, Trouble), Decide(A.HostView(Stuck(), v => v with { Now = again })));
    }

    [Fact]
    public void Decide_NeedsOperatorAndSuspended_IsLeftToTheOperator()
    {
        var reason = Reason(Decide(A.HostView(Stuck(), v => Suspending(v) with { Now = A.Start.AddDays(1) })));

        Assert.Null(Assert.IsType<HoldReason.NeedsOperator>(reason).TryAgainAt);
    }

    // --- telling

    [Fact]
    public void Decide_NothingElseToDo_TellsTheOldestUntold()
    {
        var view = Untold(AfterConfirmed("r1", "new"));

        Assert.Equal(view.History.Untold[0], Assert.IsType<HostStep.Tell>(Decide(view)).Deployment.Id);
    }

    [Fact]
    public void Decide_SomethingElseToDo_ComesBeforeTelling() =>
        Assert.IsType<HostStep.Select>(Decide(Untold(AfterConfirmed("r1", "new", Wanting("r2")))));

    [Fact]
    public void Decide_TellingFailed_WaitsUntilItIsDue()
    {
        var due = A.Start.AddMinutes(1);
        var view = Untold(AfterConfirmed("r1", "new", v => v with { TellAgainAt = due }));

        Assert.IsType<HoldReason.UpToDate>(Reason(Decide(view)));
        Assert.IsType<HostStep.Tell>(Decide(view with { Now = due }));
    }

    [Fact]
    public void Decide_AwaitingHealth_TellsNothing()
    {
        var history = A.History([.. Confirmed("r0", "old"), new LedgerEvent.DeploymentBegan(new DeploymentSource.Commit(A.Candidate()), Old)]);
        var trial = A.Trial(d => d with { Id = history.Latest!.Id });
        var view = OnTrial(trial, 6, [A.Round(5, A.ProbeResult())], v => v with
        {
            History = history with { Latest = trial, Deployments = history.Deployments.SetItem(trial.Id.Position, trial) },
        });

        Assert.NotEmpty(view.History.Untold);
        Assert.IsType<HoldReason.AwaitingHealth>(Reason(Decide(view)));
    }

    [Fact]
    public void Decide_NeedsOperator_StillTells()
    {
        var history = A.History([.. Confirmed("r0", "old"), new LedgerEvent.DeploymentBegan(new DeploymentSource.Commit(A.Candidate()), Old)]);
        var stuck = Stuck() with { Id = history.Latest!.Id };

        Assert.IsType<HostStep.Tell>(Decide(A.HostView(v => v with
        {
            History = history with { Latest = stuck, Deployments = history.Deployments.SetItem(stuck.Id.Position, stuck) },
        })));
    }

    // --- making

    private static readonly Failure Trouble = new Failure.HostToolFailed("sync", "I/O error");

    private static HostStep Decide(HostView view) => HostPlanner.Decide(view);

    private static HoldReason Reason(HostStep step) => Assert.IsType<HostStep.Hold>(step).Reason;

    private static string Words(HostStep step) => step switch
    {
        HostStep.RollBack s => $"RollBack {s.Cause.GetType().Name}",
        HostStep.Fail s => $"Fail {s.Cause.GetType().Name}",
        HostStep.Postpone s => $"Postpone {s.Cause.GetType().Name}",
        _ => step.GetType().Name,
    };

    private static ActivationOutcome Outcome(string name) => name switch
    {
        "succeeded" => new ActivationOutcome.Succeeded(),
        "units failed" => new ActivationOutcome.UnitsFailed("web"),
        "script failed" => new ActivationOutcome.ScriptFailed("no"),
        "broken" => new ActivationOutcome.Broken("signal 9", ""),
        "refused" => new ActivationOutcome.Refused("no"),
        "needs reboot" => new ActivationOutcome.NeedsReboot(),
        "lock held" => new ActivationOutcome.LockHeld(),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    private static HostHistory Then(HostHistory history, params ReadOnlySpan<LedgerEvent> facts)
    {
        foreach (var fact in facts)
        {
            history = history.Then(new LedgerEntry(history.Position + 1, A.Start.AddMinutes(history.Position), Actor.Daemon, fact));
        }

        return history;
    }

    private static LedgerEvent[] Confirmed(string revision, string toplevel) =>
    [
        .. A.Begun(revision),
        new LedgerEvent.BuildSucceeded(A.Toplevel(toplevel)),
        new LedgerEvent.PlanRecorded(new SystemPlan()),
        new LedgerEvent.TrialBegan(A.Start.AddMinutes(20), "boot-1", [], []),
        new LedgerEvent.ActivationEnded(new ActivationOutcome.Succeeded()),
        new LedgerEvent.ConfirmBegan([]),
        new LedgerEvent.Confirmed(A.Toplevel(toplevel), 2, WasActivated: true),
    ];

    private static HostHistory Told(HostHistory history) => history with { Untold = [] };

    private static HostView Untold(HostView view) => view with { History = view.History with { Untold = [view.History.Latest!.Id] } };

    private static HostView AfterConfirmed(string revision, string toplevel, Func<HostView, HostView>? with = null) => A.HostView(v =>
    {
        var view = v with { History = Told(A.History(Confirmed(revision, toplevel))), Host = A.HostState(toplevel) };
        return with is null ? view : with(view);
    });

    private static HostView AfterAccepted(Func<HostView, HostView> with) => A.HostView(v => with(v with
    {
        History = Told(A.History([.. A.Tried(branch: BranchKind.Testing), new LedgerEvent.Accepted([])])),
        Selection = new Selection.Wanted(A.Candidate(branch: BranchKind.Testing)),
    }));

    private static HostView Drifted(Func<HostView, HostView> with) => AfterConfirmed("r1", "new", v => with(v with
    {
        Host = A.HostState("by-hand"),
        History = Then(v.History, new LedgerEvent.DriftFound(New, A.Toplevel("by-hand"))),
    }));

    private static HostView Repairing(HostView view) => view with { Policy = view.Policy with { RepairDrift = true } };

    private static HostView Suspending(HostView view) => view with { History = view.History with { Suspension = new Suspension(A.Start, Actor.Daemon, "") } };

    private static Func<HostView, HostView> Wanting(string revision) => view => view with { Selection = new Selection.Wanted(A.Candidate(revision)) };

    private static Func<HostView, HostView> Quarantining(string revision) => view => view with
    {
        History = view.History with
        {
            Quarantine = view.History.Quarantine.Add(A.Revision(revision), new Quarantined(A.Revision(revision), new DeploymentId(1), A.Start, null)),
        },
    };

    private static HostView OnTrial(Deployment deployment, double seconds, ImmutableArray<ProbeRound> rounds, Func<HostView, HostView>? with = null) =>
        A.HostView(deployment, v =>
        {
            var view = v with { Now = A.Start.AddSeconds(seconds), Host = A.HostState("new", bootDefault: "old"), Rounds = rounds };
            return with is null ? view : with(view);
        });

    private static Postponement Postponed(int attempts) => new(Trouble, attempts, A.Start.AddMinutes(1));

    private static Deployment Built(Func<Deployment, Deployment>? with = null) => A.Deployment(d =>
    {
        var built = d with { Phase = new DeploymentPhase.Built(), Toplevel = New };
        return with is null ? built : with(built);
    });

    private static Deployment Planned() => Built(d => d with { Phase = new DeploymentPhase.Planned() });

    private static Deployment Before(string phase) => phase switch { "selected" => A.Deployment(), "built" => Built(), _ => Planned() };

    private static Deployment Activating(int attempts = 1) =>
        A.Trial(d => d with { Phase = new DeploymentPhase.OnTrial(null, null), Trial = d.Trial! with { Attempts = attempts } });

    private static Deployment Confirming() => A.Trial(d => d with { Phase = new DeploymentPhase.Confirming(), BootMayHaveMoved = true });

    private static Deployment RollingBack() => A.Trial(d => d with { Phase = new DeploymentPhase.RollingBack(Trouble) });

    private static Deployment Stuck() => A.Trial(d => d with { Phase = new DeploymentPhase.NeedsOperator(Trouble, "exit 2") });
}
