using System.Diagnostics;
using Reconciler.Model;

namespace Reconciler.Wire;

/// <summary>The words for deployments.</summary>
internal static class DeploymentText
{
    /// <summary>Where its system comes from, short.</summary>
    public static string Source(Deployment deployment) => deployment.Source switch
    {
        DeploymentSource.Commit s => s.Candidate.Revision.Short,
        DeploymentSource.Generation s => $"generation {s.Number}",
        _ => throw new UnreachableException(),
    };

    /// <summary>How far it has come or how it ended, in one line.</summary>
    public static string Headline(Deployment deployment) => deployment.Phase switch
    {
        _ when deployment is { Phase.IsSettled: false, Postponed: { } wait } => $"postponed: {FailureText.Headline(wait.Cause)}",
        DeploymentPhase.Selected => "selected",
        DeploymentPhase.Built => "built",
        DeploymentPhase.Planned => "ready to be activated",
        DeploymentPhase.AwaitingReboot => deployment.Staged is { Reasons: { IsEmpty: false } reasons }
            ? $"staged for one boot, and waits for the reboot ({string.Join(", ", reasons)})"
            : "staged for one boot, and waits for the reboot",
        DeploymentPhase.Rebooting => "being rebooted into on trial",
        DeploymentPhase.OnTrial { Activation: null } => "being activated on trial",
        DeploymentPhase.OnTrial => "on trial",
        DeploymentPhase.Confirming => "being confirmed",
        DeploymentPhase.Confirmed { WasActivated: false } => $"confirmed as generation {deployment.Generation}, nothing to activate",
        DeploymentPhase.Confirmed => $"confirmed as generation {deployment.Generation}",
        DeploymentPhase.Accepted => "accepted for testing, until the next boot",
        DeploymentPhase.RollingBack p => $"being rolled back: {FailureText.Headline(p.Cause)}",
        DeploymentPhase.RolledBack p => $"rolled back: {FailureText.Headline(p.Cause)}",
        DeploymentPhase.Failed p => $"failed: {FailureText.Headline(p.Cause)}",
        DeploymentPhase.Superseded p => $"superseded by {p.By.Short}",
        DeploymentPhase.NeedsOperator p => $"needs an operator: the rollback failed: {p.Detail}",
        DeploymentPhase.Abandoned => "taken over by an operator after a failed rollback",
        _ => throw new UnreachableException(),
    };

    /// <summary>The stable word of its phase on the wire.</summary>
    public static string Word(DeploymentPhase phase) => phase switch
    {
        DeploymentPhase.Selected => "selected",
        DeploymentPhase.Built => "built",
        DeploymentPhase.Planned => "planned",
        DeploymentPhase.AwaitingReboot => "awaitingReboot",
        DeploymentPhase.Rebooting => "rebooting",
        DeploymentPhase.OnTrial => "onTrial",
        DeploymentPhase.Confirming => "confirming",
        DeploymentPhase.Confirmed => "confirmed",
        DeploymentPhase.Accepted => "accepted",
        DeploymentPhase.RollingBack => "rollingBack",
        DeploymentPhase.RolledBack => "rolledBack",
        DeploymentPhase.Failed => "failed",
        DeploymentPhase.Superseded => "superseded",
        DeploymentPhase.NeedsOperator => "needsOperator",
        DeploymentPhase.Abandoned => "abandoned",
        _ => throw new UnreachableException(),
    };

    /// <summary>Why it failed; null when it did not.</summary>
    public static Failure? Failure(Deployment deployment) => deployment.Phase switch
    {
        DeploymentPhase.RollingBack p => p.Cause,
        DeploymentPhase.RolledBack p => p.Cause,
        DeploymentPhase.Failed p => p.Cause,
        DeploymentPhase.NeedsOperator p => p.Cause,
        DeploymentPhase.Abandoned p => p.Cause,
        _ => deployment.Postponed?.Cause,
    };

    /// <summary>How an activation ended, in one line.</summary>
    public static string Activation(ActivationOutcome outcome) => outcome switch
    {
        ActivationOutcome.Succeeded => "succeeded",
        ActivationOutcome.UnitsFailed => "the system is active, but units failed",
        ActivationOutcome.ScriptFailed => "the activation script failed",
        ActivationOutcome.Refused => "refused before anything changed",
        ActivationOutcome.NeedsReboot => "needs a reboot",
        ActivationOutcome.LockHeld => "another switch was running",
        ActivationOutcome.NotStarted => "could not be started",
        ActivationOutcome.Broken o => $"ended by {o.HowEnded}",
        _ => throw new UnreachableException(),
    };

    /// <summary>The name of a branch kind on the wire.</summary>
    public static string Word(BranchKind branch) => branch == BranchKind.Testing ? "testing" : "main";
}
