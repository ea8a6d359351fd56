using Reconciler.Model;

namespace Reconciler.Adapters.Nix;

/// <summary>Reads a process's control group, as in <c>/proc/self/cgroup</c>.</summary>
internal static class ControlGroup
{
    /// <summary>The system service this process is part of; null when it is part of none, or that cannot be known.</summary>
    /// <param name="file">The control group of this process, as the kernel tells it.</param>
    public static string? OwnService(string file = "/proc/self/cgroup")
    {
        try
        {
            return ServiceOf(File.ReadAllText(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The system service it is part of; null when it is part of none, such as in somebody's session.</summary>
    public static string? ServiceOf(string text) => text.Split('\n')
        .Where(line => line.StartsWith("0::", StringComparison.Ordinal) || line.Contains(":name=systemd:", StringComparison.Ordinal))
        .Select(line => line[(line.LastIndexOf(':') + 1)..].Split('/'))
        .Where(path => !path.Any(part => part.StartsWith("user@", StringComparison.Ordinal)))
        .Select(path => path[^1])
        .FirstOrDefault(name => name.EndsWith(".service", StringComparison.Ordinal) && UnitName.IsValid(name));
}
