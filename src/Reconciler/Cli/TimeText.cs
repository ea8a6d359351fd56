using System.Globalization;
using Reconciler.Model;

namespace Reconciler.Cli;

/// <summary>Instants for people.</summary>
internal static class TimeText
{
    /// <summary>As <c>2026-01-31 12:00:00Z</c>.</summary>
    public static string Absolute(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>As <c>2 m 10 s ago</c> or <c>in 30 s</c>.</summary>
    public static string Relative(DateTimeOffset at, DateTimeOffset now)
    {
        var away = now - at;
        return away.Duration() < TimeSpan.FromSeconds(1) ? "now" : away > TimeSpan.Zero ? $"{Length(away)} ago" : $"in {Length(away.Negate())}";
    }

    /// <summary>Both.</summary>
    public static string Both(DateTimeOffset at, DateTimeOffset now) => $"{Absolute(at)} ({Relative(at, now)})";

    /// <summary>A length of time, such as <c>2 m 10 s</c>.</summary>
    public static string Length(TimeSpan time) => FailureText.Duration(TimeSpan.FromSeconds(Math.Floor(time.TotalSeconds)));
}
