namespace Reconciler.HostTests;

/// <summary>Switches that fail in each of the ways they can, and systems that are changed behind the daemon's back.</summary>
public sealed class ActivationTests(Beginnings beginnings) : HostTest(beginnings)
{
    [Theory]
    [InlineData("exit 2", """system.activationScripts.broken = "false";""")]
    [InlineData("exit 4", """systemd.services.broken = { wantedBy = [ "multi-user.target" ]; serviceConfig.Type = "oneshot"; script = "exit 1"; };""")]
    [InlineData("a broken web server", """systemd.services.hello-web.serviceConfig.ExecStart = lib.mkForce "${pkgs.busybox}/bin/busybox httpd --no-such-option -f";""")]
    public async Task FailedSwitch_RollsBack(string mark, string nix)
    {
        var before = await Host.RunningAsync();
        var revision = await World.PushBadAsync(mark, nix);
        await World.RolledBackAsync(revision, before);
        await World.ConfirmedAsync(await World.PushAsync($"{mark}, mended"), $"{mark}, mended");
    }

    [Fact]
    public async Task SwitchThatDies_RollsBack()
    {
        var before = await Host.RunningAsync();
        await Machine.ShellAsync(
            """
            mkdir -p /run/nixos
            printf '#!/bin/sh\n[ $NIXOS_ACTION-$1 = test-activated ] || exit 0\nrm /run/nixos/test-hook\nkill -9 $PPID\n' > /run/nixos/test-hook
            chmod +x /run/nixos/test-hook
            """);
        await World.RolledBackAsync(await World.PushBadAsync("dead switch", ""), before);
    }

    [Theory]
    [InlineData("exit 100", """system.initInterfaceVersion = "other";""", "reboot")]
    [InlineData("a check refuses", """system.preSwitchChecks.never = "echo not today; exit 1";""", "not today")]
    public async Task RefusedSwitch_EndsWithTheReasonAndTouchesNothing(string mark, string nix, string reason)
    {
        var before = await Host.RunningAsync();
        var deployment = await Host.UntilSettledAsync(await World.PushBadAsync(mark, nix), "failed");
        Assert.Equal(before, await Host.RunningAsync());
        Assert.Contains(reason, await Host.TellAsync("show", deployment.GetProperty("id").GetRawText()), StringComparison.Ordinal);
        await World.SoundAsync();
    }

    [Fact]
    public async Task BrokenBootLoader_RollsBackAndBlamesTheMachine()
    {
        var before = await Host.RunningAsync();
        var revision = await World.PushBadAsync(
            "no boot loader", """system.build.installBootLoader = lib.mkForce (pkgs.writeShellScript "broken" "exit 1");""");
        await Host.UntilSettledAsync(revision, "rolledBack");
        Assert.Equal(before, await Host.RunningAsync());
        await Host.UntilAsync("the note", async () => (await Repository.NoteAsync(revision)).Contains("boot entry could not be moved", StringComparison.Ordinal));

        // To revert the commit would mend nothing.
        Assert.Empty(await Repository.RevertBranchesAsync());
        await World.SoundAsync();
    }

    [Fact]
    public async Task Drift_IsReported_AndRepairedWhenConfigured()
    {
        await World.ConfirmedAsync(await World.PushAsync("drift 1"), "drift 1");
        var older = await Host.RunningAsync();
        await World.ConfirmedAsync(await World.PushAsync("drift 2"), "drift 2");
        await Machine.TellAsync($"{older}/bin/switch-to-configuration", "test");
        await Host.RunAsync("sync");
        await Host.UntilAsync("the drift told", status => status.GetProperty("state").GetString() == "drifted");
        Assert.Equal("drift 1", await Host.MarkAsync());
        await Machine.TellAsync($"{await Host.ProfileAsync()}/bin/switch-to-configuration", "test");
        await Host.RunAsync("sync");
        await Host.UntilAsync("no drift", status => status.GetProperty("state").GetString() == "upToDate");

        // Other settings: the daemon begins anew with them, by itself.
        var daemon = await Host.DaemonAsync();
        var revision = await World.PushAsync("drift 3", "services.reconciler.settings.drift.repair = true;");
        await Host.UntilAnotherDaemonAsync(daemon);
        await World.ConfirmedAsync(revision, "drift 3");
        await Machine.TellAsync($"{older}/bin/switch-to-configuration", "test");
        await Host.RunAsync("sync");
        await Host.UntilAsync("the repair", async () => await Host.MarkAsync() == "drift 3");
        await Host.UntilAsync("no drift", status => status.GetProperty("state").GetString() == "upToDate");
        await World.SoundAsync();
    }

    [Fact]
    public async Task Drift_WhileAnotherSwitchRuns_IsRepairedBySettingsThatWereConfirmed()
    {
        var older = await Host.RunningAsync();
        var daemon = await Host.DaemonAsync();
        var revision = await World.PushAsync("repairing", "services.reconciler.settings.drift.repair = true;");
        await Host.UntilAnotherDaemonAsync(daemon);
        await World.ConfirmedAsync(revision, "repairing");
        daemon = await Host.DaemonAsync();

        // Runs, and still holds the lock; its settings know of no repair.
        var gate = World.NewGate();
        await gate.IntoSwitchAsync("test", "end", older);
        await Machine.TellAsync("systemd-run", "--quiet", "--unit=by-hand", $"{older}/bin/switch-to-configuration", "test");
        await gate.UntilReachedAsync();
        await Host.RunAsync("sync");
        await Host.UntilAsync(
            "a repair that could not be", status => status.GetProperty("headline").GetString()!.Contains("the repair is tried again", StringComparison.Ordinal));
        await gate.OpenAsync();
        await Host.UntilAsync("the repair", async () => await Host.MarkAsync() == "repairing");
        await Host.UntilAsync("no drift", status => status.GetProperty("state").GetString() == "upToDate");
        Assert.Equal(daemon, await Host.DaemonAsync());
        await World.SoundAsync();
    }
}
