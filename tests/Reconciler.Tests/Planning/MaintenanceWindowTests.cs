using System.Collections.Immutable;
using System.Globalization;
using CsCheck;
using Reconciler.Planning;
using Reconciler.Tests.Making;
using Xunit;

namespace Reconciler.Tests.Planning;

public sealed class MaintenanceWindowTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Theory]
    [InlineData("2026-03-03T00:59:59Z", false)] // 01:59:59 in Berlin, on a Tuesday
    [InlineData("2026-03-03T01:00:00Z", true)]
    [InlineData("2026-03-03T02:59:59Z", true)]
    [InlineData("2026-03-03T03:00:00Z", false)]
    public void IsOpen_EveryDayFromTwoForTwoHours(string now, bool open) =>
        Assert.Equal(open, Window([], "02:00", 2).IsOpen(At(now)));

    [Theory]
    [InlineData("2026-03-06T22:30:00Z", true)] // Friday 23:30
    [InlineData("2026-03-06T23:30:00Z", true)] // Saturday 00:30, in Friday's window
    [InlineData("2026-03-07T02:59:59Z", true)]
    [InlineData("2026-03-07T03:00:00Z", false)] // Saturday 04:00
    [InlineData("2026-03-07T22:30:00Z", false)] // Saturday's evening opens nothing
    [InlineData("2026-03-05T23:30:00Z", false)] // Friday 00:30 belongs to Thursday
    public void IsOpen_FridayOverMidnight_BelongsToTheDayItOpens(string now, bool open) =>
        Assert.Equal(open, Window([DayOfWeek.Friday], "23:00", 5).IsOpen(At(now)));

    [Theory]
    [InlineData("2026-03-03T12:00:00Z", "2026-03-06T22:00:00Z")]
    [InlineData("2026-03-06T21:59:59Z", "2026-03-06T22:00:00Z")]
    [InlineData("2026-03-06T22:00:00Z", "2026-03-13T22:00:00Z")] // open now: the next is a week away
    [InlineData("2026-03-07T00:00:00Z", "2026-03-13T22:00:00Z")]
    [InlineData("2026-03-27T23:00:00Z", "2026-04-03T21:00:00Z")] // the clocks go forward in between
    public void NextOpening_Friday_IsTheNextFriday(string now, string next) =>
        Assert.Equal(At(next), Window([DayOfWeek.Friday], "23:00", 5).NextOpening(At(now)));

    // On 2026-03-29 the clocks of Berlin jump from 02:00 to 03:00, at 01:00 UTC.
    [Theory]
    [InlineData("2026-03-29T00:59:59Z", false)]
    [InlineData("2026-03-29T01:00:00Z", true)] // 02:30 never comes: open as soon as the clocks have jumped
    [InlineData("2026-03-29T01:59:59Z", true)]
    [InlineData("2026-03-29T02:00:00Z", false)] // and for its full hour
    public void IsOpen_OpeningJumpedOver_OpensAfterTheJump(string now, bool open) =>
        Assert.Equal(open, Window([], "02:30", 1).IsOpen(At(now)));

    [Fact]
    public void NextOpening_OpeningJumpedOver_IsTheEndOfTheJump() =>
        Assert.Equal(At("2026-03-29T01:00:00Z"), Window([], "02:30", 1).NextOpening(At("2026-03-28T12:00:00Z")));

    // On 2026-10-25 they go back from 03:00 to 02:00, at 01:00 UTC: 02:30 comes at 00:30 and at 01:30 UTC.
    [Theory]
    [InlineData("2026-10-25T00:29:59Z", false)]
    [InlineData("2026-10-25T00:30:00Z", true)] // the first 02:30
    [InlineData("2026-10-25T01:29:59Z", true)]
    [InlineData("2026-10-25T01:30:00Z", false)] // not a second time
    public void IsOpen_OpeningComesTwice_OpensTheFirstTimeOnly(string now, bool open) =>
        Assert.Equal(open, Window([], "02:30", 1).IsOpen(At(now)));

    [Fact]
    public void NextOpening_BetweenTheTwoOpenings_IsTomorrow() =>
        Assert.Equal(At("2026-10-26T01:30:00Z"), Window([], "02:30", 1).NextOpening(At("2026-10-25T01:00:00Z")));

    [Fact]
    public void IsOpen_DayLongWindowOverAShortDay_LastsItsFullLength()
    {
        // Saturday 23:59, 24 hours long; Sunday has only 23, so that it ends on Monday at 00:59.
        var window = Window([DayOfWeek.Saturday], "23:59", 24);

        Assert.True(window.IsOpen(At("2026-03-29T22:30:00Z"))); // Monday 00:30
        Assert.False(window.IsOpen(At("2026-03-29T22:59:00Z")));
    }

    [Fact]
    public void NextOpening_AnyWindow_IsAfterNowAndOpenAndTheFirst()
    {
        var zones = new[] { "Europe/Berlin", "UTC", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia" }
            .Select(TimeZoneInfo.FindSystemTimeZoneById)
            .ToArray();
        var anyWindow =
            from days in Gen.Enum<DayOfWeek>().Array[0, 4]
            from opens in Gen.Int[0, (24 * 60) - 1]
            from length in Gen.Int[1, 24 * 60]
            from zone in Gen.Int[0, zones.Length - 1].Select(i => zones[i])
            select new MaintenanceWindow([.. days.Distinct()], TimeOnly.MinValue.AddMinutes(opens), TimeSpan.FromMinutes(length), zone);
        var anyNow = Gen.Int[0, 20 * 365 * 24 * 60].Select(minutes => new DateTimeOffset(2020, 1, 1, 0, 0, 7, TimeSpan.Zero).AddMinutes(minutes));

        Gen.Select(anyWindow, anyNow, Gen.Double[0, 1]).Sample(
            (window, now, part) =>
            {
                var next = window.NextOpening(now);
                Assert.True(next > now, $"{next:O} is not after {now:O}");
                Assert.True(next - now <= TimeSpan.FromDays(8), $"{next:O} is too far from {now:O}");
                Assert.True(window.IsOpen(next), $"not open at {next:O}");

                // Between the two nothing opens: once shut, it stays shut until then.
                var between = now + ((next - now) * part);
                Assert.True(between >= next || window.NextOpening(between) == next, $"{between:O} knows an earlier opening than {next:O}");
                Assert.True(window.IsOpen(now) || between >= next || !window.IsOpen(between), $"open at {between:O}, before {next:O}");
                Assert.True(window.IsOpen(next + window.Length - TimeSpan.FromTicks(1)), "not open to its end");
            },
            iter: 5000);
    }

    [Fact]
    public void Decide_SeveralWindows_AddUp()
    {
        var policy = new HostPolicy
        {
            MaintenanceWindows = [Window([DayOfWeek.Friday], "23:00", 2), Window([DayOfWeek.Tuesday], "14:00", 2)],
        };
        var planned = A.Deployment(d => d with { Phase = new Reconciler.Model.DeploymentPhase.Planned(), Toplevel = A.Toplevel("new") });

        HostStep DecideAt(string now) => HostPlanner.Decide(A.HostView(planned, v => v with { Policy = policy, Now = At(now) }));

        // Tuesday 13:00 in Berlin, then in Tuesday's window, then after it, then in Friday's.
        Assert.Equal(At("2026-03-03T13:00:00Z"), OpensAt(DecideAt("2026-03-03T12:00:00Z")));
        Assert.IsType<HostStep.Try>(DecideAt("2026-03-03T13:00:00Z"));
        Assert.Equal(At("2026-03-06T22:00:00Z"), OpensAt(DecideAt("2026-03-03T15:00:00Z")));
        Assert.IsType<HostStep.Try>(DecideAt("2026-03-06T23:00:00Z"));
    }

    private static DateTimeOffset OpensAt(HostStep step) =>
        Assert.IsType<HoldReason.OutsideMaintenanceWindow>(Assert.IsType<HostStep.Hold>(step).Reason).Opens;

    private static MaintenanceWindow Window(ImmutableArray<DayOfWeek> days, string opens, int hours) =>
        new(days, TimeOnly.Parse(opens, CultureInfo.InvariantCulture), TimeSpan.FromHours(hours), Berlin);

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
