using Microsoft.Extensions.Logging.Abstractions;
using Reconciler.Adapters.Nix;
using Reconciler.Model;
using Reconciler.Ports;
using Xunit;

namespace Reconciler.Tests.Adapters.Nix;

public sealed class NixHostTests : NixTests
{
    [Fact]
    public void Observe_ReadsTheLinks()
    {
        var (one, two) = (_folder.System("one"), _folder.System("two"));
        _folder.Link("run/current-system", two.Path);
        _folder.Link("run/booted-system", one.Path);
        _folder.Profile(7, (6, one), (7, two));

        Assert.Equal(new HostState(two, one, two, "0f5a2c9e-boot"), Host().Observe());
    }

    [Fact]
    public void Observe_WithoutLinks_KnowsNothing()
    {
        File.Delete(_folder.At("boot_id"));

        Assert.Equal(new HostState(null, null, null, ""), Host().Observe());
    }

    [Fact]
    public void Observe_OfALinkOutOfTheStore_IsUnknown()
    {
        _folder.Link("run/current-system", "/tmp");

        Assert.Null(Host().Observe().Running);
    }

    [Fact]
    public void Observe_OfALoop_Ends()
    {
        _folder.Link("run/current-system", "current-system");

        Assert.Null(Host().Observe().Running);
    }

