using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Reconciler.Adapters.Nix;
using Reconciler.Adapters.Processes;
using Reconciler.Model;
using Reconciler.Ports;
using Xunit;

namespace Reconciler.Tests.Adapters.Nix;

public sealed class NixBuilderTests : NixTests
{
    [Fact]
    public async Task Build_GivesWhatTheResultLinkSays()
    {
        var system = _folder.System("nixos-system-a-25.05");
        _folder.Program("nixos-rebuild", $"printf '\\033[1mbuilding\\033[0m\\n' >&2; echo out; ln -s {system} result; pwd >> {_folder.At("calls")}");

        Assert.Equal(new BuildOutcome.Built(system), await Builder().BuildAsync("/w/tree", _log, Token));
        Assert.Equal(["nixos-rebuild build --flake /w/tree#web1 --no-write-lock-file", _folder.At("state/build/deployment")], _folder.Calls());
        Assert.Equal(["building", "out"], _log.Lines.Order());
    }

    [Fact]
    public async Task Build_OfEachPurpose_KeepsItsOwnResult()
    {
        var (one, two) = (_folder.System("one"), _folder.System("two"));
        _folder.Program("nixos-rebuild", $"ln -s {one} result");
        await Builder().BuildAsync("/w", _log, Token);
        _folder.Program("nixos-rebuild", $"ln -s {two} result");
        await Builder(BuildPurpose.Plan).BuildAsync("/w", _log, Token);

        Assert.Equal(one.Path, new FileInfo(_folder.At("state/build/deployment/result")).LinkTarget);
        Assert.Equal(two.Path, new FileInfo(_folder.At("state/build/plan/result")).LinkTarget);
    }

    [Fact]
    public async Task Build_DoesNotTakeAnEarlierResult()
    {
        _folder.Program("nixos-rebuild", $"ln -s {_folder.System("one")} result");
        await Builder().BuildAsync("/w", _log, Token);
        _folder.Program("nixos-rebuild", "exit 0");

        Assert.IsType<Failure.HostToolFailed>(Failed(await Builder().BuildAsync("/w", _log, Token)));
    }

