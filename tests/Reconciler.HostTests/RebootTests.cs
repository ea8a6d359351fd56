namespace Reconciler.HostTests;

/// <summary>Systems that need a reboot are booted once, by the boot loader's own tools, and made the default only when they are well.</summary>
public sealed class RebootTests(Beginnings beginnings) : HostTest(beginnings)
{
    private const string OtherKernel = "boot.kernelPackages = pkgs.linuxPackages_6_15;";

    /// <inheritdoc/>
    protected override MachineKind Kind { get; } = new()
    {
        Settings = """reboot = { when = "whenNeeded"; notice = "1s"; warmUp = "5s"; bootLoader = "grub"; };""",
    };

    [Fact]
    public async Task Good_IsBootedOnce_JudgedAndConfirmed()
    {
        var before = await Host.BootsAsync();
        var revision = await World.PushAsync("another kernel", OtherKernel);
        await Machine.UntilDownAsync();
        await Machine.RestartAsync();
        await World.ConfirmedAsync(revision, "another kernel");
        Assert.NotEqual(before, await Host.BootsAsync());
        Assert.Equal(await Host.RunningAsync(), await Host.BootedAsync());
        Assert.Equal(["rebootStaged", "rebootRequested", "trialBooted", "confirmBegan", "confirmed"], await FactsAsync());
        await IsGoneFromTheMenuAsync();
    }

    [Fact]
    public async Task Good_WaitsForAnInhibitor_AndSaysWhose()
    {
        await Machine.TellAsync(
            "systemd-run", "--quiet", "--unit=backup", "/usr/bin/systemd-inhibit", "--what=shutdown", "--who=backup", "--why=writes the tape", "sleep", "infinity");
        await Host.UntilAsync("the inhibitor", async () => (await Machine.TellAsync("/usr/bin/systemd-inhibit", "--list", "--no-pager")).Contains("writes the tape", StringComparison.Ordinal));
        var revision = await World.PushAsync("inhibited", OtherKernel);
        await Host.UntilAsync(
            "who inhibits it", status => status.GetProperty("headline").GetString()!.Contains("is inhibited by backup (writes the tape)", StringComparison.Ordinal));
        Assert.Equal(await Host.RunningAsync(), await Host.BootsAsync());
        await Machine.TellAsync("systemctl", "stop", "backup");
        await Machine.UntilDownAsync();
        await Machine.RestartAsync();
        await World.ConfirmedAsync(revision, "inhibited");
    }

    [Fact]
    public async Task NotSwitchable_IsBootedInstead()
    {
        var revision = await World.PushAsync("another init", """system.initInterfaceVersion = "other";""");
        await Machine.UntilDownAsync();
        await Machine.RestartAsync();
        await World.ConfirmedAsync(revision, "another init");
    }

    [Theory]
    [InlineData("panic")]
    [InlineData("hang")]
    public async Task DoesNotBoot_ComesUpOnTheSystemBefore_WhichIsExplained(string how)
    {
        var before = await Host.RunningAsync();
        var revision = await World.PushBadAsync(how, $$"""boot.kernelParams = [ "testhost.{{how}}" ];""");
        await Machine.UntilDownAsync();
        await Machine.SwitchOnAsync();
        await Machine.CutPowerAsync();
        await Machine.RestartAsync();
        Assert.Equal(before, await Host.BootedAsync());
        await World.RolledBackAsync(revision, before);
        var told = (await Repository.NoteAsync(revision)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains("came up on the system before", string.Join(' ', told), StringComparison.Ordinal);
        Assert.Equal(["rebootStaged", "rebootRequested", "rollbackBegan", "rolledBack"], await FactsAsync());
        await IsGoneFromTheMenuAsync();
        await World.ConfirmedAsync(await World.PushAsync($"{how}, mended"), $"{how}, mended");
    }

    [Fact]
    public async Task SickAfterTheBoot_IsRebootedBack()
    {
        var before = await Host.RunningAsync();
        var revision = await World.PushBadAsync("sick after the boot", $"{OtherKernel} {Sick}");
        await Machine.UntilDownAsync();
        await Machine.RestartAsync();
        Assert.NotEqual(before, await Host.BootedAsync());
        await Machine.UntilDownAsync();
        await Machine.RestartAsync();
        Assert.Equal(before, await Host.BootedAsync());
        await World.RolledBackAsync(revision, before);
        Assert.Equal(["rebootStaged", "rebootRequested", "trialBooted", "rollbackBegan", "returnRequested", "rolledBack"], await FactsAsync());
        await IsGoneFromTheMenuAsync();
    }

    [Fact]
    public async Task PowerCutDuringTheGate_ComesUpOnTheSystemBefore()
    {
        var before = await Host.RunningAsync();
        var gate = World.NewGate();
        var revision = await World.PushBadAsync("cut", $"{OtherKernel} {Patient(gate)}");
        await Machine.UntilDownAsync();
        await Machine.RestartAsync();
        await gate.UntilReachedAsync();
        await Machine.CutPowerAsync();
        await Machine.RestartAsync();
        Assert.Equal(before, await Host.BootedAsync());
        await World.RolledBackAsync(revision, before);
    }

    // What happened to the latest deployment from its staging on, without what is told.
    private async Task<string[]> FactsAsync() =>
    [
        .. (await Host.LedgerAsync()).Select(entry => entry.GetProperty("kind").GetString()!)
            .Reverse().TakeWhile(kind => kind != "planRecorded").Where(kind => kind != "told").Reverse(),
    ];

    private async Task IsGoneFromTheMenuAsync()
    {
        Assert.Equal("0", await Machine.ShellAsync("grep -c reconciler_trial /boot/grub/grub.cfg || true"));
        Assert.Equal("", await Machine.ShellAsync("ls /nix/var/nix/profiles/system-profiles"));
        Assert.DoesNotContain("reconciler_trial", await Machine.ShellAsync("grub-editenv /boot/grub/grubenv list"), StringComparison.Ordinal);
    }
}
