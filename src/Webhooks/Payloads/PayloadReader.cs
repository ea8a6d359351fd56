using System.Text.Json;

namespace Webhooks.Payloads;

/// <summary>Reads a few fields out of a JSON object and passes over everything else, without building the rest.</summary>
internal static class PayloadReader
{
    /// <summary>The bodies of the forges are six objects deep at most.</summary>
    private const int DeepestNesting = 32;

    private static readonly JsonReaderOptions Strict = new() { MaxDepth = DeepestNesting };

    /// <summary>The fields; null when the body is not one JSON object, or names a field twice.</summary>
    public static PayloadFields? Read(ReadOnlySpan<byte> json, ReadOnlySpan<FieldPath> wanted)
    {
        try
        {
            var fields = new PayloadFields();
            var reader = new Utf8JsonReader(json, Strict);
            if (!reader.Read() || reader.TokenType is not JsonTokenType.StartObject)
            {
                return null;
            }

            ReadObject(ref reader, default, wanted, fields);
            return reader.Read() || fields.IsAmbiguous ? null : fields;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The reader throws the first for what is no JSON, the second for text that is no UTF-8 or holds half a surrogate pair.
            return null;
        }
    }

    private static void ReadObject(ref Utf8JsonReader reader, scoped ReadOnlySpan<byte> outer, ReadOnlySpan<FieldPath> wanted, PayloadFields fields)
    {
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var field = FieldOf(in reader, outer, wanted);
            var inner = outer.IsEmpty ? InnerOf(in reader, wanted) : null;
            reader.Read();
            if (inner is not null && reader.TokenType is JsonTokenType.StartObject)
            {
                ReadObject(ref reader, inner.Outer, wanted, fields);
            }
            else if (field is { } known)
            {
                fields.Take(known, ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private static PayloadField? FieldOf(in Utf8JsonReader reader, scoped ReadOnlySpan<byte> outer, ReadOnlySpan<FieldPath> wanted)
    {
        foreach (var path in wanted)
        {
            if (path.Outer.SequenceEqual(outer) && reader.ValueTextEquals(path.Name))
            {
                return path.Meaning;
            }
        }

        return null;
    }

    private static FieldPath? InnerOf(in Utf8JsonReader reader, ReadOnlySpan<FieldPath> wanted)
    {
        foreach (var path in wanted)
        {
            if (!path.Outer.IsEmpty && reader.ValueTextEquals(path.Outer))
            {
                return path;
            }
        }

        return null;
    }
}
