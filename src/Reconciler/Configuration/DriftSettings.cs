namespace Reconciler.Configuration;

/// <summary>Section <c>drift</c>.</summary>
/// <param name="Repair">Whether the confirmed system is activated again when something else runs.</param>
internal sealed record DriftSettings(bool Repair)
{
    /// <summary>Reads the section.</summary>
    public static DriftSettings Read(SettingsReader reader)
    {
        var settings = new DriftSettings(reader.Flag("repair", false));
        reader.Finish();
        return settings;
    }
}
