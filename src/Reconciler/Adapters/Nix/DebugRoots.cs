using System.Globalization;
using Reconciler.Model;

namespace Reconciler.Adapters.Nix;

/// <summary>Roots of garbage collection: one for the system to come back to, and one for each of the newest few systems that failed.</summary>
internal sealed class DebugRoots(string folder, int keep)
{
    private const string Prefix = "failed-";
    private const string ReturnPrefix = "return-";

    /// <summary>Links a system, and lets the oldest go.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public void Add(DeploymentId deployment, Toplevel toplevel)
    {
        if (keep > 0)
        {
            Directory.CreateDirectory(folder);
            var link = Path.Combine(folder, Prefix + deployment);
            if (Links.Read(link) != toplevel.Path)
            {
                File.Delete(link);
                File.CreateSymbolicLink(link, toplevel.Path);
            }
        }

        foreach (var old in Kept().OrderByDescending(root => root.Deployment).Skip(Math.Max(0, keep)))
        {
            File.Delete(old.Link);
        }
    }

    /// <summary>Links the system to come back to; then lets the one before go, so that there is no moment without one.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public void SetReturn(Toplevel toplevel)
    {
        Directory.CreateDirectory(folder);
        var link = Path.Combine(folder, ReturnPrefix + Path.GetFileName(toplevel.Path));
        if (Links.Read(link) != toplevel.Path)
        {
            File.Delete(link);
            File.CreateSymbolicLink(link, toplevel.Path);
        }

        foreach (var old in Directory.GetFileSystemEntries(folder, ReturnPrefix + "*").Where(old => old != link))
        {
            File.Delete(old);
        }
    }

    private List<(long Deployment, string Link)> Kept() => !Directory.Exists(folder) ? [] :
    [
        .. Directory.EnumerateFileSystemEntries(folder, Prefix + "*")
            .Select(link => (Number: Number(link), Link: link)).Where(root => root.Number is not null)
            .Select(root => (root.Number!.Value, root.Link)),
    ];

    private static long? Number(string link) =>
        long.TryParse(Path.GetFileName(link.AsSpan())[Prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
