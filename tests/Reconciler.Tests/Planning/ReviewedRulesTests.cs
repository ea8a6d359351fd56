using System.Collections.Immutable;
using Reconciler.History;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Tests.Making;
using Xunit;

namespace Reconciler.Tests.Planning;

/// <summary>
/// Rules of the planner for what is rare: a lost repository, a system that failed under another commit, other hands on the host. The host was
/// adopted running <c>old</c>; <c>r1</c> builds to <c>new</c>.
/// </summary>
public sealed class ReviewedRulesTests
{
    private static readonly HostPolicy Policy = new();
    private static readonly Toplevel Old = A.Toplevel("old");
    private static readonly Toplevel New = A.Toplevel("new");
    private static readonly Toplevel ByHand = A.Toplevel("by-hand");
    private static readonly ProbeResult NoWay = A.ProbeResult("repository", passed: false);
    private static readonly Failure Lost = new Failure.RepositoryLost(NoWay.Detail);
    private static readonly Failure Sick = new Failure.Unhealthy([A.ProbeResult(passed: false)]);

    // --- a system that loses the repository

    [Fact]
    public void Decide_OnlyTheRepositoryIsLostWhenTheWindowEnds_RollsBackWithoutBlame()
    {
        var step = Decide(WindowEnded(A.History(A.Tried()), A.ProbeResult(), NoWay));

        Assert.Equal(Lost, Assert.IsType<HostStep.RollBack>(step).Cause);
        Assert.Equal(Fault.World, Lost.Fault);
    }

    [Fact]
    public void Decide_TheSameRevisionLosesTheRepositoryAgain_IsToBlame()
    {
        var cause = Assert.IsType<HostStep.RollBack>(Decide(WindowEnded(A.History([.. LostUnder("r1"), .. Again("r1")]), NoWay))).Cause;

        Assert.Equal([NoWay], Assert.IsType<Failure.NotConfirmedInTime>(cause).LastResults);
        Assert.Equal(Fault.Revision, cause.Fault);
    }

    [Fact]
    public void Decide_AnotherRevisionLostTheRepositoryBefore_IsNoBlameYet() =>
        Assert.Equal(Lost, Assert.IsType<HostStep.RollBack>(Decide(WindowEnded(A.History([.. LostUnder("r0"), .. Again("r1")]), NoWay))).Cause);

    [Fact]
    public void Decide_AnotherCheckFailsBesidesTheRepository_IsToBlameAtOnce() => Assert.IsType<Failure.NotConfirmedInTime>(
        Assert.IsType<HostStep.RollBack>(Decide(WindowEnded(A.History(A.Tried()), A.ProbeResult(passed: false), NoWay))).Cause);

    [Fact]
    public void Decide_NoRoundWhenTheWindowEnds_BlamesNoRepository() => Assert.IsType<Failure.NotConfirmedInTime>(
        Assert.IsType<HostStep.RollBack>(Decide(WindowEnded(A.History(A.Tried())) with { Rounds = [] })).Cause);

    [Fact]
    public void Decide_RolledBackForALostRepository_IsHeldUntilItAnswersAndThenTriedOnceMore()
    {
        var view = A.HostView(v => v with { History = Told(A.History(LostUnder("r1"))), RepositoryAnswers = false });

        Assert.Equal(new HoldReason.RepositoryUnreachable("origin", NoWay.Detail), Reason(Decide(view)));
        Assert.Equal(new HostStep.Select(A.Candidate(), Old), Decide(view with { RepositoryAnswers = true }));
    }

    [Fact]
    public void Decide_AnotherRevisionAfterALostRepository_IsNotHeld() => Assert.IsType<HostStep.Select>(Decide(A.HostView(v => v with
    {
        History = Told(A.History(LostUnder("r0"))),
        RepositoryAnswers = false,
    })));

    // --- a system that failed under another commit

    [Fact]
    public void Decide_BuiltToASystemThatFailedUnderAnotherCommit_Fails()
    {
        var step = Assert.IsType<HostStep.Fail>(Decide(BuiltAfter([.. FailedOnTrial("bad"), .. Begun("r1"), new LedgerEvent.BuildSucceeded(New)])));

        Assert.Equal(new Failure.SameSystemFailed(A.Revision("bad"), new DeploymentId(2)), step.Cause);
    }

    [Fact]
    public void Decide_TheCommitThatFailedWasReleased_ItsSystemMayBeTried() => Assert.IsType<HostStep.Preview>(Decide(BuiltAfter(
        [.. FailedOnTrial("bad"), new LedgerEvent.QuarantineReleased(A.Revision("bad")), .. Begun("r1"), new LedgerEvent.BuildSucceeded(New)])));

