namespace Reconciler.Cli;

/// <summary>The machine this program runs on.</summary>
internal sealed class DoctorMachine : IDoctorMachine
{
    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private const UnixFileMode OpenToOthers = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.GroupWrite;

    /// <inheritdoc/>
    public string? FindProgram(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Where(directory => directory.StartsWith('/'))
        .Select(directory => Path.Combine(directory, name))
        .FirstOrDefault(path => File.Exists(path) && (File.GetUnixFileMode(path) & Executable) != 0);

    /// <inheritdoc/>
    public long? FreeBytes(string path)
    {
        try
        {
            return Directory.Exists(path) ? new DriveInfo(path).AvailableFreeSpace : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public string? DirectoryTrouble(string path)
    {
        if (!Directory.Exists(path))
        {
            return "there is no such directory, or this user may not see it";
        }

        try
        {
            using (File.Create(Path.Combine(path, ".doctor"), 1, FileOptions.DeleteOnClose))
            {
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"it cannot be written: {e.Message}";
        }

        return (File.GetUnixFileMode(path) & (UnixFileMode.OtherWrite | UnixFileMode.GroupWrite)) != 0 ? "others may write it" : null;
    }

    /// <inheritdoc/>
    public string? SecretTrouble(string path)
    {
        if (!File.Exists(path))
        {
            return "there is no such file, or this user may not see it";
        }

        return (File.GetUnixFileMode(path) & OpenToOthers) != 0 ? "others may read or write it" : null;
    }

    /// <inheritdoc/>
    public bool? IsClockSynchronized() =>
        Directory.Exists("/run/systemd/timesync") ? File.Exists("/run/systemd/timesync/synchronized") : null;
}
