using LibGit2Sharp;

namespace Reconciler.Adapters.Git;

/// <summary>Opens repositories with libgit2, which reads no configuration but each repository's own: as the git program is run here.</summary>
internal static class LibGit2
{
    // The search paths are process-wide and not safe to set while another thread opens a repository: once, before the first.
    private static readonly Lazy<bool> Isolated = new(() =>
    {
        foreach (var level in new[] { ConfigurationLevel.Global, ConfigurationLevel.Xdg, ConfigurationLevel.System, ConfigurationLevel.ProgramData })
        {
            GlobalSettings.SetConfigSearchPaths(level, "/nonexistent");
        }

        return true;
    });

    /// <summary>Opens a repository.</summary>
    /// <exception cref="LibGit2SharpException">There is none, or it is damaged.</exception>
    public static Repository Open(string path) => Isolated.Value ? new Repository(path) : throw new InvalidOperationException();

    /// <summary>Makes a bare repository.</summary>
    public static void InitBare(string path)
    {
        _ = Isolated.Value;
        Repository.Init(path, isBare: true);
    }
}