    [Fact]
    public void Decide_BuiltToAnotherSystemThanTheOneThatFailed_GoesOn() => Assert.IsType<HostStep.Preview>(Decide(BuiltAfter(
        [.. FailedOnTrial("bad"), .. Begun("r1"), new LedgerEvent.BuildSucceeded(A.Toplevel("mended"))])));

    [Fact]
    public void Decide_TheSystemWasOnlyRefusedBeforeItsTrial_MayBeTried() => Assert.IsType<HostStep.Preview>(Decide(BuiltAfter(
    [
        .. A.Begun("bad"), new LedgerEvent.BuildSucceeded(New), new LedgerEvent.DeploymentFailed(new Failure.PreSwitchCheckFailed("no")),
        .. Begun("r1"), new LedgerEvent.BuildSucceeded(New),
    ])));

    // --- other hands on the host

    [Theory]
    [InlineData("by-hand", "by-hand", "Fail DisplacedDuringTrial")] // made for good
    [InlineData("by-hand", "old", "RollBack DisplacedDuringTrial")] // only tested
    [InlineData("old", "old", "RollBack DisplacedDuringTrial")]
    public void Decide_DisplacedDuringTheTrial_LeavesOnlyWhatWasMadeForGood(string running, string boots, string expected)
    {
        var host = A.HostState(running, bootDefault: boots);

        Assert.Equal(expected, Words(Decide(A.HostView(A.Trial(), v => v with { Host = host }))));
        var confirming = A.Trial(d => d with { Phase = new DeploymentPhase.Confirming(), BootMayHaveMoved = true });
        Assert.Equal(expected, Words(Decide(A.HostView(confirming, v => v with { Host = host }))));
    }

    [Theory]
    [InlineData("refused")]
    [InlineData("needs reboot")]
    [InlineData("lock held")]
    [InlineData("not started")]
    public void Decide_NothingActivatedButTheBootEntryMayHaveMoved_RollsBack(string outcome)
    {
        var deployment = A.Trial(d => d with { Phase = new DeploymentPhase.OnTrial(Outcome(outcome), A.Start), BootMayHaveMoved = true });

        Assert.Equal(Old, Assert.IsType<HostStep.RollBack>(Decide(A.HostView(deployment))).To);
        Assert.IsNotType<HostStep.RollBack>(Decide(A.HostView(deployment with { BootMayHaveMoved = false })));
    }

    [Theory]
    [InlineData("lock held")]
    [InlineData("not started")]
    public void Decide_ActivationDidNothingAndAnotherSystemRuns_RollsBack(string outcome)
    {
        var deployment = A.Trial(d => d with { Phase = new DeploymentPhase.OnTrial(Outcome(outcome), A.Start) });

        Assert.IsType<HostStep.RollBack>(Decide(A.HostView(deployment, v => v with { Host = A.HostState("by-hand", bootDefault: "old") })));
    }

    // --- a boot default that drifted

    [Fact]
    public void Decide_OnlyTheBootDefaultDrifted_IsReportedOnceAndThenHeld()
    {
        var view = Confirmed("new", boots: "by-hand");
        Assert.Equal(new HostStep.ReportDrift(New, ByHand), Decide(view));

        var reported = Reported(view, ByHand);
        Assert.Equal(new HoldReason.Drifted(New, New, ByHand, RepairAt: null), Reason(Decide(reported)));
        Assert.Equal(new HostStep.RepairDrift(New, New), Decide(reported with { Policy = Policy with { RepairDrift = true } }));
    }

    [Theory]
    [InlineData("new", "new", true)]
    [InlineData("new", "by-hand", false)]
    [InlineData("by-hand", "new", false)]
    public void Decide_DriftReported_IsOverOnlyWhenWhatRunsAndWhatBootsAreRight(string running, string boots, bool isOver) =>
        Assert.Equal(isOver, Decide(Reported(Confirmed(running, boots), ByHand)) is HostStep.EndDrift);

    [Fact]
    public void Decide_TestingRunsAndTheConfirmedSystemBoots_IsNoDrift()
    {
        var view = A.HostView(v => v with
        {
            History = Told(A.History(Accepted())),
            Host = A.HostState("new", bootDefault: "old"),
            Selection = new Selection.Wanted(A.Candidate(branch: BranchKind.Testing)),
        });

        Assert.IsType<HoldReason.UpToDate>(Reason(Decide(view)));
        Assert.Equal(new HostStep.ReportDrift(Old, ByHand), Decide(view with { Host = A.HostState("new", bootDefault: "by-hand") }));
    }

