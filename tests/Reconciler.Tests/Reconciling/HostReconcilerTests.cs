using Reconciler.History;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Ports;
using Reconciler.Tests.Fakes;
using Reconciler.Tests.Making;
using Xunit;

namespace Reconciler.Tests.Reconciling;

public sealed class HostReconcilerTests : IDisposable
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    private readonly Workplace _work = new();
    private readonly TaskCompletionSource<BuildOutcome> _built = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _lookedAgain = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public HostReconcilerTests()
    {
        _work.Write(A.Begun());
        _work.Host.Build = token =>
        {
            _begun.SetResult();
            _work.Host.Observing = () => _lookedAgain.TrySetResult();
            return _built.Task.WaitAsync(token);
        };
    }

    [Fact]
    public async Task Pass_BuildEndsUndisturbed_IsWrittenDown()
    {
        var pass = _work.Reconciler.PassAsync(Token);
        _built.SetResult(new BuildOutcome.Built(A.Toplevel("new")));

        Assert.IsType<HostStep.Build>(await pass);
        Assert.Equal(new LedgerEvent.BuildSucceeded(A.Toplevel("new")), _work.Ledger.Entries[^1].Fact);
    }

    [Fact]
    public async Task Pass_NewerRevisionDuringABuild_EndsIt()
    {
        var pass = _work.Reconciler.PassAsync(Token);
        await _begun.Task;

        _work.Wants("r2");
        _work.Triggers.Signal("push");
        await pass;

        Assert.Equal(2, _work.Ledger.Entries.Count);
        Assert.IsType<HostStep.Supersede>(await _work.Reconciler.PassAsync(Token));
    }

    [Fact]
    public async Task Pass_TriggerThatChangesNothing_LetsTheBuildGoOn()
    {
        var pass = _work.Reconciler.PassAsync(Token);
        await _begun.Task;

        _work.Triggers.Signal("poll");
        await _lookedAgain.Task;
        Assert.False(pass.IsCompleted);
        _built.SetResult(new BuildOutcome.Built(A.Toplevel("new")));
        await pass;

        Assert.IsType<LedgerEvent.BuildSucceeded>(_work.Ledger.Entries[^1].Fact);
    }

    [Fact]
    public async Task Pass_OperatorSuspendsDuringABuild_EndsIt()
    {
        var pass = _work.Reconciler.PassAsync(Token);
        await _begun.Task;

        _work.Desk.Suspend("holiday", Actor.Operator("alice"));
        await pass;

        Assert.IsType<LedgerEvent.Suspended>(_work.Ledger.Entries[^1].Fact);
        Assert.IsType<HoldReason.Suspended>(Assert.IsType<HostStep.Hold>(await _work.Reconciler.PassAsync(Token)).Reason);
    }

    [Fact]
    public async Task Pass_NewPushDuringTelling_DropsIt()
    {
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Write(new LedgerEvent.DeploymentFailed(new Failure.BuildFailed("no")));
        _work.Forge.Tell = token =>
        {
            began.SetResult();
            return FakeHost.Forever<TellOutcome>(token);
        };
        var pass = _work.Reconciler.PassAsync(Token);
        await began.Task;

        _work.Wants("r2");
        _work.Triggers.Signal("push");

        Assert.IsType<HostStep.Tell>(await pass);
        Assert.Null(_work.Postponements.TellAgainAt);
        Assert.Equal(A.Revision("r2"), Assert.IsType<HostStep.Select>(await _work.Reconciler.PassAsync(Token)).Candidate.Revision);
    }

    [Fact]
    public async Task Pass_BuildThatThrows_ThrowsToTheLoop()
    {
        var pass = _work.Reconciler.PassAsync(Token);
        _built.SetException(new InvalidOperationException("a bug"));

        await Assert.ThrowsAsync<InvalidOperationException>(() => pass);
    }

    [Fact]
    public async Task Pass_DaemonStopsDuringABuild_IsCancelled()
    {
        using var stop = new CancellationTokenSource();
        var pass = _work.Reconciler.PassAsync(stop.Token);
        await _begun.Task;

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pass);
        Assert.Equal(2, _work.Ledger.Entries.Count);
    }

    [Fact]
    public async Task Pass_StepIsShownBeforeItIsPerformed()
    {
        var pass = _work.Reconciler.PassAsync(Token);
        await _begun.Task;

        Assert.IsType<HostStep.Build>(_work.Board.Current.Step);
        _built.SetResult(new BuildOutcome.Built(A.Toplevel("new")));
        await pass;
    }

    public void Dispose() => _work.Dispose();
}
