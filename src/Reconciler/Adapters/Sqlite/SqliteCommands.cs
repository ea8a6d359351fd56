using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;

namespace Reconciler.Adapters.Sqlite;

/// <summary>Short forms for fixed SQL texts.</summary>
internal static class SqliteCommands
{
    [SuppressMessage("Security", "CA2100", Justification = "The text is a constant of this folder; values are parameters.")]
    public static SqliteCommand Command(this SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }

    public static void Execute(this SqliteConnection connection, string sql)
    {
        using var command = connection.Command(sql);
        command.ExecuteNonQuery();
    }

    public static long Number(this SqliteConnection connection, string sql)
    {
        using var command = connection.Command(sql);
        return command.ExecuteScalar() is long number ? number : 0;
    }
}
