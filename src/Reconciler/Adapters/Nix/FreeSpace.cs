using Reconciler.Model;

namespace Reconciler.Adapters.Nix;

/// <summary>Room on file systems.</summary>
internal static class FreeSpace
{
    /// <summary>The failure when a folder's file system has less than it should; null when it has enough, or the folder is missing.</summary>
    public static Failure.NotEnoughSpace? Lacking(string folder, long needed)
    {
        if (needed <= 0 || !Directory.Exists(folder))
        {
            return null;
        }

        try
        {
            var free = new DriveInfo(folder).AvailableFreeSpace;
            return free < needed ? new Failure.NotEnoughSpace(folder, needed, free) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
