namespace Reconciler.Configuration;

/// <summary>Section <c>preflight</c>.</summary>
internal sealed record PreflightSettings
{
    /// <summary>Bytes that must be free on the store's file system.</summary>
    public required long MinimumStoreFree { get; init; }

    /// <summary>Bytes that must be free on the boot file system.</summary>
    public required long MinimumBootFree { get; init; }

    /// <summary>Whether a system may be deployed that takes the daemon itself off the host.</summary>
    public required bool AllowOwnRemoval { get; init; }

    /// <summary>Reads the section.</summary>
    public static PreflightSettings Read(SettingsReader reader)
    {
        var settings = new PreflightSettings
        {
            MinimumStoreFree = reader.Size("minimumStoreFree", 1L << 30),
            MinimumBootFree = reader.Size("minimumBootFree", 32L << 20),
            AllowOwnRemoval = reader.Flag("allowOwnRemoval", false),
        };
        reader.Finish();
        return settings;
    }
}
