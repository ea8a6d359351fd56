namespace Reconciler.Adapters.Nix;

/// <summary>Where a NixOS host keeps its things, and the limits it is driven with.</summary>
internal sealed record NixHostSettings
{
    /// <summary>Absolute path of the daemon's own folder; the output of activations is kept below it.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>The system profile.</summary>
    public string Profile { get; init; } = "/nix/var/nix/profiles/system";

    /// <summary>The link to the system that runs.</summary>
    public string RunningSystem { get; init; } = "/run/current-system";

    /// <summary>The link to the system that was booted.</summary>
    public string BootedSystem { get; init; } = "/run/booted-system";

    /// <summary>The Nix store.</summary>
    public string StoreDirectory { get; init; } = "/nix/store";

    /// <summary>Where the boot loader keeps kernels; a host may have none.</summary>
    public string BootDirectory { get; init; } = "/boot";

    /// <summary>Tells one boot from the next.</summary>
    public string BootIdFile { get; init; } = "/proc/sys/kernel/random/boot_id";

    /// <summary>Roots of garbage collection for failed systems that are kept.</summary>
    public string GcRootDirectory { get; init; } = "/nix/var/nix/gcroots/reconciler";

    /// <summary>The file every switch of the system holds locked.</summary>
    public string SwitchLockFile { get; init; } = "/run/nixos/switch-to-configuration.lock";

    /// <summary>Exists where systemd runs.</summary>
    public string SystemdDirectory { get; init; } = "/run/systemd/system";

    /// <summary>The control group of all system services.</summary>
    public string ServicesControlGroup { get; init; } = "/sys/fs/cgroup/system.slice";

    /// <summary>Bytes that must be free on the store's file system before an activation.</summary>
    public long MinimumStoreFree { get; init; } = 256L * 1024 * 1024;

    /// <summary>Bytes that must be free on the file system of <see cref="BootDirectory"/> before an activation.</summary>
    public long MinimumBootFree { get; init; } = 32L * 1024 * 1024;

    /// <summary>An activation, or the writing of a boot entry, that takes longer is killed.</summary>
    public TimeSpan ActivationTimeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How many generations are kept; 0 keeps them all.</summary>
    public int KeepGenerations { get; init; } = 20;

    /// <summary>How many failed systems are kept for debugging.</summary>
    public int KeepFailed { get; init; } = 3;
}
