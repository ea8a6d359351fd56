using System.Globalization;

namespace Reconciler.Configuration;

/// <summary>Durations as they are written in configuration files: <c>90s</c>, <c>5m</c>, <c>1h30m</c>, <c>2d</c>.</summary>
internal static class DurationText
{
    private const string Units = "dhms";

    /// <summary>Reads whole numbers with the units d, h, m, s, in that order and each at most once. Says false for anything else.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        var seconds = 0L;
        var unit = -1;
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (digits is < 1 or > 7 || Units.IndexOf(rest[digits], StringComparison.Ordinal) is var at && at <= unit)
            {
                return false;
            }

            unit = at;
            seconds += int.Parse(rest[..digits], CultureInfo.InvariantCulture) * (at switch { 0 => 86_400L, 1 => 3_600L, 2 => 60L, _ => 1L });
            rest = rest[(digits + 1)..];
        }

        duration = TimeSpan.FromSeconds(seconds);
        return unit >= 0;
    }

    /// <summary>Writes a duration of whole seconds the way it is read.</summary>
    public static string Format(TimeSpan duration)
    {
        var parts = new[] { (duration.Days, 'd'), (duration.Hours, 'h'), (duration.Minutes, 'm'), (duration.Seconds, 's') };
        var text = string.Concat(parts.Where(p => p.Item1 != 0).Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Item1}{p.Item2}")));
        return text.Length == 0 ? "0s" : text;
    }
}
