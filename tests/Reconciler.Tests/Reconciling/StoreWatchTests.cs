using Reconciler.History;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Ports;
using Reconciler.Tests.Fakes;
using Reconciler.Tests.Making;
using Reconciler.Wire;
using Xunit;

namespace Reconciler.Tests.Reconciling;

/// <summary>When the store is looked over, and what follows from what is found.</summary>
public sealed class StoreWatchTests : IDisposable
{
    private static readonly Failure Met = new Failure.BuildInterrupted(WorldTrouble.StoreDamaged, "error: error parsing derivation");
    private static readonly StoreDamage OfSystem = new(["/nix/store/x-glibc"], 1, OfSystem: true);

    private readonly Workplace _work = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Deployment Latest => HostHistory.Read(_work.Ledger.Entries).Latest!;

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task UncleanBoot_LooksBeforeAnythingBegins_AndOnce()
    {
        _work.Write(new LedgerEvent.HostAdopted(A.Toplevel("old"), A.Toplevel("old")));
        _work.Store.IsSuspect = true;

        Assert.Equal([A.Toplevel("old")], Assert.IsType<HostStep.MendStore>(await PassAsync()).Keep);
        Assert.IsType<HostStep.Select>(await PassAsync());

        Assert.False(Assert.Single(_work.Store.Asked).Everything);
        Assert.Equal(1, _work.Store.Concluded);
        Assert.DoesNotContain(_work.Ledger.Entries, entry => entry.Fact is LedgerEvent.StoreMended);
    }

    [Fact]
    public async Task UncleanBoot_WithASystemBuiltAndNotTried_BuildsItOnceMore()
    {
        _work.Write([.. A.Begun(), new LedgerEvent.BuildSucceeded(A.Toplevel("new")), new LedgerEvent.PlanRecorded(new SystemPlan())]);
        _work.Store.IsSuspect = true;

        Assert.IsType<HostStep.MendStore>(await PassAsync());

        Assert.IsType<DeploymentPhase.Selected>(Latest.Phase);
        Assert.Null(Latest.Toplevel);
        _work.Host.Build = _ => Task.FromResult<BuildOutcome>(new BuildOutcome.Built(A.Toplevel("new")));
        Assert.IsType<HostStep.Build>(await PassAsync());
        Assert.IsType<DeploymentPhase.Built>(Latest.Phase);
    }

    [Fact]
    public async Task UncleanBoot_InATrial_EndsTheTrialFirst()
    {
        _work.Write(A.Tried());
        _work.Host.State = A.HostState("new", bootDefault: "old");
        _work.Store.IsSuspect = true;

        Assert.IsNotType<HostStep.MendStore>(await PassAsync());
    }

    [Fact]
    public async Task Damage_IsWrittenDown_AndShown()
    {
        _work.Write(A.Begun());
        _work.Store.IsSuspect = true;
        _work.Store.Looks.Enqueue(new StoreLook.Done(3, 7, ["/nix/store/x-glibc"], null));

        await PassAsync();

        var fact = Assert.Single(_work.Ledger.Entries.Select(entry => entry.Fact).OfType<LedgerEvent.StoreMended>());
        Assert.Equal((3, 7, "/nix/store/x-glibc"), (fact.Damaged, fact.Removed, fact.Paths.Single()));
        Assert.Contains(Latest.Timeline, moment => moment.Event == "store mended: 3 damaged, 7 removed");
        await StartAsync();
        Assert.Equal((3, 7), (StatusDocument.Of(_work.Board.Current, "1").StoreMended!.Damaged, StatusDocument.Of(_work.Board.Current, "1").StoreMended!.Removed));
    }

