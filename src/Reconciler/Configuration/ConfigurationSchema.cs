namespace Reconciler.Configuration;

/// <summary>The published JSON schema of the configuration, as the program carries it.</summary>
internal static class ConfigurationSchema
{
    /// <summary>Opens its text.</summary>
    public static Stream Open() =>
        typeof(ConfigurationSchema).Assembly.GetManifestResourceStream("config.schema.json")
        ?? throw new InvalidOperationException("The configuration schema is not part of this program.");
}
