using System.Globalization;
using Microsoft.Data.Sqlite;
using Reconciler.History;

namespace Reconciler.Adapters.Sqlite;

/// <summary>Brings a ledger file to the shape this version works with: one numbered SQL file a version, each applied once.</summary>
internal static class Schema
{
    /// <summary>Marks the file as ours in its SQLite header: the letters <c>Recl</c>.</summary>
    public const int ApplicationId = 0x5265636C;

    /// <summary>The newest shape known here.</summary>
    public const int Version = 1;

    /// <summary>The triggers that keep the ledger append-only.</summary>
    public static readonly IReadOnlyList<string> Triggers = ["entry_follows_the_last", "entry_is_never_changed", "entry_is_never_removed"];

    /// <summary>Applies what is missing; a file that is up to date is only looked at.</summary>
    /// <exception cref="InvalidLedgerException">The file is something else, or of a newer shape. It was left as it is.</exception>
    public static void Migrate(SqliteConnection connection, string path)
    {
        if (Check(connection, path) == Version)
        {
            connection.Execute(Text("outbox.sql"));
            return;
        }

        // Once more under the write lock: another process may have been at it between the look and the lock.
        connection.Execute("BEGIN IMMEDIATE");
        for (var version = Check(connection, path) + 1; version <= Version; version++)
        {
            connection.Execute(Migration(version));
            connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {version}"));
        }

        connection.Execute(Text("outbox.sql"));
        connection.Execute("COMMIT");
    }

    /// <summary>The file's version; 0 for an empty file.</summary>
    /// <exception cref="InvalidLedgerException">The file is something else, or of a newer shape.</exception>
    public static int Check(SqliteConnection connection, string path)
    {
        var application = connection.Number("PRAGMA application_id");
        var version = connection.Number("PRAGMA user_version");
        var objects = connection.Number("SELECT count(*) FROM sqlite_schema");
        if (application != ApplicationId && (application != 0 || version != 0 || objects != 0))
        {
            throw new InvalidLedgerException($"{path} is an SQLite database, but not a Reconciler ledger. Nothing in it was changed. Name another file, or move this one away.");
        }

        return version <= Version
            ? (int)version
            : throw new InvalidLedgerException(
                $"The ledger {path} was written by a newer Reconciler (its version is {version}, this program knows {Version}). "
                + "Nothing in it was changed. Run that Reconciler, or a newer one.");
    }

    private static string Migration(int version)
    {
        var prefix = string.Create(CultureInfo.InvariantCulture, $"{version:0000}-");
        return Text(typeof(Schema).Assembly.GetManifestResourceNames().Single(n => n.StartsWith(prefix, StringComparison.Ordinal)));
    }

    private static string Text(string name)
    {
        using var reader = new StreamReader(typeof(Schema).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
