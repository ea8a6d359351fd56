namespace Reconciler.Adapters.Nix;

/// <summary>The lock every switch of the system holds while it works.</summary>
internal static class SwitchLock
{
    /// <summary>Whether some process holds it now. A file that is missing is held by nobody.</summary>
    public static bool IsHeld(string path)
    {
        try
        {
            // Opened without sharing, .NET takes the same advisory lock (flock, exclusive, not waiting) and gives it back at once.
            using var _ = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None);
            return false;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
