using System.Globalization;
using Microsoft.Data.Sqlite;
using Reconciler.Ports;

namespace Reconciler.Adapters.Sqlite;

/// <summary>Walks the hash chain and says, for the first entry that does not fit, what must have happened to it.</summary>
/// <remarks>A clock may be set back, so an entry may be older than the one before it: that is no fault.</remarks>
internal static class LedgerVerifier
{
    /// <summary>Walks all entries.</summary>
    public static LedgerVerdict Verify(SqliteConnection connection)
    {
        // One snapshot for all questions.
        connection.Execute("BEGIN");
        try
        {
            var verdict = Walk(connection);
            return verdict.Fault is null
                ? verdict with { Fault = DamageIn(connection) ?? MissingTrigger(connection) }
                : verdict;
        }
        finally
        {
            connection.Execute("ROLLBACK");
        }
    }

    private static LedgerVerdict Walk(SqliteConnection connection)
    {
        var walked = 0L;
        var head = LedgerChain.Genesis;
        foreach (var row in SqliteLedger.Rows(connection, long.MinValue))
        {
            var expected = walked + 1;
            if (FaultOf(connection, row, expected, head) is { } fault)
            {
                return new LedgerVerdict(expected, walked == 0 ? "" : head, fault);
            }

            walked = expected;
            head = row.Hash;
        }

        return new LedgerVerdict(walked, walked == 0 ? "" : head, Fault: null);
    }

    private static string? FaultOf(SqliteConnection connection, LedgerRow row, long expected, string head)
    {
        if (row.Position != expected)
        {
            return row.Position < expected
                ? $"Entry {row.Position} has a position no entry can have: it was inserted."
                : row.Position == expected + 1 ? $"Entry {expected} is missing: it was removed." : $"Entries {expected} to {row.Position - 1} are missing: they were removed.";
        }

        if (LedgerChain.HashOf(row) != row.Hash)
        {
            return WrittenAs(connection, row) is { } origin
                ? Moved(connection, row.Position, origin)
                : $"Entry {row.Position} does not match its hash: its time, actor or fact was edited, or it was inserted.";
        }

        return row.Previous == head
            ? null
            : $"Entry {row.Position} does not follow entry {row.Position - 1}: an entry was inserted, removed or rewritten with a hash of its own.";
    }

    private static string Moved(SqliteConnection connection, long position, long origin)
    {
        var what = $"Entry {position} holds what was written as entry {origin}: ";
        return At(connection, origin) is { } other && other.Position != position && WrittenAs(connection, other) == position
            ? what + $"entries {position} and {origin} were swapped."
            : what + (origin > position ? "entries before it were removed, or entries were reordered." : "entries were inserted before it, or entries were reordered.");
    }

    // The position is part of what is hashed, so an entry that was moved fits at the position it was written for, and only there.
    private static long? WrittenAs(SqliteConnection connection, LedgerRow row)
    {
        var last = connection.Number("SELECT count(*) FROM entry") + 1000;
        for (var position = 1L; position <= last; position++)
        {
            if (position != row.Position && LedgerChain.HashOf(row, position) == row.Hash)
            {
                return position;
            }
        }

        return null;
    }

    private static LedgerRow? At(SqliteConnection connection, long position) =>
        SqliteLedger.Rows(connection, position - 1).FirstOrDefault() is { } row && row.Position == position ? row : null;

    private static string? DamageIn(SqliteConnection connection)
    {
        using var command = connection.Command("PRAGMA quick_check(1)");
        return command.ExecuteScalar() is string and not "ok" and var damage ? $"The file is damaged: {(damage.Length > 200 ? damage[..200] : damage)}" : null;
    }

    private static string? MissingTrigger(SqliteConnection connection)
    {
        foreach (var trigger in Schema.Triggers)
        {
            using var command = connection.Command("SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' AND name = $name", ("$name", trigger));
            if (Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture) == 0)
            {
                return $"The chain is whole, but the rule '{trigger}' that keeps the ledger append-only was taken out of the file.";
            }
        }

        return null;
    }
}
