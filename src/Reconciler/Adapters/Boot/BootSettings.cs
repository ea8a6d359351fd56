namespace Reconciler.Adapters.Boot;

/// <summary>Where a NixOS host keeps what its boot loader needs, and which boot loader that is.</summary>
internal sealed record BootSettings
{
    /// <summary>The boot loader.</summary>
    public BootLoaderKind Loader { get; init; } = BootLoaderKind.Auto;

    /// <summary>Whether programs that ask for no reboot are heard; otherwise systemd is told not to hear them either.</summary>
    public bool RespectInhibitors { get; init; } = true;

    /// <summary>Whether it matters who is logged in.</summary>
    public bool WaitForUsers { get; init; }

    /// <summary>Profiles beside the system profile; NixOS puts the generations of each into the boot menu.</summary>
    public string ProfilesDirectory { get; init; } = "/nix/var/nix/profiles/system-profiles";

    /// <summary>The Nix store.</summary>
    public string StoreDirectory { get; init; } = "/nix/store";

    /// <summary>Where the boot loader keeps its menu.</summary>
    public string BootDirectory { get; init; } = "/boot";

    /// <summary>The firmware's variables.</summary>
    public string EfiVariables { get; init; } = "/sys/firmware/efi/efivars";

    /// <summary>What is mounted where.</summary>
    public string MountInfo { get; init; } = "/proc/self/mountinfo";

    /// <summary>Disks by their numbers.</summary>
    public string BlockDevices { get; init; } = "/sys/dev/block";

    /// <summary>Exists where systemd runs.</summary>
    public string SystemdDirectory { get; init; } = "/run/systemd/system";

    /// <summary>Programs of the running system, which come before those of the daemon's own search path.</summary>
    public string SystemPrograms { get; init; } = "/run/current-system/sw/bin";
}

/// <summary>The boot loaders that can boot an entry once.</summary>
internal enum BootLoaderKind
{
    /// <summary>Whichever is found.</summary>
    Auto,

    /// <summary>systemd-boot.</summary>
    SystemdBoot,

    /// <summary>GRUB.</summary>
    Grub,
}
