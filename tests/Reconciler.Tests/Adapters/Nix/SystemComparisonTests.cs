using Reconciler.Adapters.Nix;
using Xunit;

namespace Reconciler.Tests.Adapters.Nix;

public sealed class SystemComparisonTests : IDisposable
{
    private readonly NixFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Compare_TellsAllThatFilesTell_AndRunsNothingOfTheSystem()
    {
        var world = new UnitWorld(_folder);
        (string, string)[] Files(string start) =>
            [("default.target", "[Unit]"), ("web.service", $"[Service]\nExecStart={start}"), ("default.target.wants/web.service", "-> ../web.service")];
        var (old, fresh) = (world.System("old", Files("/a")), world.System("fresh", Files("/b")));
        _folder.Link("run/booted-system", old.Path);
        _folder.Program("nix", $"case $6 in {old}) echo {StorePath("hello-2.10")} 100;; *) echo {StorePath("hello-2.12")} 250;; esac");
        File.Delete(fresh + "/kernel-params");
        await File.WriteAllTextAsync(fresh + "/kernel-params", "quiet splash", Token);

        var plan = await Comparison().CompareAsync(old, fresh, Token);

        Assert.Equal("restart web.service", UnitWorld.Told(plan));
        Assert.Equal("hello 2.10 2.12", string.Join(' ', plan.Packages.SelectMany(p => new[] { p.Name }.Concat(p.Before).Concat(p.After))));
        Assert.Equal((250L, 100L), (plan.ClosureBytes, plan.ClosureBytesBefore));
        Assert.Equal(["kernel-params"], plan.RebootReasons);
        Assert.Equal(
            [$"nix --extra-experimental-features nix-command path-info --recursive --size {fresh}", $"nix --extra-experimental-features nix-command path-info --recursive --size {old}"],
            _folder.Calls().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Compare_WithWhatWasComparedLast_AsksOnlyForTheOther()
    {
        var (old, middle, fresh) = (_folder.System("old"), _folder.System("middle"), _folder.System("fresh"));
        _folder.Program("nix", "echo $6 100");
        var comparison = Comparison();
        await comparison.CompareAsync(old, middle, Token);

        var plan = await comparison.CompareAsync(middle, fresh, Token);

        Assert.Equal((100L, 100L), (plan.ClosureBytes, plan.ClosureBytesBefore));
        Assert.Equal(1, _folder.Calls().Count(call => call.EndsWith(middle.Path, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Compare_WithParametersThatAreALinkOutOfTheStore_DoesNotReadThem()
    {
        var (old, fresh) = (_folder.System("old", parameters: "quiet"), _folder.System("fresh"));
        _folder.Link("run/booted-system", old.Path);
        await File.WriteAllTextAsync(_folder.At("secret"), "quiet", Token);
        _folder.Link(Path.GetRelativePath(_folder.Root, fresh + "/kernel-params"), _folder.At("secret"));

        Assert.Equal(["kernel-params"], (await Comparison().CompareAsync(old, fresh, Token)).RebootReasons);
    }

    [Fact]
    public async Task Compare_WhenTheStoreDoesNotAnswer_TellsTheRest()
    {
        var (old, fresh) = (_folder.System("old"), _folder.System("fresh", kernel: "k2"));
        _folder.Link("run/booted-system", old.Path);

        var plan = await Comparison().CompareAsync(old, fresh, Token);

        Assert.Empty(plan.Packages);
        Assert.Null(plan.ClosureBytes);
        Assert.Equal(["kernel", "initrd", "kernel-modules", "systemd"], plan.RebootReasons);
    }

    private static string StorePath(string name) => $"/nix/store/{new string('b', 32)}-{name}";

    private SystemComparison Comparison() => new(_folder.Settings, _folder.Runner());
}
