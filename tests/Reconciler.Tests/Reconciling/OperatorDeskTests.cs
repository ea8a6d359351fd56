using Reconciler.History;
using Reconciler.Model;
using Reconciler.Ports;
using Reconciler.Reconciling;
using Reconciler.Tests.Fakes;
using Reconciler.Tests.Making;
using Xunit;

namespace Reconciler.Tests.Reconciling;

public sealed class OperatorDeskTests : IDisposable
{
    private static readonly Actor Alice = Actor.Operator("alice");
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;
    private static readonly Failure Cause = new Failure.Unhealthy([]);

    private readonly Workplace _work = new();
    private readonly CancellationTokenSource _end = CancellationTokenSource.CreateLinkedTokenSource(Token);

    // --- sync

    [Fact]
    public async Task Sync_LooksAndSignals()
    {
        _ = _work.Watcher.RunAsync(_end.Token);

        Accepted("Looked at every remote.", await _work.Desk.SyncAsync(null, Alice, Token));
        Assert.Empty(_work.Ledger.Entries);
    }

    [Fact]
    public async Task Sync_RemoteCannotBeRead_SaysWhich()
    {
        _work.Remotes.Fail("origin", "no route");
        _ = _work.Watcher.RunAsync(_end.Token);

        Accepted("Looked; remote 'origin' cannot be read: no route", await _work.Desk.SyncAsync(null, Alice, Token));
    }

    [Fact]
    public async Task Sync_AllowRewind_IsWrittenDownWithWhoAsked()
    {
        _work.Commits.Names["abc1234"] = A.Revision();
        _ = _work.Watcher.RunAsync(_end.Token);

        Accepted(
            $"{A.Revision().Short} may be deployed although the branch did not go forward to it.", await _work.Desk.SyncAsync("abc1234", Alice, Token));
        WroteDown(new LedgerEvent.RewindAllowed(A.Revision()));
    }

    [Fact]
    public async Task Sync_AllowRewindToUnknownCommit_IsRefused()
    {
        _ = _work.Watcher.RunAsync(_end.Token);

        Refused("'abc' is no commit that was fetched; give the tip named by `reconciler status`.", await _work.Desk.SyncAsync("abc", Alice, Token));
    }

    // --- suspend and resume

    [Fact]
    public void Suspend_IsWrittenDown()
    {
        Accepted("New deployments are suspended. A trial under way is still confirmed or rolled back.", _work.Desk.Suspend("holiday", Alice));
        WroteDown(new LedgerEvent.Suspended("holiday"));
    }

    [Fact]
    public void Suspend_Twice_IsRefused()
    {
        _work.Desk.Suspend("holiday", Alice);

        Refused("Already suspended by alice.", _work.Desk.Suspend("", Actor.Operator("bob")));
    }

    [Fact]
    public void Resume_Suspended_GoesOn()
    {
        _work.Write(new LedgerEvent.Suspended(""));

        Accepted("Deployments go on.", _work.Desk.Resume(Alice));
        WroteDown(new LedgerEvent.Resumed());
    }

    [Fact]
    public void Resume_NothingSuspended_IsRefused() => Refused("Nothing is suspended.", _work.Desk.Resume(Alice));

    [Fact]
    public void Resume_NeedsOperator_ClosesTheDeployment()
    {
        _work.Write([.. Stuck()]);

        Accepted("Deployment 2 is closed as taken over by you; its revision stays quarantined.", _work.Desk.Resume(Alice));
        Assert.IsType<DeploymentPhase.Abandoned>(_work.Reader.Read().Latest!.Phase);
    }

    // --- pin and unpin

    [Fact]
    public void Pin_NamedRevision_IsWrittenDown()
    {
        _work.Commits.Names["v1"] = A.Revision();

        Accepted($"Pinned to {A.Revision().Short}; the branch is not followed until `reconciler unpin`.", _work.Desk.Pin("v1", Alice));
        WroteDown(new LedgerEvent.Pinned(A.Revision()));
    }

    [Fact]
    public void Pin_WhatRuns_IsWrittenDown()
    {
        _work.Write([.. Confirmed()]);

        Assert.True(_work.Desk.Pin(null, Alice).Accepted);
        WroteDown(new LedgerEvent.Pinned(A.Revision()));
    }

    [Fact]
    public void Pin_WhatRunsComesFromNoCommit_IsRefused() =>
        Refused("The running system comes from no commit; name the revision to pin.", _work.Desk.Pin(null, Alice));