    [Fact]
    public async Task DamageThatStays_IsHeldLoudly_AndLookedAtAgainLater()
    {
        _work.Write(A.Begun());
        _work.Store.IsSuspect = true;
        _work.Store.Looks.Enqueue(new StoreLook.Done(1, 0, OfSystem.Paths, OfSystem));
        await PassAsync();

        var hold = Assert.IsType<HoldReason.StoreDamaged>(Assert.IsType<HostStep.Hold>(await PassAsync()).Reason);

        Assert.True(StatusDocument.Of(_work.Board.Current, "1") is { NeedsAttention: true, IsSettled: true, State: HostStateWord.Held });
        Assert.Contains("nix-store --repair-path /nix/store/x-glibc", HoldText.Cure(hold), StringComparison.Ordinal);
        Assert.Equal(0, _work.Store.Concluded);
        _work.Clock.Advance(hold.Until - _work.Clock.GetUtcNow());
        Assert.IsType<HostStep.MendStore>(await PassAsync());
        Assert.IsType<HostStep.Build>(await StartAsync());
    }

    [Fact]
    public async Task DamageThatStays_KeepsNoOperatorFromAnotherGeneration()
    {
        _work.Write(
            new LedgerEvent.HostAdopted(A.Toplevel("old"), A.Toplevel("old")),
            new LedgerEvent.DeploymentBegan(new DeploymentSource.Generation(1, A.Toplevel("older"), null), A.Toplevel("old")));
        _work.Store.IsSuspect = true;
        _work.Store.Looks.Enqueue(new StoreLook.Done(1, 0, OfSystem.Paths, OfSystem));
        await PassAsync();

        Assert.IsType<HostStep.Preview>(await PassAsync());
        Assert.Equal(A.Toplevel("older"), Latest.Toplevel);
    }

    [Fact]
    public async Task AStoreThatCannotBeLookedOver_IsWaitedFor()
    {
        _work.Write(A.Begun());
        _work.Store.IsSuspect = true;
        _work.Store.Looks.Enqueue(new StoreLook.Failed(new Failure.HostToolFailed("nix", "database is locked")));
        await PassAsync();

        var hold = Assert.IsType<HoldReason.BackingOff>(Assert.IsType<HostStep.Hold>(await PassAsync()).Reason);

        _work.Clock.Advance(hold.Until - _work.Clock.GetUtcNow());
        Assert.IsType<HostStep.MendStore>(await PassAsync());
    }

    [Fact]
    public async Task ABuildThatMeetsDamage_IsMendedAndBuiltAgainAtOnce_ButOnlyOnce()
    {
        _work.Write(A.Begun());
        _work.Host.Build = _ => Task.FromResult<BuildOutcome>(new BuildOutcome.Failed(Met));

        Assert.IsType<HostStep.Build>(await PassAsync());
        Assert.IsType<HostStep.MendStore>(await PassAsync());
        Assert.True(Assert.Single(_work.Store.Asked).Everything);
        Assert.IsType<HostStep.Build>(await PassAsync());
        Assert.IsType<HostStep.MendStore>(await PassAsync());
        Assert.IsType<HoldReason.BackingOff>(Assert.IsType<HostStep.Hold>(await PassAsync()).Reason);

        Assert.Empty(HostHistory.Read(_work.Ledger.Entries).Quarantine);
    }

    [Fact]
    public async Task WhileSuspended_NothingIsTouched()
    {
        _work.Write([.. A.Begun(), new LedgerEvent.Suspended("by hand")]);
        _work.Store.IsSuspect = true;

        Assert.IsType<HoldReason.Suspended>(Assert.IsType<HostStep.Hold>(await PassAsync()).Reason);
        Assert.Empty(_work.Store.Asked);
    }

    private Task<HostStep> PassAsync() => _work.Reconciler.PassAsync(Token);

    // A build that never ends is begun, and then overtaken.
    private async Task<HostStep> StartAsync()
    {
        _work.Host.Build = _ => Task.FromResult<BuildOutcome>(new BuildOutcome.Built(A.Toplevel("new")));
        return await PassAsync();
    }
}
