using Reconciler.History;
using Reconciler.Model;
using Reconciler.Tests.Making;
using Xunit;

namespace Reconciler.Tests.History;

public sealed class HostHistoryTests
{
    private static readonly Toplevel Old = A.Toplevel("old");
    private static readonly Toplevel New = A.Toplevel("new");
    private static readonly Failure OfTheRevision = new Failure.Unhealthy([A.ProbeResult(passed: false)]);
    private static readonly Failure OfTheHost = new Failure.DisplacedDuringTrial(A.Toplevel("other"));
    private static readonly Failure OfTheWorld = new Failure.HostToolFailed("sync", "I/O error");

    [Fact]
    public void Read_NoFacts_IsAHostNobodyMet()
    {
        Assert.Same(HostHistory.Empty, HostHistory.Read([]));
        Assert.Null(HostHistory.Empty.GoodSystem);
        Assert.Null(HostHistory.Empty.ExpectedSystem);
    }

    [Fact]
    public void Read_Adopted_ThatSystemIsGoodAndExpected()
    {
        var history = A.History(new LedgerEvent.HostAdopted(Old, Old));

        Assert.Equal((1, Old, Old), (history.Position, history.GoodSystem!.Value, history.ExpectedSystem!.Value));
    }

    [Fact]
    public void Then_PositionLeft_IsRefused()
    {
        var gap = new LedgerEntry(3, A.Start, Actor.Daemon, new LedgerEvent.Resumed());

        Assert.Equal("Entry 3 follows entry 1.", Assert.Throws<InvalidLedgerException>(() => A.History(new LedgerEvent.Resumed()).Then(gap)).Message);
    }

    // --- one deployment from its beginning to each of its ends

    [Fact]
    public void Read_Deployment_GoesThroughItsPhases()
    {
        LedgerEvent[] facts = [.. A.Tried(), new LedgerEvent.ConfirmBegan([A.ProbeResult()]), new LedgerEvent.Confirmed(New, 7, WasActivated: true)];
        var phases = Enumerable.Range(2, facts.Length - 1).Select(count => A.History(facts[..count]).Latest!.Phase.GetType().Name);

        Assert.Equal(["Selected", "Built", "Planned", "OnTrial", "OnTrial", "Confirming", "Confirmed"], phases);
    }

    [Fact]
    public void Read_Deployment_IsNamedByThePositionThatBeganIt()
    {
        var history = A.History(A.Begun());

        Assert.Equal(new DeploymentId(2), history.Latest!.Id);
        Assert.Same(history.Latest, history.Deployments[2]);
        Assert.Equal(A.Start.AddMinutes(1), history.Latest.Began);
    }

    [Fact]
    public void Read_Deployment_KeepsItsTimelineInOrder()
    {
        var deployment = A.History([.. A.Tried(), new LedgerEvent.ConfirmBegan([]), new LedgerEvent.Confirmed(New, 7, WasActivated: true)]).Latest!;

        Assert.Equal(
            ["selected", "built", "planned", "trial began", "activated", "health gate passed", "confirmed as generation 7"],
            deployment.Timeline.Select(line => line.Event));
        Assert.Equal(A.Start.AddMinutes(7), deployment.Timeline[^1].At);
        Assert.Equal(A.Start.AddMinutes(7), deployment.Changed);
    }

    [Fact]
    public void Read_Confirmed_IsGoodExpectedAndWhereSelectionGoesForwardFrom()
    {
        var history = Confirmed();

        Assert.Equal((New, New, A.Revision()), (history.GoodSystem!.Value, history.ExpectedSystem!.Value, history.MainConfirmed!.Value));
        Assert.Equal(7, history.LastConfirmed!.Generation);
        Assert.Equal([new DeploymentId(2)], history.Untold);
        Assert.Empty(history.Quarantine);
    }

    [Fact]
    public void Read_Accepted_IsExpectedAndNotGood()
    {
        var history = A.History([.. A.Tried(branch: BranchKind.Testing), new LedgerEvent.Accepted([A.ProbeResult()])]);

        Assert.Equal((Old, New), (history.GoodSystem!.Value, history.ExpectedSystem!.Value));
        Assert.Null(history.MainConfirmed);
        Assert.Null(history.LastConfirmed);
        Assert.Equal([new DeploymentId(2)], history.Untold);
        Assert.Single(history.Latest!.Results);
    }

