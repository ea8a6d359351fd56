using System.Collections.Immutable;
using Reconciler.Model;

namespace Reconciler.Web.Pages;

/// <summary>The picture of the last deployments: a bar each, as high as it took, divided by phase, with the mark of its outcome below.</summary>
internal static class TimelinePicture
{
    private const double Top = 14;
    private const double Plot = 124;
    private const double Axis = 44;
    private const double Room = 960;
    private const double NarrowRoom = 308;
    private const double Marks = 22;
    private const double Foot = 42;
    private const double LeastHeight = 2;

    // A wait can be a hundred times longer than the work: it is drawn at this height at the most, and told in words.
    private const double TallestWait = 16;
    private const double LabelRoom = 64;
    private const int Least = 24;
    private const int Most = 40;
    private const int MostNarrow = 14;

    private static readonly TimeSpan[] Steps =
    [
        .. new double[] { 4, 10, 20, 40, 60, 120, 240, 600, 1200, 2400, 3600, 7200, 14400, 28800, 86400 }.Select(seconds => TimeSpan.FromSeconds(seconds)),
    ];

    /// <summary>Draws it twice: for a wide window and for a narrow one, where the style sheet shows one of the two.</summary>
    /// <param name="rows">Deployments, newest first.</param>
    /// <param name="now">When they were looked at.</param>
    public static Markup Of(ImmutableArray<DeploymentRow> rows, DateTimeOffset now)
    {
        if (rows.IsEmpty)
        {
            return Markup.Of($"""<p class="none">Nothing was deployed yet. The first deployment is drawn here.</p>""");
        }

        var used = rows.SelectMany(row => row.Phases).Select(phase => phase.Phase).ToHashSet(StringComparer.Ordinal);
        return Markup.Of($"""
            <figure class="timeline">
            {Draw([.. rows.Take(Most).Reverse()], now, "wide", Room / Math.Clamp(rows.Length, Least, Most))}
            {Draw([.. rows.Take(MostNarrow).Reverse()], now, "narrow", NarrowRoom / MostNarrow)}
            <figcaption>{PhaseWords.Legend(used)}</figcaption>
            </figure>
            """);
    }

    /// <summary>What the picture shows, in words.</summary>
    public static string InWords(IReadOnlyCollection<DeploymentRow> rows)
    {
        var kinds = rows.GroupBy(row => Looks.Word(row.Summary)).OrderByDescending(group => group.Count()).Select(group => $"{group.Count()} {group.Key.ToLowerInvariant()}");
        return $"The last {Say.Count(rows.Count, "deployment", "deployments")}, oldest first: {string.Join(", ", kinds)}.";
    }

    private static Markup Draw(ImmutableArray<DeploymentRow> rows, DateTimeOffset now, string name, double step)
    {
        var scale = Scale(rows, now);
        var room = name == "wide" ? Room : NarrowRoom;
        var first = Axis + room - (rows.Length * step);
        var width = Axis + room + 6;
        var height = Top + Plot + Foot;
        return Markup.Of($"""
            <svg class="{name}" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="group" aria-label="{InWords(rows)}">
            {PhaseWords.Patterns($"hatch-{name}")}
            {Grid(scale, width)}
            {rows.Select((row, place) => Column(row, now, scale, first + (place * step), step))}
            {Days(rows, first, step)}
            </svg>
            """);
    }

    // The work of nine in ten fits; what is longer is cut, and says so by a gap near its top.
    private static TimeSpan Scale(ImmutableArray<DeploymentRow> rows, DateTimeOffset now)
    {
        var lengths = rows.Select(row => row.WorkedAt(now)).Order().ToList();
        var most = lengths[(int)Math.Ceiling((lengths.Count - 1) * 0.9)];
        return Steps.FirstOrDefault(step => step >= most, Steps[^1]);
    }

    private static Markup Grid(TimeSpan scale, double width) => Markup.Of($"""
        <g class="grid" aria-hidden="true">{new[] { 0, 0.5, 1 }.Select(part => Markup.Of($"""<path d="M{Axis} {Top + Plot - (part * Plot)}H{width}"/><text x="{Axis - 8}" y="{Top + Plot - (part * Plot) + 4}" text-anchor="end">{(part == 0 ? "0" : FailureText.Duration(scale * part))}</text>"""))}</g>
        """);

    private static Markup Column(DeploymentRow row, DateTimeOffset now, TimeSpan scale, double left, double step)
    {
        var bar = Math.Round(step * .6);
        var x = left + ((step - bar) / 2);
        var parts = new List<Markup>();
        var level = Top + Plot;
        foreach (var phase in row.Phases)
        {
            var height = Math.Max(LeastHeight, phase.LengthAt(now) / scale * Plot);
            height = Math.Min(phase.Phase is "waiting" or "stuck" ? Math.Min(height, TallestWait) : height, level - Top);
            if (height > 0)
            {
                level -= height;
                parts.Add(Markup.Of($"""<rect class="{PhaseWords.Class(phase.Phase)}" x="{x}" y="{level}" width="{bar}" height="{height}"/>"""));
            }
        }

        var look = Looks.Of(row.Summary);
        var words = $"Deployment {row.Summary.Id}: {Looks.Word(row.Summary).ToLowerInvariant()}, {Spent(row, now)}";
        return Markup.Of($"""
            <a href="/deployments/{row.Summary.Id}" aria-label="{words}" tabindex="-1"><title>{words}</title><rect class="hit" x="{left}" y="{Top}" width="{step}" height="{Plot + Marks}"/>{parts}{Markup.When(row.WorkedAt(now) > scale, () => Markup.Of($"""<path class="cut" d="M{x - 1} {Top + 9}l{bar + 2} -5"/>"""))}{Glyph.At(look, x + (bar / 2), Top + Plot + 12)}</a>
            """);
    }

    private static string Spent(DeploymentRow row, DateTimeOffset now) => row.WaitedAt(now) is { TotalSeconds: >= 1 } waited
        ? $"{Say.Duration(row.WorkedAt(now))} of work and {Say.Duration(waited)} of waiting"
        : Say.Duration(row.WorkedAt(now));

    private static IEnumerable<Markup> Days(ImmutableArray<DeploymentRow> rows, double first, double step)
    {
        var free = double.MinValue;
        DateOnly? before = null;
        foreach (var (place, row) in rows.Index())
        {
            var day = DateOnly.FromDateTime(row.Summary.Began.UtcDateTime);
            var x = first + (place * step);
            if (day != before && x >= free)
            {
                yield return Markup.Of($"""<text class="day" x="{x + 2}" y="{Top + Plot + Foot - 5}" aria-hidden="true">{day.ToString("d MMM", System.Globalization.CultureInfo.InvariantCulture)}</text>""");
                free = x + LabelRoom;
            }

            before = day;
        }
    }
}
