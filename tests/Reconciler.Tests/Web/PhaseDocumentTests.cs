using Reconciler.History;
using Reconciler.Model;
using Reconciler.Tests.Making;
using Reconciler.Tests.Web.Site;
using Reconciler.Web.Pages;
using Reconciler.Wire;
using Xunit;

namespace Reconciler.Tests.Web;

public sealed class PhaseDocumentTests
{
    [Fact]
    public void Phases_AreThoseOfTheTimeline()
    {
        var phases = PhaseDocument.Of(new Tale().Confirmed(building: 60, trial: 45).History.Latest!);

        Assert.Equal(["building", "checking", "waiting", "activating", "onTrial", "confirming"], phases.Select(phase => phase.Phase));
        Assert.Equal(60, phases[0].LengthAt(default).TotalSeconds, 0.1);
        Assert.Equal(45, phases[4].LengthAt(default).TotalSeconds, 0.1);
        Assert.All(phases, phase => Assert.NotNull(phase.Ended));
    }

    [Fact]
    public void LastPhase_HasNoEnd_WhileTheDeploymentGoesOn()
    {
        var tale = new Tale().Begin().Plan().Try();

        var last = PhaseDocument.Of(tale.History.Latest!)[^1];

        Assert.Equal(("onTrial", null), (last.Phase, last.Ended));
        Assert.Equal(TimeSpan.FromMinutes(2), last.LengthAt(tale.Now.AddMinutes(2)));
    }

    [Fact]
    public void Postponement_IsAWait_AndStaysOne()
    {
        var tale = new Tale().Begin();
        tale.Add(new LedgerEvent.AttemptPostponed(new Failure.CheckoutFailed("x"), tale.Now), 5).Add(new LedgerEvent.AttemptPostponed(new Failure.CheckoutFailed("x"), tale.Now), 60);

        Assert.Equal(["building", "waiting"], PhaseDocument.Of(tale.History.Latest!).Select(phase => phase.Phase));
    }

    [Fact]
    public void Rollback_ThatFails_IsStuck_UntilAnOperatorTakesOver()
    {
        var tale = new Tale().Begin().Plan().Try().Add(new LedgerEvent.RollbackBegan(new Failure.Unhealthy([Tale.Failing]), JournalExcerpt.None), 60).Add(new LedgerEvent.RollbackFailed("x"), 9);
        Assert.Equal(("stuck", null), (PhaseDocument.Of(tale.History.Latest!)[^1].Phase, PhaseDocument.Of(tale.History.Latest!)[^1].Ended));

        tale.Add(new LedgerEvent.Resumed(), 600, Actor.Operator("ada"));

        Assert.Equal(TimeSpan.FromMinutes(10), PhaseDocument.Of(tale.History.Latest!)[^1].LengthAt(default));
    }

    [Fact]
    public void Boot_OnTrial_LeavesNoGap()
    {
        var tale = new Tale().Begin().Plan()
            .Add(new LedgerEvent.RebootStaged(["kernel"]), 5).Add(new LedgerEvent.RebootRequested("boot-1", [], []), 600)
            .Add(new LedgerEvent.TrialBooted(A.Start.AddYears(1), "boot-2"), 40);

        var phases = PhaseDocument.Of(tale.History.Latest!);

        Assert.Equal(["building", "checking", "waiting", "activating", "onTrial"], phases.Select(phase => phase.Phase));
        Assert.Equal(phases.Skip(1).Select(phase => (DateTimeOffset?)phase.Began), phases.SkipLast(1).Select(phase => phase.Ended));
    }

    [Fact]
    public void PutBackUnattended_IsARollback()
    {
        var tale = new Tale().Begin().Plan().Try().Add(new LedgerEvent.PutBackUnattended(new UnattendedPutBack(A.Start, "exit 0")), 900);

        Assert.Equal("rollingBack", PhaseDocument.Of(tale.History.Latest!)[^1].Phase);
    }

    [Fact]
    public void EveryPhase_HasAWord() => Assert.All(PhaseWords.All, phase => Assert.NotEmpty(PhaseWords.Word(phase)));

    [Fact]
    public void ReturnToAGeneration_BuildsNothing()
    {
        var tale = new Tale().Confirmed();
        tale.Add(new LedgerEvent.DeploymentBegan(new DeploymentSource.Generation(40, A.Toplevel("old"), null), A.Toplevel("new")), 5);

        Assert.Equal(["checking"], PhaseDocument.Of(tale.History.Latest!).Select(phase => phase.Phase));
    }
}
