using System.Collections.Immutable;
using System.Globalization;
using Reconciler.History;
using Reconciler.Model;
using static Reconciler.Model.ForgeMessage;

namespace Reconciler.Planning;

/// <summary>What a forge is told of each fact, and of each reason why nothing moves.</summary>
internal static class ForgeTelling
{
    /// <summary>What a fact gives to tell; nothing for most.</summary>
    /// <param name="before">The history before it.</param>
    /// <param name="after">The history with it.</param>
    /// <param name="fact">The fact.</param>
    public static ImmutableArray<ForgeMessage> Of(HostHistory before, HostHistory after, LedgerEvent fact) => fact switch
    {
        LedgerEvent.QuarantineReleased e => [Status(e.Revision, CommitState.Pending, "released by an operator; it is tried again")],
        LedgerEvent.Told e => Explained(after, after.Deployments[e.Deployment.Position]),
        LedgerEvent.Resumed when before.Latest is { Phase: DeploymentPhase.NeedsOperator } => OfLatest(before, after, fact),
        LedgerEvent.Resumed => [],
        _ => ReferenceEquals(before.Latest, after.Latest) ? [] : OfLatest(before, after, fact),
    };

    /// <summary>What a reason to hold gives to tell: the state of the commit that waits for it. Nothing when a fact told it already.</summary>
    /// <param name="reason">Why nothing moves.</param>
    /// <param name="wanted">The revision that is wanted; null when none is.</param>
    /// <param name="applied">The revision that runs; null when unknown.</param>
    public static ForgeMessage? Of(HoldReason reason, Revision? wanted, Revision? applied) => reason switch
    {
        HoldReason.OutsideMaintenanceWindow { Revision: { } revision } => Held(revision, CommitState.Pending, reason),
        HoldReason.OutsideRebootWindow { Revision: { } revision } => Held(revision, CommitState.Pending, reason),
        HoldReason.RebootInhibited { Revision: { } revision } => Held(revision, CommitState.Pending, reason),
        HoldReason.UsersLoggedIn { Revision: { } revision } => Held(revision, CommitState.Pending, reason),
        HoldReason.Suspended when wanted is { } revision && revision != applied => Held(revision, CommitState.Pending, reason),
        HoldReason.SignaturesUnknown r => Held(r.Wanted, CommitState.Pending, reason),
        HoldReason.Unsigned r => Held(r.Wanted, CommitState.Failure, reason),
        HoldReason.BranchWentBack r => Held(r.Tip, CommitState.Error, reason),
        HoldReason.TestingEndedByBoots r => Held(r.Revision, CommitState.Failure, reason),
        HoldReason.Quarantined { Cause: null } r => Held(r.Revision, CommitState.Error, reason),
        _ => null,
    };

    /// <summary>The status of a commit whose deployment was rolled back.</summary>
    /// <param name="deployment">A rolled-back deployment of a commit.</param>
    /// <param name="link">Its pull request; null before it is there.</param>
    public static CommitStatus? RolledBack(Deployment deployment, Uri? link) =>
        deployment is { Phase: DeploymentPhase.RolledBack { Cause: var cause }, Revision: { } revision }
            ? new CommitStatus(revision, StatusKind.Deployment, StateOf(cause), $"rolled back: {FailureText.Headline(cause)}", link)
            : null;

