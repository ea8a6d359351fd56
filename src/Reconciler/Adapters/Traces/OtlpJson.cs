using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Reconciler.Model;

namespace Reconciler.Adapters.Traces;

/// <summary>
/// Writes spans as an <c>ExportTraceServiceRequest</c> of the OpenTelemetry protocol, in its JSON encoding: ids in hexadecimal, enumerations as
/// numbers, 64-bit numbers as texts. Pure.
/// </summary>
internal static class OtlpJson
{
    private const int InternalKind = 1;
    private const int StatusOk = 1;
    private const int StatusError = 2;
    private const long NanosecondsPerTick = 100;

    /// <summary>The request.</summary>
    /// <param name="host">The host the spans are of.</param>
    /// <param name="version">The version of this program.</param>
    /// <param name="spans">The spans.</param>
    public static byte[] Request(HostName host, string version, ImmutableArray<TraceSpan> spans)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteStartArray("resourceSpans");
            json.WriteStartObject();
            json.WriteStartObject("resource");
            Attributes(json, [("service.name", "reconciler"), ("service.version", version), ("host.name", host.ToString())]);
            json.WriteEndObject();
            json.WriteStartArray("scopeSpans");
            json.WriteStartObject();
            json.WriteStartObject("scope");
            json.WriteString("name", "reconciler");
            json.WriteString("version", version);
            json.WriteEndObject();
            json.WriteStartArray("spans");
            foreach (var span in spans)
            {
                Span(json, span);
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static void Span(Utf8JsonWriter json, TraceSpan span)
    {
        json.WriteStartObject();
        json.WriteString("traceId", span.TraceId);
        json.WriteString("spanId", span.Id);
        if (span.Parent is { } parent)
        {
            json.WriteString("parentSpanId", parent);
        }

        json.WriteString("name", span.Name);
        json.WriteNumber("kind", InternalKind);
        json.WriteString("startTimeUnixNano", Nanoseconds(span.Began));
        json.WriteString("endTimeUnixNano", Nanoseconds(span.Ended));
        Attributes(json, span.Attributes);
        Events(json, span.Events);
        Status(json, span);
        json.WriteEndObject();
    }

    private static void Events(Utf8JsonWriter json, ImmutableArray<(DateTimeOffset At, string Name)> events)
    {
        if (events.IsEmpty)
        {
            return;
        }

        json.WriteStartArray("events");
        foreach (var (at, name) in events)
        {
            json.WriteStartObject();
            json.WriteString("timeUnixNano", Nanoseconds(at));
            json.WriteString("name", name);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    // Unset is what is left out.
    private static void Status(Utf8JsonWriter json, TraceSpan span)
    {
        if (span.IsGood is not { } isGood)
        {
            return;
        }

        json.WriteStartObject("status");
        if (span.Trouble.Length > 0)
        {
            json.WriteString("message", span.Trouble);
        }

        json.WriteNumber("code", isGood ? StatusOk : StatusError);
        json.WriteEndObject();
    }

    private static void Attributes(Utf8JsonWriter json, ImmutableArray<(string Key, object Value)> attributes)
    {
        json.WriteStartArray("attributes");
        foreach (var (key, value) in attributes)
        {
            json.WriteStartObject();
            json.WriteString("key", key);
            json.WriteStartObject("value");
            json.WriteString(value is long ? "intValue" : "stringValue", Convert.ToString(value, CultureInfo.InvariantCulture));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Nanoseconds(DateTimeOffset at) => ((at - DateTimeOffset.UnixEpoch).Ticks * NanosecondsPerTick).ToString(CultureInfo.InvariantCulture);
}