    [Fact]
    public void Read_RolledBack_QuarantinesAndTells()
    {
        var history = A.History([.. A.Tried(), new LedgerEvent.RollbackBegan(OfTheRevision, JournalExcerpt.None), new LedgerEvent.RolledBack()]);

        Assert.Equal(new DeploymentPhase.RolledBack(OfTheRevision), history.Latest!.Phase);
        Assert.Equal(new Quarantined(A.Revision(), new DeploymentId(2), A.Start.AddMinutes(7), OfTheRevision), history.Quarantine[A.Revision()]);
        Assert.Equal((Old, Old), (history.GoodSystem!.Value, history.ExpectedSystem!.Value));
        Assert.Equal([new DeploymentId(2)], history.Untold);
    }

    [Fact]
    public void Read_RolledBackFromTesting_TheTestingSystemBeforeIsWhatRuns()
    {
        var history = Continue(
            A.History([.. A.Tried(branch: BranchKind.Testing), new LedgerEvent.Accepted([])]),
            [.. Trial("r2", "newer", BranchKind.Testing, rollBackTo: New), new LedgerEvent.RollbackBegan(OfTheRevision, JournalExcerpt.None), new LedgerEvent.RolledBack()]);

        Assert.Equal(New, history.ExpectedSystem);
        Assert.Equal(A.Revision(), history.Applied!.Revision);
    }

    [Fact]
    public void Read_RolledBackPastATestingSystem_TheConfirmedOneIsWhatRuns()
    {
        var history = Continue(
            A.History([.. A.Tried(branch: BranchKind.Testing), new LedgerEvent.Accepted([])]),
            [.. Trial("r2", "newer", BranchKind.Main, rollBackTo: Old), new LedgerEvent.RollbackBegan(OfTheRevision, JournalExcerpt.None), new LedgerEvent.RolledBack()]);

        Assert.Null(history.Applied);
        Assert.Equal(Old, history.ExpectedSystem);
    }

    [Fact]
    public void Read_RollbackFailed_KeepsTheCauseUntilItIsPutBackAfterAll()
    {
        LedgerEvent[] stuck = [.. A.Tried(), new LedgerEvent.RollbackBegan(OfTheRevision, JournalExcerpt.None), new LedgerEvent.RollbackFailed("exit 2")];

        Assert.Equal(new DeploymentPhase.NeedsOperator(OfTheRevision, "exit 2"), A.History(stuck).Latest!.Phase);
        Assert.Empty(A.History(stuck).Untold);
        Assert.Equal(new DeploymentPhase.RolledBack(OfTheRevision), A.History([.. stuck, new LedgerEvent.RolledBack()]).Latest!.Phase);
    }

