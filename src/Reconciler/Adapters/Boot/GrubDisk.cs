namespace Reconciler.Adapters.Boot;

/// <summary>Whether GRUB can write to the file system of its folder. One that cannot would boot what it was to boot once again and again.</summary>
internal static class GrubDisk
{
    private static readonly string[] Writable = ["ext2", "ext3", "ext4", "vfat", "msdos", "xfs"];

    /// <summary>Why GRUB cannot write there; null when it can.</summary>
    /// <remarks>GRUB writes into the blocks of an existing file: not on file systems with checksums of data or copy on write, nor through LVM, RAID or encryption.</remarks>
    public static string? Trouble(BootSettings settings, string folder)
    {
        if (BootText.File(settings.MountInfo) is not { } mounts || MountOf(mounts, folder) is not var (type, device))
        {
            return $"it is not known what file system {folder} is on";
        }

        if (!Writable.Contains(type))
        {
            return $"{folder} is on {BootText.Line(type, 20)}, where GRUB cannot note that an entry was booted";
        }

        return new FileInfo(Path.Combine(settings.BlockDevices, device)).LinkTarget is { } disk && !disk.Contains("/virtual/", StringComparison.Ordinal)
            ? null
            : $"{folder} is not on a plain disk (LVM, RAID, encryption?), so GRUB cannot note that an entry was booted";
    }

    // 36 35 98:0 /root /mount/point options [optional fields] - type source options
    private static (string Type, string Device)? MountOf(string mounts, string folder) => mounts.Split('\n')
        .Select(line => line.Split(' '))
        .Where(fields => fields.Length > 6 && Array.IndexOf(fields, "-") is > 5 and var dash && dash + 1 < fields.Length && IsBelow(folder, fields[4]))
        .OrderBy(fields => fields[4].Length)
        .Select(fields => ((string, string)?)(fields[Array.IndexOf(fields, "-") + 1], fields[2]))
        .LastOrDefault();

    private static bool IsBelow(string folder, string mount) =>
        mount == "/" || folder == mount || folder.StartsWith(mount + "/", StringComparison.Ordinal);
}
