using System.Collections.Immutable;
using System.Globalization;

namespace Reconciler.Configuration;

/// <summary>Section <c>maintenance</c>.</summary>
/// <param name="Windows">When activations may begin; empty means at any time. Several add up.</param>
internal sealed record MaintenanceSettings(ImmutableArray<WindowSettings> Windows)
{
    /// <summary>Reads the section.</summary>
    public static MaintenanceSettings Read(SettingsReader reader)
    {
        var settings = new MaintenanceSettings([.. reader.Sections("windows").Select(WindowSettings.Read)]);
        reader.Finish();
        return settings;
    }
}

/// <summary>One entry of <c>maintenance.windows</c>.</summary>
/// <param name="Days">Days on which it opens; empty means every day.</param>
/// <param name="Opens">Local time of day at which it opens.</param>
/// <param name="Length">How long it stays open, at most a day.</param>
/// <param name="Zone">The time zone of <paramref name="Opens"/>.</param>
internal sealed record WindowSettings(ImmutableArray<DayOfWeek> Days, TimeOnly Opens, TimeSpan Length, TimeZoneInfo Zone)
{
    /// <summary>Reads one entry.</summary>
    public static WindowSettings Read(SettingsReader reader)
    {
        var days = ImmutableArray.CreateBuilder<DayOfWeek>();
        foreach (var text in reader.Texts("days"))
        {
            if (SettingsReader.TryWord<DayOfWeek>(text, out var day))
            {
                days.Add(day);
            }
            else
            {
                reader.Fail("days", SettingsReader.Unknown<DayOfWeek>(text));
            }
        }

        var opens = TimeOnly.MinValue;
        var at = reader.Text("opens");
        if (!reader.Has("opens") || (at is not null && !TimeOnly.TryParseExact(at, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out opens)))
        {
            reader.Fail("opens", reader.Has("opens") ? "must be a time of day such as \"02:00\"" : "is required: a time of day such as \"02:00\"");
        }

        if (!reader.Has("length"))
        {
            reader.Fail("length", "is required: a duration such as \"2h\"");
        }

        var window = new WindowSettings(days.ToImmutable(), opens, reader.Duration("length", TimeSpan.FromHours(1), TimeSpan.FromMinutes(1), TimeSpan.FromDays(1)), ReadZone(reader));
        reader.Finish();
        return window;
    }

    private static TimeZoneInfo ReadZone(SettingsReader reader)
    {
        if (reader.Text("zone") is not { } name || name == "UTC")
        {
            return TimeZoneInfo.Utc;
        }

        if (TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone))
        {
            return zone;
        }

        reader.Fail("zone", "is not a time zone this machine knows; write an IANA name such as \"Europe/Berlin\", or \"UTC\"");
        return TimeZoneInfo.Utc;
    }
}