    [Theory]
    [InlineData("bin/switch-to-configuration")]
    [InlineData("nixos-version")]
    public async Task Build_OfSomethingThatIsNoSystem_Fails(string missing)
    {
        var system = _folder.System("one");
        File.Delete($"{system}/{missing}");
        _folder.Program("nixos-rebuild", $"ln -s {system} result");

        Assert.Contains(missing, Assert.IsType<Failure.BuildFailed>(Failed(await Builder().BuildAsync("/w", _log, Token))).Excerpt, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Build_ThatFails_SaysWhoseFault()
    {
        _folder.Program("nixos-rebuild", "echo \"error: undefined variable 'x'\" >&2; exit 1");

        Assert.Equal(new Failure.EvaluationFailed("error: undefined variable 'x'"), Failed(await Builder().BuildAsync("/w", _log, Token)));
    }

    [Fact]
    public async Task Build_WithoutTheProgram_IsNotTheRevisionsFault() =>
        Assert.Equal("nixos-rebuild", Assert.IsType<Failure.HostToolFailed>(Failed(await Builder().BuildAsync("/w", _log, Token))).Tool);

    [Fact]
    public async Task Build_ThatTakesTooLong_IsEnded()
    {
        _folder.Program("nixos-rebuild", "exec sleep 300");

        Assert.Equal(
            new Failure.BuildTimedOut(TimeSpan.FromMilliseconds(200)),
            Failed(await Builder(timeout: TimeSpan.FromMilliseconds(200)).BuildAsync("/w", _log, Token)));
    }

    [Fact]
    public async Task Build_WithinLimits_RunsInAScopeThatIsClearedAfterwards()
    {
        var system = _folder.System("one");
        _folder.UseSystemd();
        await File.WriteAllTextAsync(_folder.At("cgroup"), "0::/system.slice/daemon.service\n", Token);
        _folder.Program("systemd-run", $"while [ \"$1\" != -- ]; do shift; done; shift; PATH={_folder.At("bin")}:$PATH; exec \"$@\"");
        _folder.Program("systemctl", "exit 5");
        _folder.Program("nixos-rebuild", $"nice >> {_folder.At("calls")}; ln -s {system} result");

        Assert.Equal(new BuildOutcome.Built(system), await Builder(BuildPurpose.PullRequest, limits: Limits).BuildAsync("/w/tree", _log, Token));

        Assert.Collection(
            _folder.Calls(),
            call => Assert.EndsWith("--property=BindsTo=daemon.service -- nice -n 15 nixos-rebuild build --flake /w/tree#web1 --no-write-lock-file --option accept-flake-config false", call, StringComparison.Ordinal),
            call => Assert.StartsWith("nixos-rebuild build", call, StringComparison.Ordinal),
            call => Assert.InRange(int.Parse(call, System.Globalization.CultureInfo.InvariantCulture), 15, 19),
            call => Assert.Equal("systemctl stop reconciler-pull-request-build.scope", call));
        Assert.Equal(system.Path, new FileInfo(_folder.At("state/build/pull-request/result")).LinkTarget);
    }

    [Fact]
    public async Task Build_OfAPullRequestWithoutFlakes_ReadsOnlyWhatItMay()
    {
        var settings = new NixBuildSettings { Kind = NixBuildKind.Plain, StateDirectory = _folder.At("state"), ExtraArguments = ["-I", $"extra={_folder.At("channel")}"], Readable = ["/etc/nixos"] };
        Directory.CreateDirectory(_folder.At("store/channel"));
        _folder.Link("channel", _folder.At("store/channel"));
        _folder.Program("nixos-rebuild", "echo \"error: access to absolute path '/etc/x' is forbidden in restricted mode\" >&2; exit 1");

        var outcome = await new NixBuilder(settings, BuildPurpose.PullRequest, _folder.Runner(), TimeProvider.System, NullLogger<NixBuilder>.Instance).BuildAsync("/w/tree", _log, Token);

        Assert.EndsWith("what forge.plans.readable names.", Assert.IsType<Failure.EvaluationFailed>(Failed(outcome)).Excerpt, StringComparison.Ordinal);
        var call = Assert.Single(_folder.Calls());
        Assert.Contains("--option accept-flake-config false --option restrict-eval true --option allowed-uris https:// github:", call, StringComparison.Ordinal);
        Assert.Contains($"-I reconciler-0=/w/tree -I reconciler-1=/etc/nixos", call, StringComparison.Ordinal);
        Assert.Contains($"={new StoreFiles("/").Resolve(_folder.At("store/channel"))}", call, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Build_WithTooLittleRoom_BuildsNothing()
    {
        var outcome = await Builder(BuildPurpose.PullRequest, limits: Limits with { StoreDirectory = _folder.At("."), MinimumStoreFree = long.MaxValue }).BuildAsync("/w/tree", _log, Token);

        Assert.IsType<Failure.NotEnoughSpace>(Assert.IsType<BuildOutcome.Failed>(outcome).Failure);
        Assert.Empty(_folder.Calls());
    }

    [Fact]
    public async Task Build_WithinLimitsThatIsCancelled_ClearsItsScope()
    {
        _folder.UseSystemd();
        using var stop = new CancellationTokenSource();
        var runner = new ScriptedRunner(request =>
        {
            if (request.Program == "systemd-run")
            {
                stop.Cancel();
                throw new OperationCanceledException(stop.Token);
            }

            return ScriptedRunner.Exit(0);
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Builder(limits: Limits, runner: runner).BuildAsync("/w", _log, stop.Token));

        Assert.Equal(["stop", "reconciler-deployment-build.scope"], runner.Requests[^1].Arguments);
    }

    [Fact]
    public async Task Build_WithinLimitsWithoutSystemd_YieldsOnly()
    {
        var system = _folder.System("one");
        var runner = new ScriptedRunner(request =>
        {
            File.CreateSymbolicLink(request.WorkingDirectory + "/result", system.Path);
            return ScriptedRunner.Exit(0);
        });

        Assert.Equal(new BuildOutcome.Built(system), await Builder(limits: Limits, runner: runner).BuildAsync("/w", _log, Token));

        var request = Assert.Single(runner.Requests);
        Assert.Equal(("nice", "-n 15 nixos-rebuild build --flake /w#web1 --no-write-lock-file"), (request.Program, string.Join(' ', request.Arguments)));
    }

    [Fact]
    public async Task Build_KilledWithinLimits_RanOutOfMemory()
    {
        var runner = new ScriptedRunner(_ => ScriptedRunner.Exit(137));

        Assert.Equal(
            new Failure.BuildInterrupted(WorldTrouble.OutOfMemory, "The build was held to 1024 MiB of memory, and ran out of it."),
            Failed(await Builder(limits: Limits, runner: runner).BuildAsync("/w", _log, Token)));
    }

    [Fact]
    public async Task Cancelling_EndsTheWholeTree()
    {
        // As it really is: nixos-rebuild, nix-build below it, and a builder in a session of its own below that, deaf to polite signals.
        _folder.Program("builder", $"trap '' TERM HUP INT; echo $$ > {_folder.At("builder-pid")}; while :; do sleep 0.05; done");
        _folder.Program("nix-build", $"echo $$ > {_folder.At("nix-pid")}; setsid {_folder.At("bin/builder")} & wait");
        _folder.Program("nixos-rebuild", $"{_folder.At("bin/nix-build")}; exit 1");
        using var stop = new CancellationTokenSource();
        var build = Builder().BuildAsync("/w", _log, stop.Token);
        while (_folder.Read("builder-pid").Length == 0)
        {
            Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => build);

        Assert.False(Lives(_folder.Read("nix-pid")), "nix-build lives on");
        Assert.False(Lives(_folder.Read("builder-pid")), "the builder lives on");
    }

    // A killed process may still be a zombie until its new parent has noticed.
    private static bool Lives(string pid)
    {
        try
        {
            var status = File.ReadAllText($"/proc/{pid.Trim()}/stat");
            return status[(status.LastIndexOf(')') + 2)..][0] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static Failure Failed(BuildOutcome outcome) => Assert.IsType<BuildOutcome.Failed>(outcome).Failure;

    private NixBuildLimits Limits => new() { MemoryBytes = 1L << 30, SystemdDirectory = _folder.At("run/systemd"), ControlGroupFile = _folder.At("cgroup") };

    private NixBuilder Builder(
        BuildPurpose purpose = BuildPurpose.Deployment, TimeSpan? timeout = null, NixBuildLimits? limits = null, IProcessRunner? runner = null) => new(
        new NixBuildSettings
        {
            Kind = NixBuildKind.Flake,
            FlakeAttribute = "web1",
            StateDirectory = _folder.At("state"),
            Timeout = timeout ?? TimeSpan.FromMinutes(1),
            Limits = limits,
        },
        purpose,
        runner ?? _folder.Runner(),
        TimeProvider.System,
        NullLogger<NixBuilder>.Instance);
}