    [Fact]
    public void Pin_UnknownRevision_IsRefused() => Refused("'v2' names no commit that was fetched, or more than one.", _work.Desk.Pin("v2", Alice));

    [Fact]
    public void Pin_Twice_IsRefused()
    {
        _work.Commits.Names["v1"] = A.Revision();
        _work.Desk.Pin("v1", Alice);

        Refused($"Already pinned to {A.Revision().Short}.", _work.Desk.Pin("v1", Alice));
    }

    [Fact]
    public void Unpin_Pinned_IsWrittenDown()
    {
        _work.Write(new LedgerEvent.Pinned(A.Revision()));

        Accepted($"No longer pinned to {A.Revision().Short}; the branch is followed.", _work.Desk.Unpin(Alice));
        WroteDown(new LedgerEvent.Unpinned());
    }

    [Fact]
    public void Unpin_NothingPinned_IsRefused() => Refused("Nothing is pinned.", _work.Desk.Unpin(Alice));

    // --- release

    [Fact]
    public void Release_Quarantined_IsWrittenDown()
    {
        _work.Write([.. A.Begun(), new LedgerEvent.DeploymentFailed(Cause)]);

        Accepted($"{A.Revision().Short} may be tried again.", _work.Desk.Release(A.Revision().Sha[..4].ToUpperInvariant(), Alice));
        WroteDown(new LedgerEvent.QuarantineReleased(A.Revision()));
    }

    [Fact]
    public void Release_TooFewDigits_IsRefused() => Refused("Give at least four digits of the revision.", _work.Desk.Release("abc", Alice));

    [Fact]
    public void Release_NotQuarantined_IsRefused() =>
        Refused("No quarantined revision begins with 'abcd'; see `reconciler quarantine list`.", _work.Desk.Release("abcd", Alice));

    [Fact]
    public void Release_FitsSeveral_IsRefused()
    {
        Revision[] alike = [new("abcd" + new string('0', 36)), new("abcd" + new string('1', 36))];
        foreach (var revision in alike)
        {
            var candidate = new Candidate(revision, BranchKind.Main, "origin");
            _work.Write(new LedgerEvent.DeploymentBegan(new DeploymentSource.Commit(candidate), A.Toplevel("old")), new LedgerEvent.DeploymentFailed(Cause));
        }

        Refused("'abcd' fits 2 quarantined revisions; give more digits.", _work.Desk.Release("abcd", Alice));
    }

    // --- roll back

    [Fact]
    public void RollBack_DuringATrial_EndsIt()
    {
        _work.Write(A.Tried());

        Accepted("Deployment 2 is put back to nixos-system-old.", _work.Desk.RollBack(null, Alice));
        WroteDown(new LedgerEvent.TrialRefused());
    }

    [Fact]
    public void RollBack_ToANumberDuringATrial_IsRefused()
    {
        _work.Write(A.Tried());

        Refused("Deployment 2 is under way; wait for it, or end its trial with `reconciler rollback` without a number.", _work.Desk.RollBack(1, Alice));
    }

    [Fact]
    public void RollBack_NeedsOperator_IsRefused()
    {
        _work.Write([.. Stuck()]);

        Refused("Deployment 2 needs an operator; put the host right by hand, then `reconciler resume`.", _work.Desk.RollBack(null, Alice));
    }

    [Fact]
    public void RollBack_NothingUnderWay_ReturnsToTheConfirmedSystemBeforeThisOne()
    {
        _work.Write([.. Confirmed()]);
        HasGenerations();

        Accepted(
            $"Returning to generation 1 (nixos-system-old). {A.Revision().Short} is held until you release it or push a newer commit.",
            _work.Desk.RollBack(null, Alice));
        WroteDown(new LedgerEvent.DeploymentBegan(new DeploymentSource.Generation(1, A.Toplevel("old"), A.Revision()), A.Toplevel("new")));
    }

    [Fact]
    public void RollBack_ToANumber_TakesThatGeneration()
    {
        _work.Write([.. Confirmed()]);
        HasGenerations();

        Assert.True(_work.Desk.RollBack(2, Alice).Accepted);
        Assert.Equal(A.Toplevel("by-hand"), _work.Reader.Read().Latest!.Toplevel);
    }

    [Fact]
    public void RollBack_UnknownNumber_IsRefused() =>
        Refused("There is no generation 9; see `reconciler generations`.", _work.Desk.RollBack(9, Alice));

