using Reconciler.Model;
using Reconciler.Tests.Adapters.Nix;
using Reconciler.Tests.Making;
using Xunit;

namespace Reconciler.Tests.Adapters.Boot;

/// <summary>systemd-boot boots once what its variable names; the default must be known to be the system to come back to.</summary>
public sealed class SystemdBootTests : BootTests
{
    [Fact]
    public async Task Arm_ChoosesTheEntryById_AndReadsItBackFromTheFirmware()
    {
        _folder.UseSystemdBoot();

        Assert.Null(await _folder.Reboots().ArmAsync(BootFolder.New, BootFolder.Old, Token));

        Assert.Contains("bootctl set-oneshot nixos-reconciler_trial-generation-1.conf", _folder.Ran());
        Assert.Equal("sync --file-system /boot", _folder.Ran()[^1]);
    }

    [Fact]
    public async Task Arm_CountedEntry_IsNamedWithoutItsCounters()
    {
        _folder.UseSystemdBoot();
        File.Move(_folder.At("boot/loader/entries/nixos-reconciler_trial-generation-1.conf"), _folder.At("boot/loader/entries/nixos-reconciler_trial-generation-1+3-1.conf"));

        Assert.Null(await _folder.Reboots().ArmAsync(BootFolder.New, BootFolder.Old, Token));

        Assert.Contains("bootctl set-oneshot nixos-reconciler_trial-generation-1.conf", _folder.Ran());
    }

    [Fact]
    public async Task Arm_FirmwareKeepsNothing_IsRefused()
    {
        _folder.UseSystemdBoot();
        _folder.Answer = request => request.Arguments[0] == "set-oneshot" ? ScriptedRunner.Exit(0) : null;

        Assert.Contains("says ''", Why(await _folder.Reboots().ArmAsync(BootFolder.New, BootFolder.Old, Token)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("default pattern", "the default entry is the pattern 'nixos-*'")]
    [InlineData("other default", "the default entry 'nixos-generation-6.conf' does not boot nixos-system-old")]
    [InlineData("default by variable", "the default entry 'windows.conf' does not boot nixos-system-old")]
    [InlineData("no entry", "none of the 1 entries of systemd-boot boots nixos-system-new")]
    [InlineData("old loader", "does not say that it can boot an entry once")]
    public async Task Check_MenuThatWillNotDo_SaysWhy(string trouble, string why)
    {
        _folder.UseSystemdBoot(trouble switch { "default pattern" => "nixos-*", "other default" => "nixos-generation-6.conf", _ => "nixos-generation-7.conf" });
        switch (trouble)
        {
            case "default by variable": _folder.Variable("LoaderEntryDefault", "windows.conf"); break;
            case "no entry": File.Delete(_folder.At("boot/loader/entries/nixos-reconciler_trial-generation-1.conf")); break;
            case "old loader": _folder.Features(0b0100); break;
        }

        Assert.Contains(why, Why(await _folder.Reboots().CheckMenuAsync(BootFolder.New, BootFolder.Old, Token)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disarm_TakesBackOnlyItsOwnChoice()
    {
        _folder.UseSystemdBoot();
        _folder.Variable("LoaderEntryOneShot", "auto-reboot-to-firmware-setup");
        await _folder.Reboots().DisarmAsync(Token);
        Assert.Empty(_folder.Ran());

        _folder.Variable("LoaderEntryOneShot", "nixos-reconciler_trial-generation-1.conf");
        await _folder.Reboots().DisarmAsync(Token);
        Assert.Equal("bootctl set-oneshot ", _folder.Ran()[0]);
    }

    [Fact]
    public async Task AddToMenu_MakesAProfileThatGrubsInstallerTakesToo_AndLeaveMenuRemovesAllOfIt()
    {
        _folder.UseSystemdBoot();
        var reboots = _folder.Reboots();

        Assert.Null(await reboots.AddToMenuAsync(BootFolder.New, Token));
        Assert.Matches(@"/system-profiles/\w+ --set ", _folder.Ran()[0]);
        File.CreateSymbolicLink(_folder.At("system-profiles/reconciler_trial-2-link"), BootFolder.Old.Path);
        File.CreateSymbolicLink(_folder.At("system-profiles/kiosk"), "kiosk-1-link");

        Assert.True(await reboots.LeaveMenuAsync(Token));
        Assert.Equal(["kiosk"], new DirectoryInfo(_folder.At("system-profiles")).EnumerateFileSystemInfos().Select(entry => entry.Name));
        Assert.False(await reboots.LeaveMenuAsync(Token));
    }

    [Fact]
    public async Task AddToMenu_NoKnownBootLoader_SaysWhatToSet()
    {
        Assert.Contains("name the boot loader as reboot.bootLoader", Why(await _folder.Reboots().AddToMenuAsync(BootFolder.New, Token)), StringComparison.Ordinal);
        Assert.Empty(_folder.Ran());
    }
}
