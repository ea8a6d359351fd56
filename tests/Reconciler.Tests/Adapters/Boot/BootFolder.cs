using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Reconciler.Adapters.Boot;
using Reconciler.Adapters.Processes;
using Reconciler.Model;
using Reconciler.Tests.Adapters.Nix;
using Reconciler.Tests.Making;

namespace Reconciler.Tests.Adapters.Boot;

/// <summary>A temporary folder laid out like the parts of a NixOS host a boot loader has to do with, and programs that do what they are told there.</summary>
internal sealed class BootFolder : IDisposable
{
    private const string Vendor = "-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f";

    private readonly TempFolder _folder = new();

    public BootFolder()
    {
        foreach (var folder in new[] { "boot/grub", "boot/loader/entries", "efi", "block", "sw" })
        {
            Directory.CreateDirectory(At(folder));
        }

        Runner = new ScriptedRunner(request => (Answer(request) ?? Act(request)) is var outcome ? outcome : throw new InvalidOperationException());
    }

    public static Toplevel Old { get; } = A.Toplevel("old");

    public static Toplevel New { get; } = A.Toplevel("new");

    public string Root => _folder.Path;

    public ScriptedRunner Runner { get; }

    /// <summary>Answers before the programs do.</summary>
    public Func<ProcessRequest, ProcessOutcome?> Answer { get; set; } = _ => null;

    public BootSettings Settings { get; set; } = new();

    public string At(string path) => _folder.At(path);

    public HostReboots Reboots() => new(
        Settings with
        {
            ProfilesDirectory = At("system-profiles"),
            BootDirectory = At("boot"),
            EfiVariables = At("efi"),
            MountInfo = At("mountinfo"),
            BlockDevices = At("block"),
            SystemPrograms = At("sw"),
        },
        Runner,
        NullLogger<HostReboots>.Instance);

    public string[] Ran() => [.. Runner.Requests.Select(request => string.Join(' ', [request.Program, .. request.Arguments]).Replace(Root, "", StringComparison.Ordinal))];

    public void Variable(string name, string? text)
    {
        var path = At($"efi/{name}{Vendor}");
        if (text is null)
        {
            File.Delete(path);
        }
        else
        {
            File.WriteAllBytes(path, [6, 0, 0, 0, .. Encoding.Unicode.GetBytes(text + '\0')]);
        }
    }

    public void Features(ulong bits) => File.WriteAllBytes(At($"efi/LoaderFeatures{Vendor}"), [6, 0, 0, 0, .. BitConverter.GetBytes(bits)]);

    /// <summary>A machine that systemd-boot booted, with the system before as its default and the new one in the profile for one boot.</summary>
    public void UseSystemdBoot(string @default = "nixos-generation-7.conf")
    {
        Variable("LoaderInfo", "systemd-boot 257.9");
        Features(0b1000);
        File.WriteAllText(At("boot/loader/loader.conf"), $"timeout 5\ndefault {@default}\neditor 0\nconsole-mode keep\n");
        Entry("nixos-generation-7.conf", "NixOS", Old);
        Entry("nixos-reconciler_trial-generation-1.conf", "NixOS [reconciler_trial]", New);
    }

    public void Entry(string name, string title, Toplevel toplevel) => File.WriteAllText(
        At($"boot/loader/entries/{name}"),
        $"title {title}\nsort-key nixos\nversion Generation 1 NixOS 25.05, built on 2026-03-03\nlinux /EFI/nixos/a-bzImage.efi\ninitrd /EFI/nixos/a-initrd.efi\noptions init={toplevel}/init loglevel=4\n");

    /// <summary>A machine with GRUB, on a plain disk unless told otherwise.</summary>
    public void UseGrub(string menu, string type = "ext4", string disk = "../../devices/pci0000:00/ata1/host0/block/sda/sda1")
    {
        File.WriteAllText(At("boot/grub/grub.cfg"), menu);
        File.WriteAllText(At("mountinfo"), $"22 1 0:20 / / rw,relatime shared:1 - tmpfs tmpfs rw\n30 22 8:1 / {At("boot")} rw,relatime shared:2 - {type} /dev/sda1 rw\n");
        File.CreateSymbolicLink(At("block/8:1"), disk);
    }

    public void Dispose() => _folder.Dispose();

    // What the real programs would do.
    private ProcessOutcome Act(ProcessRequest request)
    {
        switch (request.Program, request.Arguments)
        {
            case ("nix-env", ["--profile", var profile, "--set", var toplevel]):
                File.Delete(profile);
                File.CreateSymbolicLink(profile + "-1-link", toplevel);
                File.CreateSymbolicLink(profile, Path.GetFileName(profile) + "-1-link");
                break;
            case ("bootctl", ["set-oneshot", var id]):
                Variable("LoaderEntryOneShot", id.Length == 0 ? null : id);
                break;
            case ("bootctl", ["--print-boot-path"]) or ("bootctl", ["--print-esp-path"]):
                return ScriptedRunner.Exit(0, At("boot") + "\n");
            case ("grub-reboot", [_, var entry]):
                File.WriteAllText(At("boot/grub/grubenv"), $"# GRUB Environment Block\nnext_entry={entry}\n");
                break;
            case ("grub-editenv", [var file, "list"]):
                return ScriptedRunner.Exit(0, string.Join('\n', File.ReadLines(file).Skip(1)) + "\n");
            case ("grub-editenv", [var file, "unset", "next_entry"]):
                File.WriteAllText(file, "# GRUB Environment Block\n");
                break;
        }

        return ScriptedRunner.Exit(0);
    }
}
