using Reconciler.History;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Reconciling;
using Reconciler.Tests.Fakes;
using Reconciler.Tests.Making;
using Xunit;

namespace Reconciler.Tests.Reconciling;

public sealed class HostObserverTests : IDisposable
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;
    private static readonly TimeSpan Believed = TimeSpan.FromMinutes(10);

    private readonly Workplace _work = new(new SignaturePolicy(Required: true, TimeSpan.FromMinutes(5)));

    public HostObserverTests() => _work.Write([.. A.Tried("r0"), new LedgerEvent.ConfirmBegan([]), new LedgerEvent.Confirmed(A.Toplevel("new"), 2, WasActivated: true)]);

    [Fact]
    public async Task Observe_NothingNew_AsksForNothing()
    {
        _work.Wants("r0");
        await ObserveAsync();
        await ObserveAsync();

        Assert.Equal((0, 0, 0), (_work.Commits.Walks, _work.Commits.Verified.Count, _work.Host.Sightings));
    }

    [Fact]
    public async Task Observe_NewTip_WalksHistoryAndChecksSignaturesOnce()
    {
        _work.Wants("r1");
        await ObserveAsync();
        var view = await ObserveAsync();

        Assert.Equal(new Selection.Wanted(A.Candidate("r1")), view.Selection);
        Assert.Equal(new SignatureVerdict.Trusted(), view.Signatures);
        Assert.Equal(1, _work.Commits.Walks);
        Assert.Equal([(A.Revision("r0"), A.Revision("r1"))], _work.Commits.Verified);
    }

    [Fact]
    public async Task Observe_SameTipsInAnotherView_WalkNoHistory()
    {
        _work.Wants("r1");
        await ObserveAsync();
        _work.Wants("r1");
        await ObserveAsync();

        Assert.Equal(1, _work.Commits.Walks);
    }

    [Fact]
    public async Task Observe_StaleTestingBranch_WalksHistoryOnceForAllPolls()
    {
        _work.Commits.Lineage = Lineage.Behind;
        for (var poll = 0; poll < 9; poll++)
        {
            _work.Wants("r0", testing: "stale");
            await ObserveAsync();
            _work.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(1, _work.Commits.Walks);
    }

    [Fact]
    public async Task Observe_MirrorWasDamagedForAMoment_HealsByItselfAfterTenMinutes()
    {
        _work.Commits.Lineage = Lineage.Diverged;
        _work.Wants("r1");
        Assert.IsType<HoldReason.BranchWentBack>(Assert.IsType<Selection.None>((await ObserveAsync()).Selection).Reason);

        _work.Commits.Lineage = Lineage.Ahead;
        _work.Clock.Advance(Believed - TimeSpan.FromSeconds(1));
        Assert.IsType<Selection.None>((await ObserveAsync()).Selection);
        Assert.Equal(1, _work.Commits.Walks);

        _work.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.IsType<Selection.Wanted>((await ObserveAsync()).Selection);
        Assert.Equal(2, _work.Commits.Walks);
    }

    [Fact]
    public async Task Observe_TipReturnsToOneSeenWhileDamaged_IsAskedAnewAfterTenMinutes()
    {
        _work.Commits.Lineage = Lineage.Diverged;
        _work.Wants("r1");
        await ObserveAsync();
        _work.Wants("r0");
        await ObserveAsync();
        _work.Commits.Lineage = Lineage.Ahead;
        _work.Clock.Advance(Believed);
        _work.Wants("r1");

        Assert.IsType<Selection.Wanted>((await ObserveAsync()).Selection);
    }

    [Fact]
    public async Task Observe_RewindAllowed_SelectsAnew()
    {
        _work.Commits.Lineage = Lineage.Behind;
        _work.Wants("r1");
        await ObserveAsync();

        _work.Write(new LedgerEvent.RewindAllowed(A.Revision("r1")));

        Assert.IsType<Selection.Wanted>((await ObserveAsync()).Selection);
        Assert.Equal(1, _work.Commits.Walks);
    }

    [Fact]
    public async Task Observe_Pinned_SelectsThePinAndWalksNoHistory()
    {
        _work.Wants("r1");
        _work.Write(new LedgerEvent.Pinned(A.Revision("r0")));

        Assert.Equal(A.Revision("r0"), Assert.IsType<Selection.Wanted>((await ObserveAsync()).Selection).Candidate.Revision);
        Assert.Equal(0, _work.Commits.Walks);
    }

    [Fact]
    public async Task Observe_RefusedSignatures_AreCheckedAgainLater()
    {
        _work.Commits.Verdict = new SignatureVerdict.Untrusted(A.Revision("r1"), "no signature");
        _work.Wants("r1");
        await ObserveAsync();
        _work.Clock.Advance(TimeSpan.FromMinutes(4));
        await ObserveAsync();
        Assert.Single(_work.Commits.Verified);

        _work.Commits.Verdict = new SignatureVerdict.Trusted();
        _work.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(new SignatureVerdict.Trusted(), (await ObserveAsync()).Signatures);
    }

    [Fact]
    public async Task Observe_TrustedSignatures_AreNeverCheckedAgain()
    {
        _work.Wants("r1");
        await ObserveAsync();
        _work.Clock.Advance(TimeSpan.FromDays(1));
        await ObserveAsync();

        Assert.Single(_work.Commits.Verified);
    }

    [Fact]
    public async Task Observe_SignaturesNotRequired_AreNotChecked()
    {
        using var lax = new Workplace();

        Assert.Null((await lax.Observer.ObserveAsync(Token)).Signatures);
        Assert.Empty(lax.Commits.Verified);
    }

    [Fact]
    public async Task Observe_ActivationWhoseEndIsUnknown_IsLookedFor()
    {
        _work.Write([.. A.Tried("r1")[1..^1]]);
        await ObserveAsync();
        Assert.Equal(1, _work.Host.Sightings);

        _work.Write(new LedgerEvent.ActivationEnded(new ActivationOutcome.Succeeded()));
        await ObserveAsync();
        Assert.Equal(1, _work.Host.Sightings);
    }

    public void Dispose() => _work.Dispose();

    private Task<HostView> ObserveAsync() => _work.Observer.ObserveAsync(Token);
}
