using System.Collections.Immutable;
using Reconciler.Model;

namespace Reconciler.Web.Pages;

/// <summary>The picture of the last deployments: a bar each, as high as it took, divided by phase, with the mark of its outcome below.</summary>
internal static class TimelinePicture
{
    private const double Top = 14;
    private const double Plot = 124;
    private const double Axis = 46;
    private const double Marks = 22;
    private const double Foot = 42;
    private const double Bar = 14;
    private const double LeastHeight = 2;

    // A wait can be a hundred times longer than the work: it is drawn at this height at the most, and told in words.
    private const double TallestWait = 16;
    private const double LabelRoom = 64;

    private static readonly TimeSpan[] Steps =
    [
        .. new double[] { 5, 10, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400 }.Select(seconds => TimeSpan.FromSeconds(seconds)),
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
            {Draw([.. rows.Take(40).Reverse()], now, "wide", 24)}
            {Draw([.. rows.Take(14).Reverse()], now, "narrow", 22)}
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
        var columns = name == "wide" ? 40 : 14;
        var width = Axis + (columns * step) + 6;
        var height = Top + Plot + Foot;
        return Markup.Of($"""
            <svg class="{name}" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="group" aria-label="{InWords(rows)}">
            {PhaseWords.Patterns($"hatch-{name}")}
            {Grid(scale, width)}
            {rows.Select((row, place) => Column(row, now, scale, Axis + ((columns - rows.Length + place) * step) + ((step - Bar) / 2)))}
            {Days(rows, columns - rows.Length, step)}
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

    private static Markup Column(DeploymentRow row, DateTimeOffset now, TimeSpan scale, double x)
    {
        var parts = new List<Markup>();
        var level = Top + Plot;
        foreach (var phase in row.Phases)
        {
            var height = Math.Max(LeastHeight, phase.LengthAt(now) / scale * Plot);
            height = Math.Min(phase.Phase is "waiting" or "stuck" ? Math.Min(height, TallestWait) : height, level - Top);
            if (height > 0)
            {
                level -= height;
                parts.Add(Markup.Of($"""<rect class="{PhaseWords.Class(phase.Phase)}" x="{x}" y="{level}" width="{Bar}" height="{height}"/>"""));
            }
        }

        var look = Looks.Of(row.Summary);
        var words = $"Deployment {row.Summary.Id}: {Looks.Word(row.Summary).ToLowerInvariant()}, {Spent(row, now)}";
        return Markup.Of($"""
            <a href="/deployments/{row.Summary.Id}" aria-label="{words}" tabindex="-1"><title>{words}</title><rect class="hit" x="{x - 4}" y="{Top}" width="{Bar + 8}" height="{Plot + Marks}"/>{parts}{Markup.When(row.WorkedAt(now) > scale, () => Markup.Of($"""<path class="cut" d="M{x - 1} {Top + 9}l16 -5"/>"""))}{Glyph.At(look, x + (Bar / 2), Top + Plot + 12)}</a>
            """);
    }

    private static string Spent(DeploymentRow row, DateTimeOffset now) => row.WaitedAt(now) is { TotalSeconds: >= 1 } waited
        ? $"{Say.Duration(row.WorkedAt(now))} of work and {Say.Duration(waited)} of waiting"
        : Say.Duration(row.WorkedAt(now));

    private static IEnumerable<Markup> Days(ImmutableArray<DeploymentRow> rows, int offset, double step)
    {
        var free = double.MinValue;
        DateOnly? before = null;
        foreach (var (place, row) in rows.Index())
        {
            var day = DateOnly.FromDateTime(row.Summary.Began.UtcDateTime);
            var x = Axis + ((offset + place) * step);
            if (day != before && x >= free)
            {
                yield return Markup.Of($"""<text class="day" x="{x + 2}" y="{Top + Plot + Foot - 5}" aria-hidden="true">{day.ToString("d MMM", System.Globalization.CultureInfo.InvariantCulture)}</text>""");
                free = x + LabelRoom;
            }

            before = day;
        }
    }
}
