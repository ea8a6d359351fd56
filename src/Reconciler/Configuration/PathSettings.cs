namespace Reconciler.Configuration;

/// <summary>Section <c>paths</c>; all absolute. The defaults are those of NixOS.</summary>
internal sealed record PathSettings
{
    /// <summary>The daemon's own directory: ledger, mirror, logs.</summary>
    public required string State { get; init; }

    /// <summary>The system profile.</summary>
    public required string Profile { get; init; }

    /// <summary>Link to the system that runs.</summary>
    public required string RunningSystem { get; init; }

    /// <summary>Link to the system that was booted.</summary>
    public required string BootedSystem { get; init; }

    /// <summary>The Nix store.</summary>
    public required string Store { get; init; }

    /// <summary>The boot file system.</summary>
    public required string Boot { get; init; }

    /// <summary>Directory for garbage-collector roots of ours.</summary>
    public required string GcRoots { get; init; }


    /// <summary>Reads the section.</summary>
    public static PathSettings Read(SettingsReader reader)
    {
        var settings = new PathSettings
        {
            State = reader.AbsolutePath("state", "/var/lib/reconciler"),
            Profile = reader.AbsolutePath("profile", "/nix/var/nix/profiles/system"),
            RunningSystem = reader.AbsolutePath("runningSystem", "/run/current-system"),
            BootedSystem = reader.AbsolutePath("bootedSystem", "/run/booted-system"),
            Store = reader.AbsolutePath("store", "/nix/store"),
            Boot = reader.AbsolutePath("boot", "/boot"),
            GcRoots = reader.AbsolutePath("gcRoots", "/nix/var/nix/gcroots/reconciler"),
        };
        reader.Finish();
        return settings;
    }
}
