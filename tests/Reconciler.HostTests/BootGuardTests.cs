namespace Reconciler.HostTests;

/// <summary>A host that was booted into a system on trial which leaves it without a daemon.</summary>
public sealed class BootGuardTests(Beginnings beginnings) : HostTest(beginnings)
{
    /// <inheritdoc/>
    protected override MachineKind Kind { get; } = new()
    {
        Settings = """reboot = { when = "whenNeeded"; notice = "1s"; warmUp = "5s"; bootLoader = "grub"; }; trial.window = lib.mkOverride 40 "20s"; trial.deadMansGrace = "10s";""",
    };

    [Fact]
    public async Task BootedWithoutADaemon_IsRebootedIntoTheSystemBefore_WhichIsExplained()
    {
        var before = await Host.RunningAsync();
        var revision = await World.PushBadAsync(
            "no daemon after the boot",
            """boot.kernelPackages = pkgs.linuxPackages_6_15; systemd.services.reconciler.serviceConfig.ExecStart = lib.mkForce "/bin/false";""");
        await Machine.UntilDownAsync();
        await Machine.RestartAsync();
        Assert.NotEqual(before, await Host.BootedAsync());
        Assert.Equal(before, await Host.BootsAsync());

        await Machine.UntilDownAsync();
        await Machine.RestartAsync();
        Assert.Equal(before, await Host.BootedAsync());
        await World.RolledBackAsync(revision, before);
        Assert.Equal("", await Machine.ShellAsync("ls /var/lib/reconciler/dead-mans-switch | grep -x boot || true"));
    }

    [Fact]
    public async Task BootedWithADaemon_IsLeftAlone()
    {
        var revision = await World.PushAsync("another kernel", "boot.kernelPackages = pkgs.linuxPackages_6_15;");
        await Machine.UntilDownAsync();
        await Machine.RestartAsync();
        await World.ConfirmedAsync(revision, "another kernel");
        Assert.Equal("", await Machine.ShellAsync("ls /var/lib/reconciler/dead-mans-switch | grep -x boot || true"));
    }
}
