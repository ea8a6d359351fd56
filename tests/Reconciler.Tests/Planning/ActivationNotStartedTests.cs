using Reconciler.History;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Tests.Making;
using Xunit;

namespace Reconciler.Tests.Planning;

/// <summary>An activation that did nothing blames nobody's commit: it is tried again later.</summary>
public sealed class ActivationNotStartedTests
{
    private static readonly ActivationOutcome NotStarted = new ActivationOutcome.NotStarted("Failed to connect to bus");

    [Fact]
    public void OnTrial_NotStarted_IsPostponedAsTheWorldsFault()
    {
        var view = A.HostView(A.Trial(d => d with { Phase = new DeploymentPhase.OnTrial(NotStarted, A.Start) }));

        var step = Assert.IsType<HostStep.Postpone>(HostPlanner.Decide(view));

        Assert.Equal(new Failure.HostToolFailed("systemd-run", "Failed to connect to bus"), step.Cause);
        Assert.Equal(Fault.World, step.Cause.Fault);
        Assert.True(step.Until > view.Now);
    }

    [Fact]
    public void Postponed_AfterNotStarted_WaitsWhereItWasAndIsTriedAgain()
    {
        var cause = new Failure.HostToolFailed("systemd-run", "no bus");
        var history = A.History([.. A.Tried()[..^1], new LedgerEvent.ActivationEnded(NotStarted), new LedgerEvent.AttemptPostponed(cause, A.Start.AddMinutes(30))]);
        var view = A.HostView(v => v with { History = history, Now = A.Start.AddMinutes(10) });

        Assert.IsType<DeploymentPhase.Planned>(history.Latest!.Phase);
        Assert.IsType<HoldReason.BackingOff>(Assert.IsType<HostStep.Hold>(HostPlanner.Decide(view)).Reason);
        Assert.IsType<HostStep.Try>(HostPlanner.Decide(view with { Now = A.Start.AddMinutes(31) }));
    }
}
