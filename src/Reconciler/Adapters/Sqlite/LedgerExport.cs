using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Reconciler.Adapters.Sqlite;

/// <summary>Writes the ledger as JSON lines: all that was hashed, so that the lines can be verified without the file.</summary>
internal static class LedgerExport
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes one line an entry, in order.</summary>
    public static void Write(SqliteLedger ledger, TextWriter output)
    {
        var line = new ArrayBufferWriter<byte>();
        ledger.Read(0, row =>
        {
            line.ResetWrittenCount();
            using (var json = new Utf8JsonWriter(line, Options))
            {
                json.WriteStartObject();
                json.WriteNumber("position", row.Position);
                json.WriteString("at", LedgerTime.Text(DateTimeOffset.FromUnixTimeMilliseconds(row.At)));
                json.WriteStartObject("actor");
                json.WriteString("kind", row.ActorKind);
                json.WriteString("name", row.ActorName);
                json.WriteEndObject();
                json.WriteNumber("schema", row.Schema);
                json.WriteString("kind", row.Kind);
                json.WritePropertyName("fact");
                json.WriteRawValue(row.Fact.AsSpan());
                json.WriteString("hash", row.Hash);
                json.WriteEndObject();
            }

            output.Write(Encoding.UTF8.GetString(line.WrittenSpan));
            output.Write('\n');
        });
    }
}
