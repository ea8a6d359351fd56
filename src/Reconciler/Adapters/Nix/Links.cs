namespace Reconciler.Adapters.Nix;

/// <summary>Reads symbolic links. Trouble is null.</summary>
internal static class Links
{
    private const int MostHops = 8;

    /// <summary>What a link says, as an absolute path; null when it is no link.</summary>
    public static string? Read(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget is { } target ? Path.GetFullPath(target, Path.GetDirectoryName(path) ?? "/") : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Follows links to the first path that lies in a folder; null when none does. The path itself need not exist.</summary>
    public static string? FollowInto(string folder, string path)
    {
        for (var hop = 0; hop < MostHops; hop++)
        {
            if (Read(path) is not { } next)
            {
                return null;
            }

            if (next.StartsWith(folder + "/", StringComparison.Ordinal))
            {
                return next;
            }

            path = next;
        }

        return null;
    }
}
