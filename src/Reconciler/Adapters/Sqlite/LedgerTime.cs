using System.Globalization;
using System.Text.Json;

namespace Reconciler.Adapters.Sqlite;

/// <summary>Times and durations as the ledger keeps them: UTC cut to milliseconds, durations cut to microseconds.</summary>
internal static class LedgerTime
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>RFC 3339 in UTC with three digits of a second.</summary>
    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>Reads what <see cref="Text"/> wrote, and nothing else.</summary>
    /// <exception cref="JsonException">It is no such time.</exception>
    public static DateTimeOffset Time(string text) =>
        DateTimeOffset.TryParseExact(
            text, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : throw new JsonException("a time is not written as 2026-01-31T12:00:00.000Z");

    /// <summary>Whole microseconds.</summary>
    public static long Microseconds(TimeSpan duration) => duration.Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>Reads what <see cref="Microseconds"/> wrote.</summary>
    public static TimeSpan Duration(long microseconds) => new(checked(microseconds * TimeSpan.TicksPerMicrosecond));
}