    [Fact]
    public void Generations_AreNewestFirst()
    {
        var (one, two) = (_folder.System("one"), _folder.System("two"));
        _folder.Profile(9, (9, one), (10, two), (2, two));
        File.WriteAllText(_folder.At("profiles/system-x-link"), "not a generation");
        _folder.Link("profiles/system-11-link", "/etc");

        Assert.Equal(
            [(10, two, false), (9, one, true), (2, two, false)],
            Host().Generations().Select(g => (g.Number, g.Toplevel, g.IsBootDefault)));
        Assert.All(Host().Generations(), g => Assert.InRange(g.Made, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1)));
    }

    [Fact]
    public async Task SetProfile_WhenAlreadySet_RunsNothing()
    {
        var one = _folder.System("one");
        _folder.Profile(4, (4, one));
        _folder.Program("nix-env", "exit 0");

        Assert.Equal(new ProfileOutcome.Set(4), await Host().SetProfileAsync(one, Token));
        Assert.Empty(_folder.Calls());
    }

    [Fact]
    public async Task SetProfile_ReadsTheNewNumberBack()
    {
        var (one, two) = (_folder.System("one"), _folder.System("two"));
        _folder.Profile(4, (4, one));
        _folder.Program("nix-env", $"ln -s {two} {_folder.At("profiles/system-5-link")}; ln -sfn system-5-link {_folder.At("profiles/system")}");

        Assert.Equal(new ProfileOutcome.Set(5), await Host().SetProfileAsync(two, Token));
        Assert.Equal([$"nix-env --profile {_folder.At("profiles/system")} --set {two}"], _folder.Calls());
    }

    [Theory]
    [InlineData("echo 'error: opening lock file: Read-only file system' >&2; exit 1", "Read-only file system")]
    [InlineData("exit 0", "still points elsewhere")]
    public async Task SetProfile_ThatDidNotMoveTheLink_Fails(string program, string detail)
    {
        _folder.Profile(4, (4, _folder.System("one")));
        _folder.Program("nix-env", program);

        var failed = Assert.IsType<ProfileOutcome.Failed>(await Host().SetProfileAsync(_folder.System("two"), Token));

        Assert.Contains(detail, Assert.IsType<Failure.BootEntryFailed>(failed.Failure).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FlushStore_SyncsStoreProfileAndBoot()
    {
        _folder.Program("sync", "exit 0");

        Assert.Null(await Host().FlushStoreAsync(Token));
        Assert.Equal([$"sync --file-system {_folder.At("store")} {_folder.At("profiles")} {_folder.At("boot")}"], _folder.Calls());
    }

    [Fact]
    public async Task FlushStore_ThatFails_SaysSo()
    {
        _folder.Program("sync", "echo 'sync: Input/output error' >&2; exit 1");

        Assert.Contains("Input/output error", Assert.IsType<Failure.HostToolFailed>(await Host().FlushStoreAsync(Token)).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task KeepForDebugging_KeepsTheNewestFew()
    {
        var host = Host(_folder.Settings with { KeepFailed = 2 });
        foreach (var deployment in new long[] { 9, 10, 8, 100 })
        {
            await host.KeepForDebuggingAsync(new DeploymentId(deployment), _folder.System($"s{deployment}"), Token);
        }

        Assert.Equal(["failed-10", "failed-100"], Directory.EnumerateFileSystemEntries(_folder.At("gcroots/reconciler")).Select(Path.GetFileName).Order());
        Assert.Equal(_folder.System("s100").Path, new FileInfo(_folder.At("gcroots/reconciler/failed-100")).LinkTarget);
    }

    [Fact]
    public async Task KeepToReturnTo_KeepsTheLastOneOnly()
    {
        var host = Host();
        foreach (var name in new[] { "one", "two", "two" })
        {
            await host.KeepToReturnToAsync(_folder.System(name), Token);
        }

        var root = Assert.Single(Directory.EnumerateFileSystemEntries(_folder.At("gcroots/reconciler")));
        Assert.Equal(_folder.System("two").Path, new FileInfo(root).LinkTarget);
    }

    [Fact]
    public async Task KeepForDebugging_WithoutAPlace_DoesNotThrow()
    {
        await File.WriteAllTextAsync(_folder.At("gcroots/reconciler"), "a file is in the way", Token);

        await Host().KeepForDebuggingAsync(new DeploymentId(1), _folder.System("one"), Token);
    }

    [Fact]
    public async Task Prune_NamesNumbersAndSparesWhatRunsBootsOrIsProtected()
    {
        var systems = Enumerable.Range(0, 9).Select(n => _folder.System($"s{n}")).ToArray();
        _folder.Profile(8, [.. Enumerable.Range(1, 8).Select(n => (n, systems[n]))]);
        _folder.Link("run/current-system", systems[2].Path);
        _folder.Link("run/booted-system", systems[3].Path);
        _folder.Program("nix-env", "exit 0");

        await Host(_folder.Settings with { KeepGenerations = 2 }).PruneGenerationsAsync([systems[4]], Token);

        Assert.Equal([$"nix-env --profile {_folder.At("profiles/system")} --delete-generations 1 5 6"], _folder.Calls());
    }

    [Fact]
    public async Task Preview_TellsUnitsPackagesSizesAndReboot()
    {
        var old = _folder.System("nixos-system-a-25.05", kernel: "k1");
        var fresh = _folder.System("nixos-system-b-25.05", "case $1 in dry-activate) echo 'would restart the following units: web.service' >&2;; esac", "quiet splash", "k2");
        _folder.Link("run/current-system", old.Path);
        _folder.Link("run/booted-system", old.Path);
        _folder.Program("nix", $"case $6 in {old}) echo {StorePath("hello-2.10")} 100;; *) echo {StorePath("hello-2.12")} 250;; esac");

        var plan = Assert.IsType<PreviewOutcome.Ready>(await Host().PreviewAsync(fresh, _log, Token)).Plan;

        Assert.Equal(["web.service"], plan.Restart);
        Assert.Equal("hello 2.10 2.12", string.Join(' ', plan.Packages.SelectMany(p => new[] { p.Name }.Concat(p.Before).Concat(p.After))));
        Assert.Equal((250L, 100L), (plan.ClosureBytes, plan.ClosureBytesBefore));
        Assert.Equal(["kernel", "initrd", "kernel-modules", "systemd", "kernel-params"], plan.RebootReasons);
        Assert.Contains("would restart the following units: web.service", _log.Lines);
    }

    [Fact]
    public async Task Preview_WithoutRoom_Refuses()
    {
        var refused = await RefusalAsync(_folder.System("one"), _folder.Settings with { MinimumStoreFree = long.MaxValue });

        Assert.Equal(_folder.At("store"), Assert.IsType<Failure.NotEnoughSpace>(refused).Where);
        Assert.Empty(_folder.Calls());
    }

    [Fact]
    public async Task Preview_WithoutRoomForTheBootLoader_Refuses() =>
        Assert.Equal(
            _folder.At("boot"),
            Assert.IsType<Failure.NotEnoughSpace>(await RefusalAsync(_folder.System("one"), _folder.Settings with { MinimumBootFree = long.MaxValue })).Where);

    [Fact]
    public async Task Preview_WithoutBootFolder_DoesNotAskForRoomThere()
    {
        Directory.Delete(_folder.At("boot"));

        Assert.IsType<PreviewOutcome.Ready>(await Host(_folder.Settings with { MinimumBootFree = long.MaxValue }).PreviewAsync(_folder.System("one"), _log, Token));
    }

    [Fact]
    public async Task Preview_WhileTheLockIsHeld_Refuses()
    {
        await File.WriteAllTextAsync(_folder.At("run/switch.lock"), "", Token);
        using var held = new FileStream(_folder.At("run/switch.lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        Assert.IsType<Failure.AnotherSwitchRuns>(await RefusalAsync(_folder.System("one")));
    }

    [Fact]
    public async Task Preview_WithAFreeLock_GoesOn()
    {
        await File.WriteAllTextAsync(_folder.At("run/switch.lock"), "", Token);

        Assert.IsType<PreviewOutcome.Ready>(await Host().PreviewAsync(_folder.System("one"), _log, Token));
    }

    [Fact]
    public async Task Preview_WhileNixosRebuildSwitches_Refuses()
    {
        _folder.UseSystemd();
        _folder.Program("systemctl", "echo LoadState=loaded; echo ActiveState=active; echo SubState=running");

        Assert.Equal(new Failure.AnotherSwitchRuns("nixos-rebuild-switch-to-configuration.service"), await RefusalAsync(_folder.System("one")));
    }

    [Fact]
    public async Task Preview_WhereTheKernelKnowsOfNoNixosRebuild_DoesNotAskSystemd()
    {
        _folder.UseSystemd();
        Directory.CreateDirectory(_folder.At("services"));
        _folder.Program("systemctl", "echo LoadState=loaded; echo ActiveState=active; echo SubState=running");

        Assert.IsType<PreviewOutcome.Ready>(await Host().PreviewAsync(_folder.System("one"), _log, Token));

        _folder.Service("nixos-rebuild-switch-to-configuration.service", 77);
        Assert.IsType<Failure.AnotherSwitchRuns>(await RefusalAsync(_folder.System("one")));
    }

    [Fact]
    public async Task Preview_WithADifferingInhibitor_Refuses()
    {
        var (old, fresh) = (_folder.System("old"), _folder.System("new"));
        _folder.Link("run/current-system", old.Path);
        await File.WriteAllTextAsync($"{old}/switch-inhibitors", """{"dbus":"dbus"}""", Token);
        await File.WriteAllTextAsync($"{fresh}/switch-inhibitors", """{"dbus":"broker"}""", Token);

        Assert.Equal(["dbus: dbus → broker"], Assert.IsType<Failure.SwitchInhibited>(await RefusalAsync(fresh)).Inhibitors);
    }

    [Fact]
    public async Task Preview_WithAFailingPreSwitchCheck_Refuses()
    {
        var system = _folder.System("one", "[ $1 = dry-activate ] && { echo 'disk is missing'; echo \"Pre-switch check 'disk' failed\"; exit 1; }; exit 0");

        Assert.Equal("disk is missing\nPre-switch check 'disk' failed", Assert.IsType<Failure.PreSwitchCheckFailed>(await RefusalAsync(system)).Excerpt);
    }

    [Fact]
    public async Task Preview_OfAProgramThatKnowsNoDryActivate_GoesOn()
    {
        var system = _folder.System("one", "[ $1 = dry-activate ] && { echo \"Usage: $0 [switch|boot|test]\"; exit 1; }; exit 0");

        Assert.IsType<PreviewOutcome.Ready>(await Host().PreviewAsync(system, _log, Token));
        Assert.DoesNotContain(_log.Lines, line => line.Contains("going on without it", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Preview_WithAFailingDryActivate_GoesOnWithoutUnits()
    {
        var system = _folder.System("one", "[ $1 = dry-activate ] && { echo 'something broke'; exit 1; }; exit 0");

        var ready = Assert.IsType<PreviewOutcome.Ready>(await Host().PreviewAsync(system, _log, Token));

        Assert.True(ready.Plan.ChangesNothing);
        Assert.Contains("dry-activate ended with exit 1; going on without it", _log.Lines);
    }

    [Fact]
    public async Task Activate_WithoutSystemd_RunsTheProgramAndCanBeFound()
    {
        var host = Host();
        var name = new ActivationName(new DeploymentId(3), ActivationPurpose.Trial, 1);
        var system = _folder.System("one", "echo activating the configuration... >&2; echo 'warning: the following units failed: a.service' >&2; exit 4");

        Assert.IsType<ActivationSighting.NotFound>(await host.FindActivationAsync(name, Token));
        var outcome = await host.ActivateAsync(name, system, _log, Token);

        Assert.Equal(new ActivationOutcome.UnitsFailed("warning: the following units failed: a.service"), outcome);
        Assert.Equal(new ActivationSighting.Ended(outcome), await host.FindActivationAsync(name, Token));
        Assert.Equal(["switch-to-configuration test"], _folder.Calls());
        Assert.Contains("activating the configuration...", _log.Lines);
    }

    [Fact]
    public async Task Activate_WithoutSystemd_OutlivesACancelledWait()
    {
        var host = Host();
        var name = new ActivationName(new DeploymentId(3), ActivationPurpose.Trial, 1);
        var system = _folder.System("one", $"while [ ! -e {_folder.At("go")} ]; do sleep 0.02; done; exit 2");
        using var stop = new CancellationTokenSource();
        var wait = host.ActivateAsync(name, system, _log, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);

        Assert.IsType<ActivationSighting.Running>(await host.FindActivationAsync(name, Token));
        await File.WriteAllTextAsync(_folder.At("go"), "", Token);

        Assert.IsType<ActivationOutcome.ScriptFailed>(await host.AwaitActivationAsync(name, _log, Token));
    }

    [Fact]
    public async Task Activate_WithoutSystemd_WaitsForOneOfAnotherName()
    {
        var host = Host();
        var first = _folder.System("one", $"while [ ! -e {_folder.At("go")} ]; do sleep 0.02; done; echo first ended >> {_folder.At("calls")}");
        var second = _folder.System("two");
        using var stop = new CancellationTokenSource();
        var abandoned = host.ActivateAsync(new ActivationName(new DeploymentId(3), ActivationPurpose.Trial, 1), first, _log, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => abandoned);

        var rollback = host.ActivateAsync(new ActivationName(new DeploymentId(3), ActivationPurpose.Rollback, 1), second, _log, Token);
        await File.WriteAllTextAsync(_folder.At("go"), "", Token);

        Assert.IsType<ActivationOutcome.Succeeded>(await rollback);
        Assert.Equal(["switch-to-configuration test", "first ended", "switch-to-configuration test"], _folder.Calls());
    }

    [Fact]
    public async Task WriteBootEntry_RunsBoot()
    {
        Assert.Null(await Host().WriteBootEntryAsync(_folder.System("one"), _log, Token));
        Assert.Equal(["switch-to-configuration boot"], _folder.Calls());
    }

    private static string StorePath(string name) => $"/nix/store/{new string('d', 32)}-{name}";

    private NixHost Host(NixHostSettings? settings = null) =>
        new(settings ?? _folder.Settings, _folder.Runner(), TimeProvider.System, NullLogger<NixHost>.Instance);

    private async Task<Failure> RefusalAsync(Toplevel toplevel, NixHostSettings? settings = null) =>
        Assert.IsType<PreviewOutcome.Refused>(await Host(settings).PreviewAsync(toplevel, _log, Token)).Failure;
}
