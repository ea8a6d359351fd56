using System.Collections.Immutable;
using Reconciler.Adapters.Nix;
using Reconciler.Adapters.Processes;
using Reconciler.Model;
using Reconciler.Ports;
using Xunit;

namespace Reconciler.Tests.Adapters.Nix;

public sealed class NixCommandsTests
{
    private static readonly Toplevel System = new("/nix/store/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-nixos-system-web1-25.05");

    private static readonly NixBuildSettings Flake = new() { Kind = NixBuildKind.Flake, StateDirectory = "/var/lib/reconciler" };

    private static readonly NixBuildSettings Plain = Flake with { Kind = NixBuildKind.Plain };

    [Fact]
    public void Build_OfFlake_NamesTheWorkTree() =>
        Assert.Equal("nixos-rebuild build --flake /w/tree#web1 --no-write-lock-file -L", Text(NixCommands.Build(Flake with { FlakeAttribute = "web1", ExtraArguments = ["-L"] }, "/w/tree")));

    [Fact]
    public void Build_OfFlakeWithoutAttribute_LeavesTheHostNameToTheProgram() =>
        Assert.Equal("nixos-rebuild build --flake /w/tree --no-write-lock-file", Text(NixCommands.Build(Flake, "/w/tree")));

    [Fact]
    public void Build_OfFlakeWithSubmodules_AsksForThem() =>
        Assert.Equal("nixos-rebuild build --flake git+file:///w/a%20tree?submodules=1#web1 --no-write-lock-file", Text(NixCommands.Build(Flake with { FlakeAttribute = "web1", FlakeSubmodules = true }, "/w/a tree")));

    [Fact]
    public void Build_OfConfiguration_IgnoresAFlakeOfTheHost() =>
        Assert.Equal("nixos-rebuild build --no-flake -I nixos-config=/w/tree/configuration.nix", Text(NixCommands.Build(Plain, "/w/tree")));

    [Fact]
    public void Build_OfConfigurationElsewhere_NamesIt() =>
        Assert.Equal(
            "nixos-rebuild build --no-flake -I nixos-config=/w/tree/hosts/web1.nix",
            Text(NixCommands.Build(Plain with { ConfigurationFile = "hosts/web1.nix" }, "/w/tree")));

    [Fact]
    public void Build_OfFileAndAttribute_NamesBoth() =>
        Assert.Equal("nixos-rebuild build --file /w/tree/hosts.nix --attr web1", Text(NixCommands.Build(Plain with { File = "hosts.nix", Attribute = "web1" }, "/w/tree")));

    [Fact]
    public void Build_OfAttribute_ReadsDefaultNix() =>
        Assert.Equal("nixos-rebuild build --file /w/tree/default.nix --attr web1", Text(NixCommands.Build(Plain with { Attribute = "web1" }, "/w/tree")));

    [Fact]
    public void InScope_HoldsTheBuildToItsLimitsAndEndsWithTheDaemon()
    {
        var build = NixCommands.Build(Flake, "/w/tree") with { WorkingDirectory = "/w" };

        var held = NixCommands.InScope(build, new NixBuildLimits { MemoryBytes = 2_000_000_000 }, "x.scope", "reconciler.service");

        Assert.Equal("systemd-run", held.Program);
        Assert.Equal(
            [
                "--scope", "--quiet", "--no-ask-password", "--collect", "--unit=x.scope", "--slice=system.slice",
                "--property=MemoryMax=2000000000", "--property=MemorySwapMax=0", "--property=OOMPolicy=kill", "--property=CPUWeight=10",
                "--property=IOWeight=10", "--property=TimeoutStopSec=5", "--property=BindsTo=reconciler.service",
                "--", "nice", "-n", "15", "nixos-rebuild", "build", "--flake", "/w/tree", "--no-write-lock-file",
            ],
            held.Arguments);
        Assert.Equal((build.Timeout, "/w"), (held.Timeout, held.WorkingDirectory));
    }

    [Fact]
    public void InScope_OutsideAService_IsBoundToNone() =>
        Assert.DoesNotContain("BindsTo", Text(NixCommands.InScope(NixCommands.Build(Flake, "/w"), new NixBuildLimits { MemoryBytes = 1 }, "x.scope", null)), StringComparison.Ordinal);

    [Fact]
    public void Yielding_LowersThePriority() =>
        Assert.Equal("nice -n 15 nixos-rebuild build --flake /w --no-write-lock-file", Text(NixCommands.Yielding(NixCommands.Build(Flake, "/w"))));

