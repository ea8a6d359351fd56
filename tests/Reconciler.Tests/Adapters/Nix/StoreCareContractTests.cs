using Microsoft.Extensions.Logging.Abstractions;
using Reconciler.Adapters.Nix;
using Reconciler.Adapters.Processes;
using Reconciler.Model;
using Reconciler.Ports;
using Xunit;

namespace Reconciler.Tests.Adapters.Nix;

/// <summary>What <see cref="StoreCare"/> takes for granted of Nix, asked of a real one.</summary>
public sealed class StoreCareContractTests : IDisposable
{
    private readonly RealStore _store = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _store.Dispose();

    [Theory]
    [InlineData("program.drv")]
    [InlineData("library.drv")]
    [InlineData("library/lib/code")]
    [InlineData("program")]
    public async Task Mend_AfterAPowerCutEmptiedAFile_RemovesItsPath_AndItIsBuiltAgain(string file)
    {
        var care = await BuiltAndCutAsync();
        RealStore.Empty(_store.PathOf(file.Split('/')[0]) + (file.Contains('/') ? file[file.IndexOf('/')..] : ""));
        File.Delete(_store.Link); // the roots that are ours are let go of, see StoreCareTests

        var look = Assert.IsType<StoreLook.Done>(await care.MendAsync([], everything: false, Token));

        Assert.Equal(1, look.Damaged);
        Assert.Null(look.Left);
        Assert.True((await _store.BuildAsync()).IsSuccess);
        var verdict = await _store.AskAsync("nix-store", "--verify", "--check-contents");
        Assert.True(verdict.Succeeded, verdict.Error);
        Assert.Equal("code\n", await File.ReadAllTextAsync(_store.PathOf("library") + "/lib/code", Token));
    }

    [Fact]
    public async Task Mend_OfAPathThatIsGone_RemovesIt_AndItIsBuiltAgain()
    {
        var care = await BuiltAndCutAsync();
        var program = _store.PathOf("program");
        File.Delete(program);
        File.Delete(_store.Link);

        Assert.Equal(1, Assert.IsType<StoreLook.Done>(await care.MendAsync([], everything: false, Token)).Damaged);
        Assert.True((await _store.BuildAsync()).IsSuccess);
        Assert.True(File.Exists(program));
    }

    [Fact]
    public async Task Mend_OfASoundStore_RemovesNothing()
    {
        var care = await BuiltAndCutAsync();

        Assert.Equal(new StoreLook.Done(0, 0, [], null), await care.MendAsync([], everything: true, Token));
        Assert.True(File.Exists(_store.PathOf("program")));
    }

    [Fact]
    public async Task Mend_OfWhatAKeptSystemIsMadeOf_LeavesItAndSaysSo()
    {
        var care = await BuiltAndCutAsync();
        RealStore.Empty(_store.PathOf("library") + "/lib/code");

        var look = Assert.IsType<StoreLook.Done>(await care.MendAsync([new Toplevel(_store.PathOf("program"))], everything: false, Token));

        Assert.True(look.Left is { OfSystem: true, Count: 1 });
        Assert.Equal(0, look.Removed);
        Assert.True(File.Exists(_store.PathOf("program")));
    }

    [Fact]
    public async Task Mend_OfWhatAnotherRootHolds_LeavesItAndSaysSo()
    {
        var care = await BuiltAndCutAsync();
        RealStore.Empty(_store.PathOf("library") + "/lib/code");

        var look = Assert.IsType<StoreLook.Done>(await care.MendAsync([], everything: false, Token));

        Assert.True(look.Left is { OfSystem: false, Count: 1 });
        Assert.True((await _store.AskAsync("nix-store", "--query", "--roots", look.Left.First)).Output.Contains(_store.Link, StringComparison.Ordinal));
    }

    [Fact]
    public async Task NarSize_IsWhatNixSays()
    {
        await _store.BuildAsync();
        var listed = Assert.IsType<ProcessOutcome.Exited>(await _store.RunAsync(NixCommands.AllPaths(), Token));
        var paths = StorePath.Parse(listed.Output, _store.Settings.StoreDirectory)!;

        Assert.Equal(4, paths.Count);
        Assert.All(paths, path => Assert.Equal(path.NarSize, NarSize.OfPath(path.Path)));
        RealStore.Empty(_store.PathOf("library") + "/lib/code");
        Assert.NotEqual(paths.Single(path => path.Path.EndsWith("-library", StringComparison.Ordinal)).NarSize, NarSize.OfPath(_store.PathOf("library")));
    }

    [Fact]
    public async Task Build_OnADamagedDerivation_IsKnownAsDamage()
    {
        await _store.BuildAsync();
        RealStore.Empty(_store.PathOf("program.drv"));
        File.Delete(_store.Link);
        var failed = Assert.IsType<ProcessOutcome.Exited>(await _store.BuildAsync());

        var failure = Assert.IsType<Failure.BuildInterrupted>(BuildFailureClassifier.Classify(failed.Code, failed.Error));

        Assert.Equal(WorldTrouble.StoreDamaged, failure.Trouble);
    }

    private async Task<StoreCare> BuiltAndCutAsync()
    {
        var before = new StoreCare(_store.Settings, _store, TimeProvider.System, NullLogger<StoreCare>.Instance);
        Assert.False(before.IsSuspect);
        Assert.True((await _store.BuildAsync()).IsSuccess);
        _store.Restart();
        var care = new StoreCare(_store.Settings, _store, TimeProvider.System, NullLogger<StoreCare>.Instance);
        Assert.True(care.IsSuspect);
        return care;
    }
}
