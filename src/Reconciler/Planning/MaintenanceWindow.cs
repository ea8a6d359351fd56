using System.Collections.Immutable;

namespace Reconciler.Planning;

/// <summary>A time of the week in which activations may begin.</summary>
/// <param name="Days">Days on which the window opens; empty means every day.</param>
/// <param name="Opens">Local time of day at which it opens.</param>
/// <param name="Length">How long it stays open, at most a day; it may run past midnight.</param>
/// <param name="Zone">The time zone of <paramref name="Opens"/>.</param>
internal sealed record MaintenanceWindow(ImmutableArray<DayOfWeek> Days, TimeOnly Opens, TimeSpan Length, TimeZoneInfo Zone)
{
    /// <summary>Whether it is open.</summary>
    public bool IsOpen(DateTimeOffset now) => Openings(now).Any(opening => opening <= now && now < opening + Length);

    /// <summary>When it opens next, after now.</summary>
    public DateTimeOffset NextOpening(DateTimeOffset now) => Openings(now).First(opening => opening > now);

    // Around now: a day-long window of the day before yesterday may still be open when a day of 23 hours lies between, and next week's same
    // day may be the next one.
    private IEnumerable<DateTimeOffset> Openings(DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, Zone).DateTime);
        for (var offset = -2; offset <= 8; offset++)
        {
            var day = today.AddDays(offset);
            if (Days.IsEmpty || Days.Contains(day.DayOfWeek))
            {
                yield return InZone(day.ToDateTime(Opens));
            }
        }
    }

    private DateTimeOffset InZone(DateTime local)
    {
        // A time the clocks jump over in spring opens when they have jumped; one that comes twice in autumn opens the first time.
        while (Zone.IsInvalidTime(local))
        {
            local = local.AddMinutes(1);
        }

        var offset = Zone.IsAmbiguousTime(local) ? Zone.GetAmbiguousTimeOffsets(local).Max() : Zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset);
    }
}
