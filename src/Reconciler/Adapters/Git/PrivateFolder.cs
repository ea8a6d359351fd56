namespace Reconciler.Adapters.Git;

/// <summary>Folders only the daemon's user may enter.</summary>
internal static class PrivateFolder
{
    /// <summary>Makes a folder, and those above it where missing.</summary>
    public static void Make(string path)
    {
        Directory.CreateDirectory(path);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Deletes a folder with all it holds; symbolic links in it are not followed. Does nothing when it is not there.</summary>
    public static void Delete(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
        else if (Directory.Exists(Path.GetDirectoryName(path)))
        {
            File.Delete(path); // a file, or a link to nowhere, in its place
        }
    }

    /// <summary>Moves a folder out of the way, in place of one that was moved there before. Where it cannot be moved, as within some overlays, it is deleted.</summary>
    /// <exception cref="IOException">It can neither be moved nor deleted.</exception>
    /// <exception cref="UnauthorizedAccessException">As above.</exception>
    public static void SetAside(string path, string aside)
    {
        try
        {
            Delete(aside);
            Directory.Move(path, aside);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Also when the one before cannot be deleted: a second damaged folder must not stay in its place for that.
            Delete(path);
        }
    }
}