    [Fact]
    public void Read_ResumedWhenAnOperatorIsNeeded_AbandonsAndQuarantines()
    {
        var history = A.History(
        [
            .. A.Tried(), new LedgerEvent.RollbackBegan(OfTheRevision, JournalExcerpt.None), new LedgerEvent.RollbackFailed("exit 2"),
            new LedgerEvent.Suspended("mending"), new LedgerEvent.Resumed(),
        ]);

        Assert.Equal(new DeploymentPhase.Abandoned(OfTheRevision), history.Latest!.Phase);
        Assert.True(history.Quarantine.ContainsKey(A.Revision()));
        Assert.Null(history.Suspension);
        Assert.Equal([new DeploymentId(2)], history.Untold);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void Read_DeploymentFailed_QuarantinesAndTellsUnlessTheWorldIsAtFault(object failure, bool isSetAside)
    {
        var cause = (Failure)failure;
        var history = A.History([.. A.Begun(), new LedgerEvent.DeploymentFailed(cause)]);

        Assert.Equal(isSetAside, history.Quarantine.ContainsKey(A.Revision()));
        Assert.Equal(isSetAside, !history.Untold.IsEmpty);
        Assert.Equal(new DeploymentPhase.Failed(cause), history.Latest!.Phase);
    }

    public static TheoryData<object, bool> Faults() => new()
    {
        { OfTheRevision, true },
        { OfTheHost, true },
        { OfTheWorld, false },
        { new Failure.GaveWay(A.Revision("r2"), []), false },
    };

    [Fact]
    public void Read_GaveWay_IsNotQuarantined()
    {
        var cause = new Failure.GaveWay(A.Revision("r2"), []);
        var history = A.History([.. A.Tried(), new LedgerEvent.RollbackBegan(cause, JournalExcerpt.None), new LedgerEvent.RolledBack()]);

        Assert.Empty(history.Quarantine);
        Assert.Equal([new DeploymentId(2)], history.Untold);
    }

    [Fact]
    public void Read_Superseded_IsNeitherQuarantinedNorTold()
    {
        var history = A.History([.. A.Begun(), new LedgerEvent.DeploymentSuperseded(A.Revision("r2"))]);

        Assert.Equal(new DeploymentPhase.Superseded(A.Revision("r2")), history.Latest!.Phase);
        Assert.Empty(history.Quarantine);
        Assert.Empty(history.Untold);
    }

    // --- postponements

    [Fact]
    public void Read_Postponed_CountsInARow()
    {
        var history = A.History([.. A.Begun(), Postponed(1), Postponed(2), Postponed(3)]);

        Assert.Equal(new Postponement(OfTheWorld, 3, A.Start.AddHours(3)), history.Latest!.Postponed);
    }

    [Fact]
    public void Read_AttemptWorked_TheNextCountBeginsAnew()
    {
        var history = A.History([.. A.Begun(), Postponed(1), Postponed(2), new LedgerEvent.BuildSucceeded(New)]);
        Assert.Null(history.Latest!.Postponed);

        Assert.Equal(1, Continue(history, [Postponed(3)]).Latest!.Postponed!.Attempts);
    }

    [Fact]
    public void Read_PostponedDuringActivation_TheTrialHasNotBegun()
    {
        var history = A.History([.. A.Tried()[..^1], new LedgerEvent.ActivationEnded(new ActivationOutcome.LockHeld()), Postponed(1)]);

        Assert.IsType<DeploymentPhase.Planned>(history.Latest!.Phase);
        Assert.Null(history.Latest.Trial);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Read_PostponedWhileConfirmingOrRollingBack_ThePhaseStays(bool isConfirming)
    {
        LedgerEvent phase = isConfirming ? new LedgerEvent.ConfirmBegan([]) : new LedgerEvent.RollbackBegan(OfTheRevision, JournalExcerpt.None);
        var deployment = A.History([.. A.Tried(), phase, Postponed(1)]).Latest!;

        Assert.Equal(isConfirming, deployment.Phase is DeploymentPhase.Confirming);
        Assert.NotNull(deployment.Trial);
        Assert.Equal(1, deployment.Postponed!.Attempts);
    }

    [Fact]
    public void Read_RollbackBegins_ItsAttemptsAreCountedFromOne()
    {
        var history = A.History([.. A.Tried(), new LedgerEvent.ConfirmBegan([]), Postponed(1), Postponed(2), new LedgerEvent.RollbackBegan(OfTheHost, JournalExcerpt.None)]);

        Assert.Null(history.Latest!.Postponed);
    }

    // --- trials

    [Fact]
    public void Read_TrialBegunAgain_CountsAndKeepsTheFirstBaseline()
    {
        var history = A.History(
        [
            .. A.Begun(), new LedgerEvent.BuildSucceeded(New), new LedgerEvent.PlanRecorded(new SystemPlan()),
            new LedgerEvent.TrialBegan(A.Start.AddMinutes(20), "boot-1", ["a.service"], ["web"]),
            new LedgerEvent.TrialBegan(A.Start.AddMinutes(30), "boot-2", ["b.service"], []),
        ]);
        var trial = history.Latest!.Trial!;

        Assert.Equal((2, "boot-2", A.Start.AddMinutes(30)), (trial.Attempts, trial.BootId, trial.Deadline));
        Assert.Equal("a.service", Assert.Single(trial.FailedUnitsBefore));
        Assert.Equal("web", Assert.Single(trial.ChecksFailingBefore));
    }

    [Fact]
    public void Read_ActivationEnded_TheGateCountsFromThere() =>
        Assert.Equal(new DeploymentPhase.OnTrial(new ActivationOutcome.Succeeded(), A.Start.AddMinutes(5)), A.History(A.Tried()).Latest!.Phase);

    [Fact]
    public void Read_TrialRefused_NamesTheOperator()
    {
        var entries = A.Entries([.. A.Tried(), new LedgerEvent.TrialRefused()]);
        var history = HostHistory.Read([.. entries[..^1], entries[^1] with { Actor = Actor.Operator("alice") }]);

        Assert.Equal(new Failure.RefusedByOperator("alice"), history.Latest!.Refused);
        Assert.Equal("refused by alice", history.Latest.Timeline[^1].Event);
    }

    [Fact]
    public void Read_OnceConfirmingBegan_TheBootEntryMayHaveMovedForGood()
    {
        LedgerEvent[] confirming = [.. A.Tried(), new LedgerEvent.ConfirmBegan([])];

        Assert.False(A.History(A.Tried()).Latest!.BootMayHaveMoved);
        Assert.True(A.History(confirming).Latest!.BootMayHaveMoved);
        Assert.True(A.History([.. confirming, new LedgerEvent.TrialBegan(A.Start, "boot-2", [], [])]).Latest!.BootMayHaveMoved);
    }

    // --- facts that cannot follow

    [Theory]
    [MemberData(nameof(OutOfOrder))]
    public void Then_FactThatCannotFollow_IsRefused(object before, object fact) =>
        Assert.Throws<InvalidLedgerException>(() => A.History([.. (LedgerEvent[])before, (LedgerEvent)fact]));

    public static TheoryData<object, object> OutOfOrder()
    {
        LedgerEvent[] settled = [.. A.Begun(), new LedgerEvent.DeploymentFailed(OfTheRevision)];
        return new TheoryData<object, object>
        {
            { Array.Empty<LedgerEvent>(), new LedgerEvent.BuildSucceeded(New) },
            { Array.Empty<LedgerEvent>(), new LedgerEvent.RolledBack() },
            { Array.Empty<LedgerEvent>(), new LedgerEvent.Told(new DeploymentId(1), Pushed: true, null) },
            { A.Begun(), new LedgerEvent.DeploymentBegan(new DeploymentSource.Commit(A.Candidate("r2")), Old) },
            { A.Begun(), new LedgerEvent.ActivationEnded(new ActivationOutcome.Succeeded()) },
            { A.Begun(), new LedgerEvent.TrialRefused() },
            { A.Begun(), new LedgerEvent.RolledBack() },
            { A.Begun(), new LedgerEvent.RollbackFailed("no") },
            { A.Tried(), new LedgerEvent.RolledBack() },
            { settled, new LedgerEvent.BuildSucceeded(New) },
            { settled, new LedgerEvent.AttemptPostponed(OfTheWorld, A.Start) },
            { settled, new LedgerEvent.TrialBegan(A.Start, "boot-1", [], []) },
            { settled, new LedgerEvent.ConfirmBegan([]) },
            { settled, new LedgerEvent.Confirmed(New, 7, WasActivated: true) },
            { settled, new LedgerEvent.Accepted([]) },
            { settled, new LedgerEvent.RollbackBegan(OfTheRevision, JournalExcerpt.None) },
            { settled, new LedgerEvent.RolledBack() },
            { settled, new LedgerEvent.RollbackFailed("no") },
            { settled, new LedgerEvent.DeploymentFailed(OfTheRevision) },
            { settled, new LedgerEvent.DeploymentSuperseded(A.Revision("r2")) },
        };
    }

    [Fact]
    public void Then_FactThatCannotFollow_IsNamedWithItsPlace()
    {
        var refused = Assert.Throws<InvalidLedgerException>(() => A.History([.. A.Begun(), new LedgerEvent.RolledBack()]));

        Assert.Equal("Entry 3 (RolledBack) cannot follow a deployment that is Selected.", refused.Message);
    }

    // --- operators

    [Fact]
    public void Read_SuspendedAndResumed_NoSuspensionIsLeft()
    {
        Assert.Equal(new Suspension(A.Start, Actor.Daemon, "holiday"), A.History(new LedgerEvent.Suspended("holiday")).Suspension);
        Assert.Null(A.History(new LedgerEvent.Suspended("holiday"), new LedgerEvent.Resumed()).Suspension);
    }

    [Fact]
    public void Read_PinnedAndUnpinned_NoPinIsLeft()
    {
        Assert.Equal(A.Revision(), A.History(new LedgerEvent.Pinned(A.Revision())).Pin);
        Assert.Null(A.History(new LedgerEvent.Pinned(A.Revision()), new LedgerEvent.Unpinned()).Pin);
    }

    [Fact]
    public void Read_QuarantineReleased_ThatRevisionIsFree()
    {
        var history = A.History([.. A.Begun(), new LedgerEvent.DeploymentFailed(OfTheRevision), new LedgerEvent.QuarantineReleased(A.Revision())]);

        Assert.Empty(history.Quarantine);
    }

    [Fact]
    public void Read_FailedAgainAfterRelease_IsQuarantinedByTheLaterDeployment()
    {
        var history = A.History(
        [
            .. A.Begun(), new LedgerEvent.DeploymentFailed(OfTheRevision), new LedgerEvent.QuarantineReleased(A.Revision()),
            .. A.Begun()[1..], new LedgerEvent.DeploymentFailed(OfTheHost),
        ]);

        Assert.Equal((new DeploymentId(5), OfTheHost), (history.Quarantine[A.Revision()].Deployment, history.Quarantine[A.Revision()].Cause));
    }

    [Fact]
    public void Read_OperatorReturnsToAGeneration_TheRevisionThatIsLeftIsHeld()
    {
        var history = Continue(Confirmed(), [new LedgerEvent.DeploymentBegan(new DeploymentSource.Generation(6, Old, A.Revision()), New)]);

        Assert.Equal(new Quarantined(A.Revision(), history.Latest!.Id, history.Latest.Began, Cause: null), history.Quarantine[A.Revision()]);
        Assert.IsType<DeploymentPhase.Built>(history.Latest.Phase);
        Assert.Equal(Old, history.Latest.Toplevel);
    }

    [Fact]
    public void Read_GenerationConfirmed_SelectionStillGoesForwardFromTheLastCommit()
    {
        var history = Continue(
            Confirmed(),
            [
                new LedgerEvent.DeploymentBegan(new DeploymentSource.Generation(6, Old, A.Revision()), New), new LedgerEvent.PlanRecorded(new SystemPlan()),
                new LedgerEvent.TrialBegan(A.Start, "boot-1", [], []), new LedgerEvent.ActivationEnded(new ActivationOutcome.Succeeded()),
                new LedgerEvent.ConfirmBegan([]), new LedgerEvent.Confirmed(Old, 6, WasActivated: true),
            ]);

        Assert.Equal((A.Revision(), Old), (history.MainConfirmed!.Value, history.GoodSystem!.Value));
    }

    [Fact]
    public void Read_RewindAllowed_HoldsUntilThatRevisionIsConfirmed()
    {
        LedgerEvent[] allowed = [new LedgerEvent.RewindAllowed(A.Revision()), new LedgerEvent.RewindAllowed(A.Revision("r2")), .. A.Tried()];

        Assert.Equal(2, A.History(allowed).AllowedRewinds.Count);
        Assert.Equal([A.Revision("r2")], A.History([.. allowed, new LedgerEvent.Confirmed(New, 7, WasActivated: true)]).AllowedRewinds);
    }

    // --- telling and drift

    [Fact]
    public void Read_ToldOfAnEarlierDeployment_OnlyThatOneIsTold()
    {
        var history = Continue(
            Confirmed(),
            [.. A.Begun("r2")[1..], new LedgerEvent.DeploymentFailed(OfTheRevision), new LedgerEvent.Told(new DeploymentId(2), Pushed: true, null)]);

        Assert.True(history.Deployments[2].IsTold);
        Assert.True(history.LastConfirmed!.IsTold);
        Assert.False(history.Latest!.IsTold);
        Assert.Equal([history.Latest.Id], history.Untold);
    }

    [Fact]
    public void Read_DriftFoundAndEnded_IsKnownInBetween()
    {
        LedgerEvent found = new LedgerEvent.DriftFound(New, Old);

        Assert.Equal(Old, Continue(Confirmed(), [found]).Drift);
        Assert.Equal(Old, Continue(Confirmed(), [found, new LedgerEvent.DriftRepairBegan(New)]).Drift);
        Assert.Null(Continue(Confirmed(), [found, new LedgerEvent.DriftEnded(New)]).Drift);
    }

    [Fact]
    public void Read_ConfirmedWhileDrifted_TheDriftIsOver()
    {
        var history = Continue(Confirmed(), [new LedgerEvent.DriftFound(New, Old), .. Trial("r2", "newer", BranchKind.Main, Old), new LedgerEvent.Confirmed(A.Toplevel("newer"), 8, true)]);

        Assert.Null(history.Drift);
    }

    private static HostHistory Confirmed() => A.History([.. A.Tried(), new LedgerEvent.ConfirmBegan([]), new LedgerEvent.Confirmed(New, 7, WasActivated: true)]);

    private static LedgerEvent[] Trial(string revision, string toplevel, BranchKind branch, Toplevel rollBackTo) =>
    [
        new LedgerEvent.DeploymentBegan(new DeploymentSource.Commit(A.Candidate(revision, branch)), rollBackTo),
        new LedgerEvent.BuildSucceeded(A.Toplevel(toplevel)), new LedgerEvent.PlanRecorded(new SystemPlan()),
        new LedgerEvent.TrialBegan(A.Start, "boot-1", [], []), new LedgerEvent.ActivationEnded(new ActivationOutcome.Succeeded()),
    ];

    private static HostHistory Continue(HostHistory history, LedgerEvent[] facts) =>
        facts.Aggregate(history, (h, fact) => h.Then(new LedgerEntry(h.Position + 1, A.Start.AddMinutes(h.Position), Actor.Daemon, fact)));

    private static LedgerEvent.AttemptPostponed Postponed(int hours) => new(OfTheWorld, A.Start.AddHours(hours));
}