    [Fact]
    public void RollBack_NoEarlierGeneration_IsRefused() =>
        Refused("There is no earlier confirmed generation; name one of `reconciler generations`.", _work.Desk.RollBack(null, Alice));

    [Fact]
    public void RollBack_ToWhatRunsAndBoots_IsRefused()
    {
        HasGenerations();

        Refused("Generation 3 is what runs and boots already.", _work.Desk.RollBack(3, Alice));
    }

    [Fact]
    public void RollBack_SomethingCameInBetween_IsRefused()
    {
        _work.Write(A.Tried());
        _work.Ledger.BeforeAppend = _ => throw new LedgerMovedException("moved");

        Refused("Something else happened in that instant; look at `reconciler status` and ask again.", _work.Desk.RollBack(null, Alice));
    }

    // --- plan

    [Fact]
    public async Task Plan_NamedRevision_IsBuiltAndComparedAndNotWrittenDown()
    {
        _work.Commits.Names["r2"] = A.Revision("r2");
        _work.Host.Build = _ => Task.FromResult<BuildOutcome>(new BuildOutcome.Built(A.Toplevel("new")));

        var answer = await _work.Desk.PlanAsync("r2", _ => { }, Token);

        Assert.Equal((A.Revision("r2"), A.Toplevel("new"), null), (answer.Revision!.Value, answer.Toplevel!.Value, answer.Failure));
        Assert.NotNull(answer.Plan);
        Assert.Empty(_work.Ledger.Entries);
    }

    [Fact]
    public async Task Plan_DoesNotBuild_SaysWhy()
    {
        _work.Commits.Names["r2"] = A.Revision("r2");
        _work.Host.Build = _ => Task.FromResult<BuildOutcome>(new BuildOutcome.Failed(new Failure.BuildFailed("boom")));

        Assert.Equal("the system does not build\nboom", (await _work.Desk.PlanAsync("r2", _ => { }, Token)).Failure);
    }

    [Fact]
    public async Task Plan_UnknownRevision_IsRefused() =>
        Assert.Equal("'r2' names no commit that was fetched, or more than one.", (await _work.Desk.PlanAsync("r2", _ => { }, Token)).Failure);

    [Fact]
    public async Task Plan_NothingWanted_IsRefused() =>
        Assert.Equal("No revision is wanted; name one.", (await _work.Desk.PlanAsync(null, _ => { }, Token)).Failure);

    // --- what every request does

    [Fact]
    public void AcceptedRequest_IsShownAtOnceAndAsksForALook()
    {
        _work.Desk.Suspend("holiday", Alice);

        Assert.Equal("holiday", _work.Board.Current.History.Suspension!.Reason);
        Assert.True(_work.Triggers.TryTake());
    }

    [Fact]
    public void RefusedRequest_AsksForNothing()
    {
        _work.Desk.Unpin(Alice);

        Assert.False(_work.Triggers.TryTake());
    }

    public void Dispose()
    {
        _end.Cancel();
        _end.Dispose();
        _work.Dispose();
    }

    private static LedgerEvent[] Confirmed() => [.. A.Tried(), new LedgerEvent.ConfirmBegan([]), new LedgerEvent.Confirmed(A.Toplevel("new"), 3, WasActivated: true)];

    private static LedgerEvent[] Stuck() => [.. A.Tried(), new LedgerEvent.RollbackBegan(Cause, JournalExcerpt.None), new LedgerEvent.RollbackFailed("exit 2")];

    private void HasGenerations()
    {
        _work.Host.State = A.HostState("new");
        _work.Host.AllGenerations.AddRange(
        [
            new Generation(3, A.Toplevel("new"), A.Start, IsBootDefault: true),
            new Generation(2, A.Toplevel("by-hand"), A.Start, IsBootDefault: false),
            new Generation(1, A.Toplevel("old"), A.Start, IsBootDefault: false),
        ]);
    }

    private static void Accepted(string message, DeskAnswer answer) => Assert.Equal(new DeskAnswer(true, message), answer);

    private static void Refused(string message, DeskAnswer answer) => Assert.Equal(new DeskAnswer(false, message), answer);

    private void WroteDown(LedgerEvent fact)
    {
        Assert.Equal(fact, _work.Ledger.Entries[^1].Fact);
        Assert.Equal(Alice, _work.Ledger.Entries[^1].Actor);
    }
}
