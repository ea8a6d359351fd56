namespace Reconciler.Configuration;

/// <summary>Section <c>generations</c>.</summary>
/// <param name="Keep">Generations of the system profile that are kept.</param>
/// <param name="KeepFailed">Failed systems kept from garbage collection for debugging.</param>
internal sealed record GenerationSettings(int Keep, int KeepFailed)
{
    /// <summary>Reads the section.</summary>
    public static GenerationSettings Read(SettingsReader reader)
    {
        // Two at least: the current one, and one to go back to.
        var settings = new GenerationSettings(reader.Number("keep", 10, 2, 1000), reader.Number("keepFailed", 3, 0, 100));
        reader.Finish();
        return settings;
    }
}
