using System.Runtime.InteropServices;

namespace Reconciler.Cli;

/// <summary>The machine this program runs on.</summary>
internal sealed class DoctorMachine : IDoctorMachine
{
    private const int TimexSize = 512; // struct timex is 208 bytes
    private const long WorstError = 16_000_000; // microseconds; timex.maxerror is its fourth word
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
    public bool? IsClockSynchronized()
    {
        // Asked with no change wanted. As timedatectl has it, the clock is in step while its greatest error is below 16 s;
        // the kernel lets that error grow when no service sets it right.
        var record = new byte[TimexSize];
        return adjtimex(record) < 0 ? null : Field(record, 3) < WorstError;
    }

    private static long Field(byte[] record, int number) =>
        IntPtr.Size == 8 ? BitConverter.ToInt64(record, number * 8) : BitConverter.ToInt32(record, number * 4);

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int adjtimex(byte[] record);
}
