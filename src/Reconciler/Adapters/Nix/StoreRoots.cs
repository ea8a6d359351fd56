namespace Reconciler.Adapters.Nix;

/// <summary>The roots of garbage collection that are the daemon's own: the result of each build, and systems kept for debugging or to come back to.</summary>
internal sealed class StoreRoots(NixHostSettings settings)
{
    /// <summary>Removes the roots that hold one of these paths.</summary>
    public void Release(IReadOnlySet<string> paths)
    {
        foreach (var link in Links().Where(link => Nix.Links.Read(link) is { } target && paths.Contains(target)))
        {
            try
            {
                File.Delete(link);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Then its path cannot be removed, and that is said.
            }
        }
    }

    // Named one by one: a look into folders would follow links into the store.
    private IEnumerable<string> Links() =>
        Entries(Path.Combine(settings.StateDirectory, "build")).Select(folder => Path.Combine(folder, "result")).Concat(Entries(settings.GcRootDirectory));

    private static string[] Entries(string folder) => Directory.Exists(folder) ? Directory.GetFileSystemEntries(folder) : [];
}
