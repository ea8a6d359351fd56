using System.Globalization;
using Reconciler.Adapters.Rim;

namespace Reconciler.Adapters.Nix;

/// <summary>The processes of system services, as the kernel's control groups tell them, without starting another to ask systemd.</summary>
/// <param name="slice">The control group of all system services.</param>
internal sealed class UnitProcesses(string slice)
{
    private const int LargestFile = 1024 * 1024;

    /// <summary>Whether a service has processes; null when that cannot be seen here.</summary>
    public bool? Any(string unit)
    {
        if (!Directory.Exists(slice))
        {
            return null;
        }

        return Read(unit, "cgroup.events") is { } events && events.Contains("populated 1", StringComparison.Ordinal);
    }

    /// <summary>The process a service has had the longest; 0 when it has none, or that cannot be seen here.</summary>
    public int First(string unit) =>
        int.TryParse(Read(unit, "cgroup.procs")?.Split('\n')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var process) ? process : 0;

    // A service that does not run has no control group. The kernel gives its files no length.
    private string? Read(string unit, string file) => SmallFile.Read(Path.Combine(slice, unit, file), LargestFile);
}
