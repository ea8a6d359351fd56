using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Reconciler.History;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Adapters.Sqlite;

/// <summary>The ledger in one SQLite file. The file format and how another program verifies it are described in docs/ledger.md.</summary>
/// <remarks>
/// After any error the connection is given up and the next call opens another, so that the ledger goes on by itself once the disk does.
/// What is on disk is the truth then: an entry whose last flush failed may show itself, as it may after a power cut.
/// </remarks>
internal sealed class SqliteLedger : ILedger, IDisposable
{
    private const string Columns = "position, at, actor_kind, actor_name, schema, kind, fact, previous, hash";

    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly TimeProvider _clock;
    private readonly LedgerLock? _lock;
    private SqliteConnection? _connection;
    private Head _head = Head.None;
    private volatile bool _isHeadCurrent;
    private bool _isDisposed;

    private SqliteLedger(string path, TimeProvider clock, LedgerLock? @lock)
    {
        _path = path;
        _clock = clock;
        _lock = @lock;
    }

    /// <inheritdoc/>
    public long Position => CurrentHead().Position;

    /// <inheritdoc/>
    public string HeadHash => CurrentHead() is { Position: > 0 } head ? head.Hash : "";

    private bool IsReadOnly => _lock is null;

    /// <summary>Opens the ledger to append to, making the file and its folder when missing. It stays with this process until disposed.</summary>
    /// <exception cref="LedgerUnavailableException">Another Reconciler has it, or it cannot be opened now.</exception>
    /// <exception cref="InvalidLedgerException">The file is something else, damaged, or of a newer version.</exception>
    public static SqliteLedger Open(string path, TimeProvider clock)
    {
        var file = Path.GetFullPath(path);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw LedgerTrouble.Of(e, file);
        }

