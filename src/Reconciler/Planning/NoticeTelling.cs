using System.Collections.Immutable;
using Reconciler.History;
using Reconciler.Model;
using static Reconciler.Model.ForgeMessage;

namespace Reconciler.Planning;

/// <summary>What people are given word of, after each fact.</summary>
internal static class NoticeTelling
{
    /// <summary>What a fact gives to tell; nothing for most.</summary>
    /// <param name="before">The history before it.</param>
    /// <param name="after">The history with it.</param>
    /// <param name="fact">The fact.</param>
    /// <param name="channels">Who wants to hear of what.</param>
    public static ImmutableArray<ForgeMessage> Of(HostHistory before, HostHistory after, LedgerEvent fact, ImmutableArray<NoticeChannel> channels)
    {
        if (channels.IsEmpty || after.Latest is not { } deployment || Word(before, deployment, fact) is not var (kind, headline, cure))
        {
            return [];
        }

        return To(channels, kind, channel => new Notice(channel, kind, deployment.Id, deployment.Revision, headline, cure));
    }

    /// <summary>What a reason that has held for long gives to tell; nothing for those that end by themselves, or were told of when they began.</summary>
    /// <param name="reason">Why nothing moves.</param>
    /// <param name="channels">Who wants to hear of it.</param>
    public static ImmutableArray<ForgeMessage> Of(HoldReason reason, ImmutableArray<NoticeChannel> channels) => IsWorthATelling(reason)
        ? To(channels, NoticeKind.Held, channel => new Notice(channel, NoticeKind.Held, null, null, HoldText.Headline(reason), HoldText.Cure(reason)))
        : [];

    /// <summary>Whether a person may have to see to it when it holds for long.</summary>
    public static bool IsWorthATelling(HoldReason reason) => reason is HoldReason.RepositoryUnreachable or HoldReason.BranchMissing or HoldReason.BranchWentBack
        or HoldReason.Unsigned or HoldReason.SignaturesUnknown or HoldReason.Suspended or HoldReason.BackingOff or HoldReason.Drifted
        or HoldReason.TestingEndedByBoots or HoldReason.NoSystemToReturnTo;

    private static ImmutableArray<ForgeMessage> To(ImmutableArray<NoticeChannel> channels, NoticeKind kind, Func<string, Notice> notice) =>
        [.. channels.Where(channel => channel.Kinds.Contains(kind)).Select(channel => notice(channel.Name))];

    private static (NoticeKind Kind, string Headline, string Cure)? Word(HostHistory before, Deployment deployment, LedgerEvent fact) => (fact, deployment.Phase) switch
    {
        (LedgerEvent.RolledBack, DeploymentPhase.RolledBack { Cause: var cause }) =>
            (NoticeKind.RolledBack, $"{Named(deployment)} was rolled back: {FailureText.Headline(cause)}", FailureText.Cure(cause)),
        (LedgerEvent.RollbackFailed e, _) => (
            NoticeKind.NeedsOperator,
            $"the rollback of {Named(deployment)} failed, and the host needs a person: {e.Detail}",
            $"Put the host right by hand ({deployment.RollBackTo}/bin/switch-to-configuration test), then `reconciler resume`."),
        (LedgerEvent.DeploymentFailed { Cause: var cause }, _) =>
            (NoticeKind.Failed, $"{Named(deployment)} was not deployed: {FailureText.Headline(cause)}", FailureText.Cure(cause)),
        (LedgerEvent.Confirmed e, _) when CameAfterTrouble(before, deployment) =>
            (NoticeKind.Recovered, $"{Named(deployment)} is confirmed as generation {e.Generation}; all is well again", ""),
        _ => null,
    };

    private static bool CameAfterTrouble(HostHistory before, Deployment deployment) =>
        before.Deployments.Values.Reverse().FirstOrDefault(earlier => earlier.Id != deployment.Id && earlier.Phase is not DeploymentPhase.Superseded)
            is { Phase: DeploymentPhase.RolledBack or DeploymentPhase.Failed or DeploymentPhase.Abandoned };

    private static string Named(Deployment deployment) => deployment.Revision?.Short is { } commit ? $"commit {commit}" : "the generation asked for";
}
