using Reconciler.Adapters.Processes;
using Reconciler.Composition;
using Reconciler.Model;
using Reconciler.Tests.Adapters.Nix;
using Xunit;

namespace Reconciler.Tests.Composition;

public sealed class OwnConfigurationTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("reconciler-own-").FullName;
    private readonly ScriptedRunner _runner;
    private ProcessOutcome _answer = ScriptedRunner.Exit(0, "is sound");

    public OwnConfigurationTests()
    {
        _runner = new ScriptedRunner(_ => _answer);
        Directory.CreateDirectory(At("store"));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Trouble_OfASystemThatBringsNothing_IsNotAskedFor()
    {
        Directory.CreateDirectory(At("store/bare"));

        Assert.Null(await Own().TroubleInAsync(new Toplevel(At("store/bare")), Token));
        Assert.Empty(_runner.Requests);
    }

    [Fact]
    public async Task Trouble_IsToldInTheWordsOfTheSystemsOwnProgram()
    {
        _answer = ScriptedRunner.Exit(2, "$.trial.window: must be from 10s to 1d\n");

        var trouble = await Own().TroubleInAsync(System("one", At("store/program"), At("store/settings")), Token);

        Assert.Contains("refuses the configuration", trouble, StringComparison.Ordinal);
        Assert.Contains("$.trial.window", trouble, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trouble_OfTheSameProgramAndSettings_IsAskedForOnce()
    {
        var own = Own();

        Assert.Null(await own.TroubleInAsync(System("one", At("store/program"), At("store/settings")), Token));
        Assert.Null(await own.TroubleInAsync(System("two", At("store/program"), At("store/settings")), Token));
        Assert.Single(_runner.Requests);
    }

    [Theory]
    [InlineData("store/program2", "store/settings")]
    [InlineData("store/program", "store/settings2")]
    [InlineData("program", "store/settings")]
    [InlineData("store/program", "settings")]
    public async Task Trouble_OfAnotherProgramOrSettings_IsAskedForAnew(string program, string settings)
    {
        var own = Own();
        await own.TroubleInAsync(System("one", At("store/program"), At("store/settings")), Token);

        _answer = ScriptedRunner.Exit(2, "wrong");

        Assert.NotNull(await own.TroubleInAsync(System("two", At(program), At(settings)), Token));
        Assert.Equal(2, _runner.Requests.Count);
    }

    [Fact]
    public async Task Trouble_OfWhatCanChange_IsAskedForEachTime()
    {
        var own = Own();
        await own.TroubleInAsync(System("one", At("program"), At("store/settings")), Token);
        await own.TroubleInAsync(System("two", At("program"), At("store/settings")), Token);

        Assert.Equal(2, _runner.Requests.Count);
    }

    [Fact]
    public async Task Trouble_OfWhatWasRefused_IsAskedForAgain()
    {
        var own = Own();
        _answer = new ProcessOutcome.TimedOut(TimeSpan.FromSeconds(30), "");
        Assert.NotNull(await own.TroubleInAsync(System("one", At("store/program"), At("store/settings")), Token));

        _answer = ScriptedRunner.Exit(0);
        Assert.Null(await own.TroubleInAsync(System("one", At("store/program"), At("store/settings")), Token));
        Assert.Equal(2, _runner.Requests.Count);
    }

    [Theory]
    [InlineData(true, false, true)] // the host has the unit, and would lose it
    [InlineData(true, true, false)]
    [InlineData(false, false, false)] // started by hand: no system has the unit
    public async Task Trouble_OfASystemWithoutTheDaemonsUnit_IsThatItWouldBeTheLast(bool has, bool keeps, bool isTrouble)
    {
        Unit("running", has);
        Unit("store/next", keeps);

        var trouble = await Own("reconciler.service").TroubleInAsync(new Toplevel(At("store/next")), Token);

        Assert.Equal(isTrouble, trouble?.Contains("preflight.allowOwnRemoval", StringComparison.Ordinal) ?? false);
    }

    [Fact]
    public async Task Trouble_OfASystemWhoseUnitIsSwitchedOff_IsTheSame()
    {
        Unit("running", has: true);
        Directory.CreateDirectory(At("store/next/etc/systemd/system"));
        File.CreateSymbolicLink(At("store/next/etc/systemd/system/reconciler.service"), "/dev/null");

        Assert.NotNull(await Own("reconciler.service").TroubleInAsync(new Toplevel(At("store/next")), Token));
    }

    [Fact]
    public async Task Trouble_OfASystemWhoseUnitStartsNothing_IsTheSame()
    {
        Unit("running", has: true);
        Unit("store/next", has: true);
        await File.WriteAllTextAsync(At("store/next/etc/systemd/system/reconciler.service"), "[Service]\nRestartSec=1\n", Token);

        Assert.NotNull(await Own("reconciler.service").TroubleInAsync(new Toplevel(At("store/next")), Token));
    }

    private void Unit(string system, bool has)
    {
        Directory.CreateDirectory(At(system + "/etc/systemd/system"));
        if (has)
        {
            File.WriteAllText(At(system + "/etc/systemd/system/reconciler.service"), "[Service]\nExecStart=/x run\n");
        }
    }

    private OwnConfiguration Own(string? service = null) => new(_runner, service, At("store") + "/", At("running"));

    private string At(string path) => Path.Combine(_root, path);

    private Toplevel System(string name, string program, string settings)
    {
        var path = At("store/" + name);
        foreach (var (link, target) in new[] { ("sw/bin/reconciler", program), ("etc/reconciler/config.json", settings) })
        {
            File.WriteAllText(target, "");
            Directory.CreateDirectory(Path.GetDirectoryName($"{path}/{link}")!);
            File.Delete($"{path}/{link}");
            File.CreateSymbolicLink($"{path}/{link}", target);
        }

        return new Toplevel(path);
    }
}
