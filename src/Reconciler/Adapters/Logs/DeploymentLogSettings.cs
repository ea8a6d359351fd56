namespace Reconciler.Adapters.Logs;

/// <summary>Where deployment logs are kept, and how many of them.</summary>
/// <param name="Folder">Absolute path; made when missing.</param>
internal sealed record DeploymentLogSettings(string Folder)
{
    /// <summary>Largest size of one file in bytes. The beginning takes seven eighths of it; the rest is for the end of what did not fit.</summary>
    public long LargestFile { get; init; } = 16 * 1024 * 1024;

    /// <summary>How many files are kept: those of the newest deployments.</summary>
    public int Files { get; init; } = 100;
}
