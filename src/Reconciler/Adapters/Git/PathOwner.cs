using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Reconciler.Adapters.Git;

/// <summary>Whose a repository on this machine is. Who writes to it runs its hooks, and the programs its configuration names.</summary>
internal static class PathOwner
{
    private const int WorkingFolder = -100; // AT_FDCWD
    private const uint WantUser = 0x8; // STATX_UID
    private const int UserAt = 20; // offset of stx_uid, the same on every machine
    private const int RecordSize = 256;
    private static readonly string[] Parts = ["", "/config", "/hooks", "/objects"];

    /// <summary>Why this user should not write to the repository at a path; null when it is its own, or root's.</summary>
    /// <remarks>git would run the hooks there, and what the configuration there names, with this user's rights: as a rule root's.</remarks>
    public static string? TroubleAt(string path)
    {
        var repository = LocalRefs.DirectoryOf(path) ?? path;
        return Parts
            .Select(part => (Path: repository + part, Owner: Of(repository + part)))
            .Where(found => found.Owner is { } owner && owner != 0 && owner != geteuid())
            .Select(found => $"{found.Path} belongs to user {found.Owner}, whose hooks would run with the daemon's rights: give the repository to root, or reach it over ssh")
            .FirstOrDefault();
    }

    /// <summary>The numeric owner of a file, symbolic links followed; null when it is not there or cannot be told.</summary>
    public static uint? Of(string path)
    {
        var record = new byte[RecordSize];
        return statx(WorkingFolder, [.. Encoding.UTF8.GetBytes(path), 0], 0, WantUser, record) == 0
            ? BitConverter.IsLittleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(record.AsSpan(UserAt)) : BinaryPrimitives.ReadUInt32BigEndian(record.AsSpan(UserAt))
            : null;
    }

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int statx(int folder, byte[] path, int flags, uint mask, byte[] record);

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint geteuid();
}