    private static ImmutableArray<ForgeMessage> OfLatest(HostHistory before, HostHistory after, LedgerEvent fact)
    {
        if (after.Latest is not { Revision: { } revision } deployment)
        {
            return [];
        }

        var told = (fact, deployment.Phase) switch
        {
            (LedgerEvent.DeploymentBegan, _) => Both(CommitState.Pending, "building", DeploymentState.Queued),
            (LedgerEvent.BuildSucceeded, _) => [Progress(DeploymentState.InProgress, "built; looking what it would change")],
            (LedgerEvent.TrialBegan, _) => Both(CommitState.Pending, "on trial: its health checks decide", DeploymentState.InProgress),
            (LedgerEvent.RebootStaged, _) => Both(CommitState.Pending, "staged for one boot: a reboot decides", DeploymentState.InProgress),
            (LedgerEvent.RebootRequested, _) => Both(CommitState.Pending, "rebooting into it on trial", DeploymentState.InProgress),
            (LedgerEvent.TrialBooted, _) => Both(CommitState.Pending, "booted on trial: its health checks decide", DeploymentState.InProgress),
            (LedgerEvent.AttemptPostponed e, DeploymentPhase.Selected or DeploymentPhase.Built or DeploymentPhase.Planned or DeploymentPhase.AwaitingReboot) =>
                [Status(revision, CommitState.Pending, $"waiting: {FailureText.Headline(e.Cause)}; tried again at {Time(e.Until)}")],
            (LedgerEvent.Confirmed { WasActivated: true } e, _) => Both(
                CommitState.Success, $"generation {e.Generation}, confirmed in {Seconds(deployment.Changed - deployment.Began)}", DeploymentState.Success),
            (LedgerEvent.Confirmed e, _) => Both(CommitState.Success, $"changes nothing here; generation {e.Generation} runs on", DeploymentState.Success),
            (LedgerEvent.Accepted, _) => Both(CommitState.Success, "passed its trial; the next boot lands on the last confirmed system", DeploymentState.Success),
            (LedgerEvent.RollbackBegan e, _) => Both(StateOf(e.Cause), $"rolling back: {FailureText.Headline(e.Cause)}", DeploymentState.InProgress),
            (LedgerEvent.RolledBack, DeploymentPhase.RolledBack back) =>
                [RolledBack(deployment, link: null)!, Progress(DeploymentState.Failure, $"rolled back: {FailureText.Headline(back.Cause)}")],
            (LedgerEvent.RollbackFailed e, _) => Both(CommitState.Error, $"NEEDS OPERATOR: the rollback failed: {e.Detail}", DeploymentState.Error),
            (LedgerEvent.DeploymentFailed e, _) => Both(
                StateOf(e.Cause), FailureText.Headline(e.Cause), e.Cause.Fault == Fault.Revision ? DeploymentState.Failure : DeploymentState.Error),
            (LedgerEvent.DeploymentSuperseded e, _) => Both(CommitState.Error, $"not deployed: {e.By.Short} took its place", DeploymentState.Inactive),
            (LedgerEvent.Resumed, DeploymentPhase.Abandoned) => Both(CommitState.Error, "left to an operator after a failed rollback", DeploymentState.Error),
            _ => ImmutableArray<ForgeMessage>.Empty,
        };
        return fact is LedgerEvent.Confirmed ? [.. told, .. Overtaken(before, revision)] : told;

        ImmutableArray<ForgeMessage> Both(CommitState state, string description, DeploymentState progress) =>
            [Status(revision, state, description), Progress(progress, description)];

        DeploymentProgress Progress(DeploymentState state, string description) => new(deployment.Id, revision, state, description);
    }

    // Telling waits for deployments: a newer commit may work by now, and then nobody needs a pull request any more.
    private static ImmutableArray<ForgeMessage> Explained(HostHistory after, Deployment told) =>
        told is { Phase: DeploymentPhase.RolledBack { Cause.Fault: Fault.Revision }, Revision: { } bad }
        && !after.Deployments.Values.Any(since => since.Id.Position > told.Id.Position && IsConfirmedCommit(since))
            ? [new RollbackExplained(told.Id, bad)]
            : [];

    // The bad ones since the last good one; those before it were told then.
    private static IEnumerable<ForgeMessage> Overtaken(HostHistory before, Revision by) =>
        before.Deployments.Values.Reverse()
            .TakeWhile(deployment => !IsConfirmedCommit(deployment))
            .Where(deployment => deployment.Phase is DeploymentPhase.RolledBack { Cause.Fault: Fault.Revision })
            .Select(deployment => deployment.Revision)
            .OfType<Revision>()
            .Distinct()
            .Select(bad => new RollbackOvertaken(bad, by));

    private static bool IsConfirmedCommit(Deployment deployment) => deployment is { Phase: DeploymentPhase.Confirmed, Revision: not null };

    private static CommitStatus Held(Revision revision, CommitState state, HoldReason reason) =>
        Status(revision, state, $"held: {HoldText.Headline(reason)}");

    private static CommitStatus Status(Revision revision, CommitState state, string description) =>
        new(revision, StatusKind.Deployment, state, description, Link: null);

    private static CommitState StateOf(Failure cause) => cause.Fault == Fault.Revision ? CommitState.Failure : CommitState.Error;

    private static string Seconds(TimeSpan span) => span.TotalMinutes < 2
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, span.TotalSeconds):0} s")
        : string.Create(CultureInfo.InvariantCulture, $"{span.TotalMinutes:0} min");

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