        return Start(new SqliteLedger(file, clock, LedgerLock.Take(file)));
    }

    /// <summary>Opens the ledger to read only, beside a running daemon or without one.</summary>
    /// <exception cref="LedgerUnavailableException">It does not exist, or cannot be read now.</exception>
    /// <exception cref="InvalidLedgerException">The file is something else, damaged, or of a newer version.</exception>
    public static SqliteLedger OpenReadOnly(string path, TimeProvider clock) => Start(new SqliteLedger(Path.GetFullPath(path), clock, @lock: null));

    /// <inheritdoc/>
    public LedgerEntry Append(LedgerEvent fact, Actor actor, long? onlyAfter = null, ImmutableArray<ForgeMessage> messages = default)
    {
        if (IsReadOnly)
        {
            throw new InvalidOperationException("This ledger was opened to read only.");
        }

        var (kind, json) = LedgerJson.Write(fact);
        var row = new LedgerRow(0, 0, LedgerJson.NameOf(actor.Kind), LedgerLimits.Name(actor.Name ?? ""), LedgerJson.Schema, kind, json, "", "");

        // What could not be read back is not written; and the caller gets what a reader will get.
        _ = LedgerJson.Read(row);
        lock (_gate)
        {
            return Use(connection =>
            {
                RequireFile();
                connection.Execute("BEGIN IMMEDIATE");
                var head = ReadHead(connection);
                if (onlyAfter is { } expected && head.Position != expected)
                {
                    connection.Execute("ROLLBACK");
                    Remember(head);
                    throw new LedgerMovedException($"The ledger is at entry {head.Position}, not at {expected}: another entry was appended first.");
                }

                row = row with { Position = head.Position + 1, At = _clock.GetUtcNow().ToUnixTimeMilliseconds(), Previous = head.Hash };
                row = row with { Hash = LedgerChain.HashOf(row) };
                Insert(connection, row);
                foreach (var message in messages.IsDefault ? [] : messages)
                {
                    OutboxTable.Add(connection, message, row.At);
                }

                connection.Execute("COMMIT");
                Remember(new Head(row.Position, row.Hash));
                return LedgerJson.Read(row);
            });
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<LedgerEntry> ReadAfter(long position)
    {
        // The usual question has the answer "nothing new", which takes no look at the disk.
        if (!IsReadOnly && _isHeadCurrent && position >= Volatile.Read(ref _head).Position)
        {
            return [];
        }

        var entries = new List<LedgerEntry>();
        Read(position, row =>
        {
            if (row.Position != position + 1 + entries.Count)
            {
                throw new InvalidLedgerException(
                    $"The ledger {_path} has a gap: entry {row.Position} stands where entry {position + 1 + entries.Count} belongs. "
                    + "Entries were removed or renumbered; restore it from a backup.");
            }

            entries.Add(LedgerJson.Read(row));
        });
        return entries;
    }

    /// <inheritdoc/>
    public LedgerVerdict Verify()
    {
        lock (_gate)
        {
            return Use(LedgerVerifier.Verify);
        }
    }

    /// <summary>Hands over all entries after a position as they are stored, in order, from one snapshot.</summary>
    public void Read(long position, Action<LedgerRow> take)
    {
        lock (_gate)
        {
            _ = Use(connection =>
            {
                foreach (var row in Rows(connection, position))
                {
                    take(row);
                }

                return true;
            });
        }
    }

    /// <summary>Does something to the outbox, all of it or nothing.</summary>
    public T Transact<T>(Func<SqliteConnection, T> work)
    {
        lock (_gate)
        {
            return Use(connection =>
            {
                RequireFile();
                connection.Execute("BEGIN IMMEDIATE");
                var done = work(connection);
                connection.Execute("COMMIT");
                return done;
            });
        }
    }

    /// <summary>Looks at the outbox.</summary>
    public T Look<T>(Func<SqliteConnection, T> work)
    {
        lock (_gate)
        {
            return Use(work);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            GiveUp();
            _lock?.Dispose();
        }
    }

    /// <summary>The stored entries after a position, in order.</summary>
    internal static IEnumerable<LedgerRow> Rows(SqliteConnection connection, long position)
    {
        using var command = connection.Command($"SELECT {Columns} FROM entry WHERE position > $after ORDER BY position", ("$after", position));
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            yield return new LedgerRow(
                reader.GetInt64(0),
                reader.GetInt64(1),
                reader.GetString(2),
                reader.GetString(3),
                reader.GetInt64(4),
                reader.GetString(5),
                ImmutableCollectionsMarshal.AsImmutableArray(reader.GetFieldValue<byte[]>(6)),
                reader.GetString(7),
                reader.GetString(8));
        }
    }

    private static SqliteLedger Start(SqliteLedger ledger)
    {
        try
        {
            lock (ledger._gate)
            {
                ledger.Use(ledger.Refresh);
            }

            return ledger;
        }
        catch
        {
            ledger.Dispose();
            throw;
        }
    }

    private static Head ReadHead(SqliteConnection connection)
    {
        using var command = connection.Command("SELECT position, hash FROM entry ORDER BY position DESC LIMIT 1");
        using var reader = command.ExecuteReader();
        return reader.Read() ? new Head(reader.GetInt64(0), reader.GetString(1)) : Head.None;
    }

    private static void Insert(SqliteConnection connection, LedgerRow row)
    {
        using var insert = connection.Command(
            $"INSERT INTO entry ({Columns}) VALUES ($position, $at, $actorKind, $actorName, $schema, $kind, CAST($fact AS TEXT), $previous, $hash)",
            ("$position", row.Position),
            ("$at", row.At),
            ("$actorKind", row.ActorKind),
            ("$actorName", row.ActorName),
            ("$schema", row.Schema),
            ("$kind", row.Kind),
            ("$fact", ImmutableCollectionsMarshal.AsArray(row.Fact)!),
            ("$previous", row.Previous),
            ("$hash", row.Hash));
        insert.ExecuteNonQuery();
    }

    private Head CurrentHead()
    {
        if (IsReadOnly)
        {
            lock (_gate)
            {
                return Use(Refresh);
            }
        }

        return Volatile.Read(ref _head);
    }

    private Head Refresh(SqliteConnection connection)
    {
        var head = ReadHead(connection);
        Remember(head);
        return head;
    }

    private void Remember(Head head)
    {
        Volatile.Write(ref _head, head);
        _isHeadCurrent = true;
    }

    // Appends to a file that was removed would succeed, and be lost with the last handle.
    private void RequireFile()
    {
        if (!File.Exists(_path))
        {
            throw new FileNotFoundException("the file was removed while it was in use.", _path);
        }
    }

    private T Use<T>(Func<SqliteConnection, T> work)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        try
        {
            if (_connection is null)
            {
                _connection = IsReadOnly ? LedgerConnection.OpenReadOnly(_path) : LedgerConnection.Open(_path);
                Remember(ReadHead(_connection));
            }

            return work(_connection);
        }
        catch (LedgerMovedException)
        {
            throw;
        }
        catch (Exception e) when (e is InvalidLedgerException or LedgerUnavailableException)
        {
            GiveUp();
            throw;
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException or InvalidOperationException or InvalidCastException)
        {
            GiveUp();
            throw LedgerTrouble.Of(e, _path);
        }
    }

    private void GiveUp()
    {
        _isHeadCurrent = false;
        _connection?.Dispose();
        _connection = null;
    }

    private sealed record Head(long Position, string Hash)
    {
        public static readonly Head None = new(0, LedgerChain.Genesis);
    }
}
