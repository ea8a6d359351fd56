using System.Collections.Immutable;
using Reconciler.History;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Tests.Making;
using Xunit;

namespace Reconciler.Tests.Planning;

public sealed class NoticeTellingTests
{
    private static readonly NoticeChannel Everything = new("all", [.. Enum.GetValues<NoticeKind>()]);
    private static readonly LedgerEvent RollbackBegan = new LedgerEvent.RollbackBegan(new Failure.Unhealthy([A.ProbeResult(passed: false)]), JournalExcerpt.None);

    [Fact]
    public void RolledBack_IsTold_WithCauseAndCure()
    {
        var notice = Assert.Single(After([.. A.Tried(), RollbackBegan], new LedgerEvent.RolledBack()));

        Assert.Equal((NoticeKind.RolledBack, A.Revision()), (notice.Kind, notice.Commit!.Value));
        Assert.Contains("was rolled back: the check 'web'", notice.Headline, StringComparison.Ordinal);
        Assert.NotEmpty(notice.Cure);
    }

    [Fact]
    public void FailedRollback_CallsForAPerson() =>
        Assert.Equal(NoticeKind.NeedsOperator, Assert.Single(After([.. A.Tried(), RollbackBegan], new LedgerEvent.RollbackFailed("exit 2"))).Kind);

    [Fact]
    public void FailedBuild_IsTold() => Assert.Equal(
        NoticeKind.Failed, Assert.Single(After(A.Begun(), new LedgerEvent.DeploymentFailed(new Failure.EvaluationFailed("error: no")))).Kind);

    [Fact]
    public void Confirmed_IsToldOnlyAfterTrouble()
    {
        LedgerEvent[] good = [.. A.Tried("r2"), new LedgerEvent.ConfirmBegan([])];
        var confirmed = new LedgerEvent.Confirmed(A.Toplevel("new"), 3, true);

        Assert.Empty(After(good, confirmed));
        var notice = Assert.Single(After([.. A.Tried(), RollbackBegan, new LedgerEvent.RolledBack(), .. good[1..]], confirmed));
        Assert.Equal((NoticeKind.Recovered, ""), (notice.Kind, notice.Cure));
    }

    [Fact]
    public void Channels_HearOnlyWhatTheyWant()
    {
        var wants = new NoticeChannel("night", [NoticeKind.NeedsOperator]);

        Assert.Empty(After([.. A.Tried(), RollbackBegan], new LedgerEvent.RolledBack(), wants));
        Assert.Equal(["all", "night"], After([.. A.Tried(), RollbackBegan], new LedgerEvent.RollbackFailed("x"), Everything, wants).Select(notice => notice.Channel));
    }

    [Fact]
    public void EveryHold_IsEitherWorthATellingOrEndsByItself()
    {
        var told = EveryCase.Of<HoldReason>().Where(NoticeTelling.IsWorthATelling).Select(reason => reason.GetType().Name).Distinct().ToHashSet();

        Assert.DoesNotContain(nameof(HoldReason.UpToDate), told);
        Assert.DoesNotContain(nameof(HoldReason.AwaitingHealth), told);
        Assert.Contains(nameof(HoldReason.BranchWentBack), told);
        Assert.Contains(nameof(HoldReason.Suspended), told);
        Assert.All(
            EveryCase.Of<HoldReason>(),
            reason => Assert.Equal(NoticeTelling.IsWorthATelling(reason), !NoticeTelling.Of(reason, [Everything]).IsEmpty));
    }

    private static IEnumerable<ForgeMessage.Notice> After(LedgerEvent[] facts, LedgerEvent fact, params NoticeChannel[] channels) =>
        NoticeTelling.Of(A.History(facts), A.History([.. facts, fact]), fact, channels.Length == 0 ? [Everything] : [.. channels]).Cast<ForgeMessage.Notice>();
}
