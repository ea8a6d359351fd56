using Reconciler.Adapters.Boot;
using Reconciler.Model;
using Reconciler.Tests.Adapters.Nix;
using Reconciler.Tests.Making;
using Xunit;

namespace Reconciler.Tests.Adapters.Boot;

/// <summary>GRUB boots once only what it can find, without asking anybody, and only where it can note that it did.</summary>
public sealed class GrubTests : BootTests
{
    [Fact]
    public async Task Arm_ChoosesTheEntryInTheProfilesSubmenu_ReadsItBackAndFlushes()
    {
        _folder.UseGrub(GrubMenus.Of(BootFolder.Old, BootFolder.New));

        Assert.Null(await _folder.Reboots().ArmAsync(BootFolder.New, BootFolder.Old, Token));

        Assert.Equal(
            [$"grub-reboot --boot-directory=/boot {GrubMenus.Trial}", "grub-editenv /boot/grub/grubenv list", "sync --file-system /boot"], _folder.Ran());
    }

    [Fact]
    public async Task Arm_ProgramsOfTheRunningSystem_ComeFirst()
    {
        _folder.UseGrub(GrubMenus.Of(BootFolder.Old, BootFolder.New));
        await File.WriteAllTextAsync(_folder.At("sw/grub-reboot"), "", Token);

        await _folder.Reboots().ArmAsync(BootFolder.New, BootFolder.Old, Token);

        Assert.StartsWith("/sw/grub-reboot ", _folder.Ran()[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Arm_SystemWithSpecialisations_NamesPlacesSinceGrubFindsNoTitleThatBeginsWithAnArrow()
    {
        _folder.UseGrub(GrubMenus.Specialised(BootFolder.Old, BootFolder.New));

        Assert.Null(await _folder.Reboots().ArmAsync(BootFolder.New, BootFolder.Old, Token));

        Assert.EndsWith("'reconciler_trial'>0>0", _folder.Ran()[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Arm_WhatIsReadBackDiffers_IsTakenBackAndRefused()
    {
        _folder.UseGrub(GrubMenus.Of(BootFolder.Old, BootFolder.New));
        _folder.Answer = request => request.Arguments[^1] == "list" ? ScriptedRunner.Exit(0, "saved_entry=0\n") : null;

        Assert.Contains("was told to boot", Why(await _folder.Reboots().ArmAsync(BootFolder.New, BootFolder.Old, Token)), StringComparison.Ordinal);

        Assert.Equal("grub-editenv /boot/grub/grubenv unset next_entry", _folder.Ran()[^1]);
    }

    [Theory]
    [InlineData("another default", "does not boot nixos-system-old")]
    [InlineData("saved default", "GRUB's default '${saved_entry}' does not boot")]
    [InlineData("no entry", "has no entry that boots nixos-system-new")]
    [InlineData("other profile", "has no entry that boots nixos-system-new")]
    [InlineData("password", "would ask for a password")]
    [InlineData("never forgets", "does not forget an entry")]
    [InlineData("btrfs", "is on btrfs, where GRUB cannot note that an entry was booted")]
    [InlineData("lvm", "is not on a plain disk")]
    [InlineData("hidden", "has no entry that boots nixos-system-new")]
    public async Task Check_MenuThatWillNotDo_SaysWhy(string trouble, string why)
    {
        var (boots, trial) = (BootFolder.Old, BootFolder.New);
        switch (trouble)
        {
            case "another default": _folder.UseGrub(GrubMenus.Of(A.Toplevel("other"), trial)); break;
            case "saved default": _folder.UseGrub(GrubMenus.Of(boots, trial, "\"${saved_entry}\"")); break;
            case "no entry": _folder.UseGrub(GrubMenus.Of(boots, A.Toplevel("other"))); break;
            case "other profile": _folder.UseGrub(GrubMenus.Of(boots, trial, profile: "kiosk")); break;
            case "password": _folder.UseGrub(GrubMenus.Of(boots, trial, header: "set superusers=\"root\"")); break;
            case "never forgets": _folder.UseGrub(GrubMenus.Of(boots, trial, saves: "true")); break;
            case "btrfs": _folder.UseGrub(GrubMenus.Of(boots, trial), type: "btrfs"); break;
            case "lvm": _folder.UseGrub(GrubMenus.Of(boots, trial), disk: "../../devices/virtual/block/dm-0"); break;
            default:
                _folder.UseGrub("submenu \"NixOS - Profile 'reconciler_trial'\" {\n}\n" + GrubMenus.Of(boots, trial, @default: "NixOS"));
                break;
        }

        Assert.Contains(why, Why(await _folder.Reboots().CheckMenuAsync(trial, boots, Token)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_PasswordsAndAnOpenSubmenu_WillDo()
    {
        _folder.UseGrub(GrubMenus.Of(BootFolder.Old, BootFolder.New, header: "set superusers=\"root\"", submenuOptions: "--class submenu --unrestricted"));

        Assert.Null(await _folder.Reboots().CheckMenuAsync(BootFolder.New, BootFolder.Old, Token));
    }

    [Fact]
    public async Task Check_OperatorVouchesForGrub_LooksAtNoDisk()
    {
        _folder.UseGrub(GrubMenus.Of(BootFolder.Old, BootFolder.New), type: "overlay");
        Assert.NotNull(await _folder.Reboots().CheckMenuAsync(BootFolder.New, BootFolder.Old, Token));

        _folder.Settings = new BootSettings { Loader = BootLoaderKind.Grub };
        Assert.Null(await _folder.Reboots().CheckMenuAsync(BootFolder.New, BootFolder.Old, Token));
    }

    [Fact]
    public async Task Disarm_SomebodyElsesChoice_IsLeft()
    {
        _folder.UseGrub(GrubMenus.Of(BootFolder.Old, BootFolder.New));
        await File.WriteAllTextAsync(_folder.At("boot/grub/grubenv"), "# GRUB Environment Block\nnext_entry=Windows\n", Token);

        await _folder.Reboots().DisarmAsync(Token);
        Assert.DoesNotContain(_folder.Ran(), ran => ran.Contains("unset", StringComparison.Ordinal));

        await _folder.Reboots().ArmAsync(BootFolder.New, BootFolder.Old, Token);
        await _folder.Reboots().DisarmAsync(Token);
        Assert.Equal(["grub-editenv /boot/grub/grubenv unset next_entry", "sync --file-system /boot"], _folder.Ran()[^2..]);
    }
}
