using Microsoft.Data.Sqlite;
using Reconciler.History;
using Reconciler.Ports;

namespace Reconciler.Adapters.Sqlite;

/// <summary>Says what happened to the ledger file, why, and what to do.</summary>
internal static class LedgerTrouble
{
    private const int Permission = 3;
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int Input = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int Constraint = 19;
    private const int Authorization = 23;
    private const int NotADatabase = 26;
    private const int Plain = 1;
    private const int NoSpace = 28; // ENOSPC
    private const long LittleSpace = 256 * 1024;

    /// <summary>What an exception of SQLite or of the file system means for whoever asked.</summary>
    public static Exception Of(Exception e, string path) => e switch
    {
        SqliteException s => Of(s, path),
        IOException io when io.HResult == NoSpace => DiskFull(path, e),
        UnauthorizedAccessException => new LedgerForbiddenException(
            $"The ledger {path} may not be opened: permission is denied. Run as root, or give this user access to its folder.", e),
        IOException => new LedgerUnavailableException($"The ledger {path} cannot be used: {Short(e.Message)} Mend its folder or its disk; it is then used again.", e),
        _ => new InvalidLedgerException($"The ledger {path} cannot be read: {Short(e.Message)} Restore it from a backup, or move it away to begin a new one.", e),
    };

    private static Exception Of(SqliteException e, string path) => e.SqliteErrorCode switch
    {
        Full => DiskFull(path, e),
        Input when HasLittleSpace(path) => DiskFull(path, e),
        Input => new LedgerUnavailableException(
            $"The disk under the ledger {path} failed ({Code(e)}). Look at the kernel's messages (journalctl -k) and mend or replace the disk.", e),
        ReadOnly => new LedgerUnavailableException(
            $"The ledger {path} is read-only ({Code(e)}). Mount its file system writable, or make the file and its folder writable; it is then used again.", e),
        Busy or Locked => new LedgerUnavailableException(
            $"The ledger {path} is locked by another process ({Code(e)}). End the program that has it open for writing; `fuser {path}` names it.", e),
        CannotOpen => new LedgerUnavailableException(
            $"The ledger {path} cannot be opened ({Code(e)}). Check that its folder exists, that this user may write to it, and that its disk is mounted.", e),
        Permission or Authorization => new LedgerForbiddenException(
            $"The ledger {path} may not be opened ({Code(e)}). Run as root, or give this user access to the file and its folder.", e),
        Corrupt => new InvalidLedgerException(
            $"The ledger {path} is damaged ({Code(e)}). Nothing is done on the host until it is restored from a backup, or moved away to begin a new one.", e),
        NotADatabase => new InvalidLedgerException(
            $"{path} is not a ledger: it is no SQLite database ({Code(e)}). Restore it from a backup, or move it away to begin a new one.", e),
        Constraint => new InvalidLedgerException(
            $"The ledger {path} refused an entry: {Short(e.Message)} Verify the ledger; restore it from a backup if it was changed.", e),
        Plain => new InvalidLedgerException(
            $"The ledger {path} lacks a part: {Short(e.Message)} Restore it from a backup, or move it away to begin a new one.", e),
        _ => new LedgerUnavailableException($"The ledger {path} cannot be used: {Short(e.Message)} It is tried again.", e),
    };

    private static LedgerUnavailableException DiskFull(string path, Exception e) =>
        new($"The ledger {path} cannot be written: its disk is full. Make room there (nix-collect-garbage, old logs); Reconciler then goes on by itself.", e);

    // Some calls report a full disk as an input/output error, such as growing the shared-memory file beside the ledger.
    private static bool HasLittleSpace(string path)
    {
        try
        {
            return new DriveInfo(Path.GetDirectoryName(Path.GetFullPath(path))!).AvailableFreeSpace < LittleSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }
    }

    private static string Code(SqliteException e) => $"SQLite error {e.SqliteExtendedErrorCode}";

    private static string Short(string text) => text.Length > 300 ? text[..300] + "…" : text;
}