    // --- a testing system that boots keep ending

    [Fact]
    public void Decide_TestingEndedByABootOnce_IsDeployedOnceMore() => Assert.IsType<HostStep.Select>(Decide(Booted(A.History(Accepted()))));

    [Fact]
    public void Decide_TestingEndedByBootsTwiceWithinADay_IsHeldForADay()
    {
        var history = A.History([.. Accepted(), .. Accepted()[1..]]);
        var first = history.Deployments.Values.First().Changed;
        var view = Booted(history);

        Assert.Equal(new HoldReason.TestingEndedByBoots(A.Revision(), 2), Reason(Decide(view with { Now = first.AddDays(1).AddSeconds(-1) })));
        Assert.IsType<HostStep.Select>(Decide(view with { Now = first.AddDays(1) }));
    }

    [Fact]
    public void Decide_TestingEndedByBootsTwice_HoldsNeitherAnotherRevisionNorMain()
    {
        var view = Booted(A.History([.. Accepted(), .. Accepted()[1..]]));

        Assert.IsType<HostStep.Select>(Decide(view with { Selection = new Selection.Wanted(A.Candidate("r2", BranchKind.Testing)) }));
        Assert.IsType<HostStep.Select>(Decide(view with { Selection = new Selection.Wanted(A.Candidate()) }));
    }

    // --- making

    private static HostStep Decide(HostView view) => HostPlanner.Decide(view);

    private static HoldReason Reason(HostStep step) => Assert.IsType<HostStep.Hold>(step).Reason;

    private static string Words(HostStep step) => step switch
    {
        HostStep.RollBack s => $"RollBack {s.Cause.GetType().Name}",
        HostStep.Fail s => $"Fail {s.Cause.GetType().Name}",
        _ => step.GetType().Name,
    };

    private static ActivationOutcome Outcome(string name) => name switch
    {
        "refused" => new ActivationOutcome.Refused("no"),
        "needs reboot" => new ActivationOutcome.NeedsReboot(),
        "lock held" => new ActivationOutcome.LockHeld(),
        "not started" => new ActivationOutcome.NotStarted("no bus"),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    private static HostHistory Told(HostHistory history) => history with { Untold = [] };

    // The facts of one more deployment, on a host that was met before.
    private static LedgerEvent[] Begun(string revision) => A.Begun(revision)[1..];

    private static LedgerEvent[] Again(string revision) => A.Tried(revision)[1..];

    private static LedgerEvent[] LostUnder(string revision) =>
        [.. A.Tried(revision), new LedgerEvent.RollbackBegan(Lost, JournalExcerpt.None), new LedgerEvent.RolledBack()];

    private static LedgerEvent[] FailedOnTrial(string revision) =>
        [.. A.Tried(revision), new LedgerEvent.RollbackBegan(Sick, JournalExcerpt.None), new LedgerEvent.RolledBack()];

    private static LedgerEvent[] Accepted() => [.. A.Tried(branch: BranchKind.Testing), new LedgerEvent.Accepted([])];

    private static HostView BuiltAfter(LedgerEvent[] facts) => A.HostView(v => v with { History = Told(A.History(facts)) });

    // The window of the latest trial has just ended, with these results in its last round.
    private static HostView WindowEnded(HostHistory history, params ImmutableArray<ProbeResult> last)
    {
        var activated = ((DeploymentPhase.OnTrial)history.Latest!.Phase).ActivatedAt!.Value;
        return A.HostView(v => v with
        {
            History = Told(history),
            Now = activated + Policy.ConfirmationWindow,
            Host = A.HostState("new", bootDefault: "old"),
            Rounds = [new ProbeRound(activated + Policy.ConfirmationWindow - TimeSpan.FromSeconds(5), last)],
            PatientChecks = [NoWay.Check],
        });
    }

    private static HostView Confirmed(string running, string boots) => A.HostView(v => v with
    {
        History = Told(A.History([.. A.Tried(), new LedgerEvent.ConfirmBegan([]), new LedgerEvent.Confirmed(New, 2, WasActivated: true)])),
        Host = A.HostState(running, bootDefault: boots),
    });

    private static HostView Reported(HostView view, Toplevel odd) => view with { History = view.History with { Drift = odd } };

    private static HostView Booted(HostHistory history) => A.HostView(v => v with
    {
        Now = history.Latest!.Changed.AddMinutes(5),
        History = Told(history),
        Host = A.HostState("old", bootId: "boot-3"),
        Selection = new Selection.Wanted(A.Candidate(branch: BranchKind.Testing)),
    });
}
