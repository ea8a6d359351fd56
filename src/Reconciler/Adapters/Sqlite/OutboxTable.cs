using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Reconciler.History;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Adapters.Sqlite;

/// <summary>The SQL of the outbox, on a connection whose transaction is somebody else's.</summary>
internal static class OutboxTable
{
    private const string Columns = "number, message, added, attempts, due, trouble, CASE state WHEN 'sent' THEN ended END, link";
    private const long KeptEnded = 2_000;

    /// <summary>Puts a message in; one of its subject that still waits gives way to it.</summary>
    public static void Add(SqliteConnection connection, ForgeMessage message, long now)
    {
        using (var overtake = connection.Command(
            "UPDATE outbox SET state = 'overtaken', ended = $now WHERE subject = $subject AND state = 'waiting'", ("$now", now), ("$subject", message.Subject)))
        {
            overtake.ExecuteNonQuery();
        }

        using var insert = connection.Command(
            "INSERT INTO outbox (subject, message, added, state, due) VALUES ($subject, $message, $now, 'waiting', $now)",
            ("$subject", message.Subject),
            ("$message", Write(message)),
            ("$now", now));
        insert.ExecuteNonQuery();
    }

    /// <summary>Puts a message in unless the newest of its subject says the same.</summary>
    public static void AddIfNew(SqliteConnection connection, ForgeMessage message, long now)
    {
        using var newest = connection.Command(
            "SELECT message FROM outbox WHERE subject = $subject AND state IN ('waiting', 'sent') ORDER BY number DESC LIMIT 1", ("$subject", message.Subject));
        if (newest.ExecuteScalar() as string != Write(message))
        {
            Add(connection, message, now);
        }
    }

    /// <summary>What waits and is due. One message a subject waits at most, so their order is free: what failed before must hold nothing up for ever.</summary>
    public static ImmutableArray<OutboxEntry> Due(SqliteConnection connection, int limit, long now)
    {
        var entries = ImmutableArray.CreateBuilder<OutboxEntry>();
        var unreadable = new List<(long Number, string Why)>();
        using (var command = connection.Command(
            $"SELECT {Columns} FROM outbox WHERE state = 'waiting' AND due <= $now ORDER BY due, number LIMIT $limit", ("$limit", limit), ("$now", now)))
        {
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                try
                {
                    entries.Add(Entry(reader));
                }
                catch (InvalidLedgerException e)
                {
                    unreadable.Add((reader.GetInt64(0), e.Message));
                }
            }
        }

        foreach (var (number, why) in unreadable)
        {
            End(connection, number, "given-up", why, link: null, now);
        }

