using System.Text;

namespace Reconciler.Adapters.Nix;

/// <summary>How large the archive of a store path is, from names and sizes alone: nothing is read, so a whole store can be gone over in seconds.</summary>
/// <remarks>The archive's format is in the Nix manual, "Nix Archive (NAR) format": texts with their length, padded to eight bytes.</remarks>
internal static class NarSize
{
    private static readonly long Magic = Of("nix-archive-1");
    private static readonly long Node = Of("(") + Of("type") + Of(")");
    private static readonly long Regular = Of("regular") + Of("contents");
    private static readonly long Executable = Of("executable") + Of("");
    private static readonly long Link = Of("symlink") + Of("target");
    private static readonly long Folder = Of("directory");
    private static readonly long Entry = Of("entry") + Of("(") + Of("name") + Of("node") + Of(")");

    /// <summary>Bytes of a path's archive; null when the path is not there or cannot be read.</summary>
    public static long? OfPath(string path)
    {
        try
        {
            return Magic + Measure(new FileInfo(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static long Measure(FileSystemInfo file)
    {
        if (file.LinkTarget is { } target)
        {
            return Node + Link + Of(target);
        }

        if (file.Attributes.HasFlag(FileAttributes.Directory))
        {
            return Node + Folder + new DirectoryInfo(file.FullName).EnumerateFileSystemInfos().Sum(entry => Entry + Of(entry.Name) + Measure(entry));
        }

        var isExecutable = !OperatingSystem.IsWindows() && file.UnixFileMode.HasFlag(UnixFileMode.UserExecute);
        return Node + Regular + (isExecutable ? Executable : 0) + 8 + Padded(((FileInfo)file).Length);
    }

    private static long Of(string text) => 8 + Padded(Encoding.UTF8.GetByteCount(text));

    private static long Padded(long length) => (length + 7) / 8 * 8;
}
