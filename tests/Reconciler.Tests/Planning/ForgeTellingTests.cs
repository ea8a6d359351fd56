using System.Collections.Immutable;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Tests.Making;
using Xunit;

namespace Reconciler.Tests.Planning;

// What each fact gives to tell stands in the golden texts of the scenarios, and what must never be told in the simulation.
public sealed class ForgeTellingTests
{
    private static readonly Revision Wanted = A.Revision("w");
    private static readonly Revision Running = A.Revision("r");
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Of_AHoldThatTimeOrAnOperatorEnds_IsPending()
    {
        AssertHeld(CommitState.Pending, new HoldReason.OutsideMaintenanceWindow(Wanted, Noon));
        AssertHeld(CommitState.Pending, new HoldReason.Suspended(Noon, Actor.Operator("ada"), "holiday"));
        AssertHeld(CommitState.Pending, new HoldReason.SignaturesUnknown(Wanted, "the keyring is gone", Noon));
    }

    [Fact]
    public void Of_AHoldThatIsTheCommitsFault_IsAFailure()
    {
        AssertHeld(CommitState.Failure, new HoldReason.Unsigned(Wanted, Wanted, "no signature"));
        AssertHeld(CommitState.Failure, new HoldReason.TestingEndedByBoots(Wanted, 2));
    }

    [Fact]
    public void Of_ABranchThatWentBack_IsAnErrorOfItsTip() =>
        AssertHeld(CommitState.Error, new HoldReason.BranchWentBack("origin", Running, Wanted, Lineage.Behind));

    [Fact]
    public void Of_ARevisionLeftByAnOperator_IsAnError_AndOneThatFailedWasToldAlready()
    {
        AssertHeld(CommitState.Error, new HoldReason.Quarantined(Wanted, Cause: null, new DeploymentId(3)));

        Assert.Null(ForgeTelling.Of(new HoldReason.Quarantined(Wanted, new Failure.BuildFailed("no"), new DeploymentId(3)), Wanted, Running));
    }

    [Fact]
    public void Of_SuspendedWhileNothingNewIsWanted_IsNothing()
    {
        var suspended = new HoldReason.Suspended(Noon, Actor.Operator("ada"), "");

        Assert.Null(ForgeTelling.Of(suspended, Running, Running));
        Assert.Null(ForgeTelling.Of(suspended, wanted: null, Running));
    }

    [Fact]
    public void Of_AnyReason_SaysItInTheWordsOfTheStatus()
    {
        foreach (var reason in EveryCase.Of<HoldReason>())
        {
            if (ForgeTelling.Of(reason, Wanted, Running) is { } message)
            {
                var status = Assert.IsType<ForgeMessage.CommitStatus>(message);
                Assert.Equal($"held: {HoldText.Headline(reason)}", status.Description);
                Assert.Equal(StatusKind.Deployment, status.Kind);
            }
        }
    }

    private static void AssertHeld(CommitState state, HoldReason reason)
    {
        var status = Assert.IsType<ForgeMessage.CommitStatus>(ForgeTelling.Of(reason, Wanted, Running));
        Assert.Equal((state, Wanted, (Uri?)null), (status.State, status.Commit, status.Link));
    }
}