        return entries.ToImmutable();
    }

    /// <summary>Gives up what waits for another forge or repository than this, and forgets what was told there.</summary>
    /// <param name="connection">The ledger.</param>
    /// <param name="identity">Forge and repository; empty for none.</param>
    /// <param name="now">The time.</param>
    /// <returns>Whether it was for another before.</returns>
    public static bool BelongTo(SqliteConnection connection, string identity, long now)
    {
        using (var asked = connection.Command("SELECT identity FROM outbox_forge LIMIT 1"))
        {
            if (asked.ExecuteScalar() as string == identity)
            {
                return false;
            }
        }

        using var change = connection.Command(
            """
            UPDATE outbox SET state = 'given-up', trouble = 'it was meant for another forge or repository', ended = $now WHERE state = 'waiting';
            UPDATE outbox SET state = 'overtaken' WHERE state = 'sent';
            DELETE FROM outbox_forge;
            INSERT INTO outbox_forge (identity) VALUES ($identity);
            """,
            ("$now", now),
            ("$identity", identity));
        return change.ExecuteNonQuery() > 0;
    }

    public static OutboxEntry? Newest(SqliteConnection connection, string subject)
    {
        using var command = connection.Command(
            $"SELECT {Columns} FROM outbox WHERE subject = $subject AND state IN ('waiting', 'sent') ORDER BY number DESC LIMIT 1", ("$subject", subject));
        using var reader = command.ExecuteReader();
        return reader.Read() ? Entry(reader) : null;
    }

    /// <summary>Ends a message that waits; one that was overtaken meanwhile stays so, except that having been sent counts.</summary>
    public static void End(SqliteConnection connection, long number, string state, string? trouble, string? link, long now)
    {
        using var command = connection.Command(
            """
            UPDATE outbox SET state = $state, trouble = $trouble, link = $link, ended = $now
            WHERE number = $number AND (state = 'waiting' OR (state = 'overtaken' AND $state = 'sent'))
            """,
            ("$state", state),
            ("$trouble", (object?)trouble ?? DBNull.Value),
            ("$link", (object?)link ?? DBNull.Value),
            ("$now", now),
            ("$number", number));
        command.ExecuteNonQuery();
        Forget(connection);
    }

    public static void Postpone(SqliteConnection connection, long number, string trouble, long due)
    {
        using var command = connection.Command(
            "UPDATE outbox SET attempts = attempts + 1, trouble = $trouble, due = $due WHERE number = $number AND state = 'waiting'",
            ("$trouble", trouble),
            ("$due", due),
            ("$number", number));
        command.ExecuteNonQuery();
    }

    public static OutboxState State(SqliteConnection connection)
    {
        using var command = connection.Command(
            """
            SELECT (SELECT count(*) FROM outbox WHERE state = 'waiting'),
                   (SELECT min(added) FROM outbox WHERE state = 'waiting'),
                   (SELECT trouble FROM outbox WHERE state = 'waiting' AND trouble IS NOT NULL ORDER BY number LIMIT 1),
                   (SELECT max(ended) FROM outbox WHERE state = 'sent'),
                   (SELECT count(*) FROM outbox WHERE state = 'given-up'),
                   (SELECT trouble FROM outbox WHERE state = 'given-up' ORDER BY ended DESC, number DESC LIMIT 1),
                   (SELECT min(due) FROM outbox WHERE state = 'waiting')
            """);
        using var reader = command.ExecuteReader();
        reader.Read();
        return new OutboxState(reader.GetInt64(0), Time(reader, 1), Text(reader, 2), Time(reader, 3), reader.GetInt64(4), Text(reader, 5), Time(reader, 6));
    }

    // The newest of each subject stays: it is what the next one is compared with.
    private static void Forget(SqliteConnection connection) => connection.Execute(
        $"""
        DELETE FROM outbox WHERE state <> 'waiting' AND number <= (SELECT max(number) FROM outbox) - {KeptEnded}
          AND number <> (SELECT max(number) FROM outbox AS other WHERE other.subject = outbox.subject)
        """);

    private static string Write(ForgeMessage message)
    {
        foreach (var limits in LedgerLimits.Steps)
        {
            var json = JsonSerializer.Serialize(OutboxDocument.Of(message, limits), OutboxJson.Default.OutboxDocument);
            if (json.Length <= LedgerLimits.LargestFact / 4)
            {
                return json;
            }
        }

        throw new ArgumentException($"A message ({message.GetType().Name}) is too large for the outbox.", nameof(message));
    }

    private static OutboxEntry Entry(SqliteDataReader reader)
    {
        try
        {
            var message = JsonSerializer.Deserialize(reader.GetString(1), OutboxJson.Default.OutboxDocument)?.Read() ?? throw new JsonException("it is empty");
            return new OutboxEntry(
                reader.GetInt64(0),
                message,
                Time(reader, 2)!.Value,
                (int)long.Clamp(reader.GetInt64(3), 0, int.MaxValue),
                Time(reader, 4)!.Value,
                Text(reader, 5),
                Time(reader, 6),
                Text(reader, 7) is { } link ? new Uri(link, UriKind.Absolute) : null);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException or NotSupportedException or UriFormatException)
        {
            throw new InvalidLedgerException(
                $"Message {reader.GetInt64(0)} of the outbox cannot be read: it was written by a newer Reconciler, or changed by hand. Nothing was changed.", e);
        }
    }

    private static DateTimeOffset? Time(SqliteDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(column));

    private static string? Text(SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
