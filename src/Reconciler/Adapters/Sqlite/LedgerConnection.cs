using Microsoft.Data.Sqlite;
using Reconciler.History;
using Reconciler.Ports;

namespace Reconciler.Adapters.Sqlite;

/// <summary>Opens connections to a ledger file.</summary>
internal static class LedgerConnection
{
    private const int CannotOpen = 14;
    private const int ReadOnly = 8;
    private const int BusySeconds = 2;

    /// <summary>Opens it to write, and brings it to the newest shape.</summary>
    public static SqliteConnection Open(string path) => Opened(Of(path, SqliteOpenMode.ReadWriteCreate), connection =>
    {
        // Whoever the file belongs to is asked first: switching a foreign database to WAL would change it.
        Schema.Check(connection, path);
        connection.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
        Schema.Migrate(connection, path);
    });

    /// <summary>Opens it to read.</summary>
    /// <exception cref="LedgerMissingException">It is not there.</exception>
    /// <exception cref="LedgerForbiddenException">This user may not read it.</exception>
    public static SqliteConnection OpenReadOnly(string path)
    {
        RequireThere(path);

        try
        {
            return Opened(Of(path, SqliteOpenMode.ReadOnly), connection => Check(connection, path));
        }
        catch (SqliteException e) when (e.SqliteErrorCode == CannotOpen && !IsReadable(path))
        {
            throw LedgerTrouble.Of(new UnauthorizedAccessException(e.Message, e), path);
        }
        catch (SqliteException e) when (e.SqliteErrorCode is CannotOpen or ReadOnly && IsReadable(path))
        {
            // A reader of a WAL database needs its -shm file, and to make one the folder must be writable. Without a -wal file
            // nobody has the ledger open and all of it is in the one file, which can then be read as it is.
            return !HasLog(path)
                ? Opened(Of($"file:{Uri.EscapeDataString(path)}?immutable=1", SqliteOpenMode.ReadOnly), connection => Check(connection, path))
                : throw new LedgerUnavailableException(
                    $"The newest entries of the ledger {path} are still in {path}-wal, which can only be read together with a writable {path}-shm. "
                    + "Run as root, on a writable file system.",
                    e);
        }
    }

    // Asked of the file system, whose answers are plainer than SQLite's. Not by opening the file: closing it again would let go of locks
    // that this process has on it.
    private static void RequireThere(string path)
    {
        try
        {
            File.GetAttributes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new LedgerMissingException($"There is no ledger at {path}. The daemon makes it when it first runs; check the path.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw LedgerTrouble.Of(e, path);
        }
    }

    private static void Check(SqliteConnection connection, string path)
    {
        if (Schema.Check(connection, path) == 0)
        {
            throw new InvalidLedgerException($"{path} is empty: it is not a ledger yet. The daemon makes it when it first runs; check the path.");
        }
    }

    private static bool HasLog(string path) => new FileInfo(path + "-wal") is { Exists: true, Length: > 0 };

    private static bool IsReadable(string path)
    {
        try
        {
            using var file = File.Open(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static SqliteConnection Of(string source, SqliteOpenMode mode) => new(new SqliteConnectionStringBuilder
    {
        DataSource = source,
        Mode = mode,
        Pooling = false,
        DefaultTimeout = BusySeconds,
    }.ToString());

    private static SqliteConnection Opened(SqliteConnection connection, Action<SqliteConnection> prepare)
    {
        try
        {
            connection.Open();
            connection.Execute("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON");
            prepare(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