    [Fact]
    public void StartDetached_KeepsOutcomeAndOutlivesTheDaemon()
    {
        var run = new DetachedRun("reconciler-trial-7-1.service", "d", "/s/bin/switch-to-configuration", ["test"], TimeSpan.FromMinutes(15));

        var arguments = NixCommands.StartDetached(run, "/var/lib/reconciler/activations/x.log", "/locale").Arguments;

        Assert.Equal(
            [
                "--quiet", "--no-ask-password", "--no-block", "--unit=reconciler-trial-7-1.service", "--description=d", "--service-type=exec",
                "--property=RemainAfterExit=yes", "--property=RuntimeMaxSec=900", "--property=TimeoutStopSec=30", "--property=OOMPolicy=continue",
                "--property=StandardOutput=append:/var/lib/reconciler/activations/x.log",
                "--property=StandardError=append:/var/lib/reconciler/activations/x.log",
                "--setenv=NIXOS_INSTALL_BOOTLOADER=0", "--setenv=LOCALE_ARCHIVE=/locale",
                "--", "/s/bin/switch-to-configuration", "test",
            ],
            arguments.Where(argument => !argument.StartsWith("--property=SuccessExitStatus=1 2 3 4 ", StringComparison.Ordinal)));
    }

    [Fact]
    public void StartDetached_TreatsEveryEndAsClean()
    {
        var arguments = NixCommands.StartDetached(new DetachedRun("u", "d", "/p", [], TimeSpan.FromSeconds(1)), "/o", null).Arguments;

        var codes = Assert.Single(arguments, argument => argument.StartsWith("--property=SuccessExitStatus=", StringComparison.Ordinal));
        Assert.Equal(Enumerable.Range(1, 255).Select(code => $"{code}"), codes["--property=SuccessExitStatus=".Length..].Split(' ').TakeWhile(code => !code.StartsWith("SIG", StringComparison.Ordinal)));
        Assert.Contains(" SIGKILL ", codes, StringComparison.Ordinal);
        Assert.DoesNotContain(arguments, argument => argument.Contains("LOCALE_ARCHIVE", StringComparison.Ordinal));
    }

    [Fact]
    public void DeleteGenerations_NamesNumbers() =>
        Assert.Equal("nix-env --profile /p/system --delete-generations 3 5", Text(NixCommands.DeleteGenerations("/p/system", [3, 5])));

    [Fact]
    public void SetProfile_NamesTheAbsolutePath() =>
        Assert.Equal($"nix-env --profile /p/system --set {System}", Text(NixCommands.SetProfile("/p/system", System)));

    [Fact]
    public void Others_AreAsWritten()
    {
        Assert.Equal($"nix-store --query --requisites {System}", Text(NixCommands.Closure(System)));
        Assert.Equal($"nix --extra-experimental-features nix-command path-info --recursive --size {System}", Text(NixCommands.ClosureWithSizes(System)));
        Assert.Equal("sync --file-system /nix/store /boot", Text(ProcessRequest.Sync("/nix/store", "/boot")));
        Assert.Equal($"{System}/bin/switch-to-configuration dry-activate", Text(NixCommands.DryActivate(System, TimeSpan.FromMinutes(1))));
        Assert.Equal("systemctl show --property=LoadState,ActiveState,SubState,Result,ExecMainCode,ExecMainStatus,MainPID,Job u.service", Text(NixCommands.ShowUnit("u.service")));
        Assert.Equal(
            "systemctl list-units --all --plain --no-legend --full reconciler-trial-*.service reconciler-rollback-*.service reconciler-repair-*.service reconciler-boot-entry.service",
            Text(NixCommands.ListDetached()));
    }

    [Theory]
    [InlineData(0, "reconciler-trial-12-1.service")]
    [InlineData(1, "reconciler-rollback-12-1.service")]
    [InlineData(2, "reconciler-repair-12-1.service")]
    public void UnitNames_AreRecognizedAsOurs(int purpose, string expected)
    {
        var name = DetachedUnits.NameOf(new ActivationName(new DeploymentId(12), (ActivationPurpose)purpose, 1));

        Assert.Equal(expected, name);
        Assert.True(DetachedUnits.IsOurs(name));
    }

    [Fact]
    public void Ended_TakesOnlyOurUnitsThatHaveEnded()
    {
        const string listing = """
            reconciler-trial-1-1.service loaded active exited Reconciler: Trial
            ● reconciler-trial-1-2.service loaded failed failed Reconciler: Trial
            reconciler-rollback-2-1.service loaded active running Reconciler
            reconciler-boot-entry.service loaded active exited Reconciler
            reconciler-trial-web.service loaded active exited somebody's
            reconciler.service loaded active running the daemon
            reconciler-repair-3-1.service loaded deactivating stop-sigterm x
            """;

        Assert.Equal(
            [new("reconciler-trial-1-1.service", false), new("reconciler-trial-1-2.service", true), new("reconciler-boot-entry.service", false)],
            DetachedUnits.Ended(listing));
    }

    private static string Text(ProcessRequest request) => string.Join(' ', request.Arguments.Insert(0, request.Program));
}
