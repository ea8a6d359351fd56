using System.Collections.Immutable;
using Reconciler.Wire;

namespace Reconciler.Web.Pages;

/// <summary>One deployment's time: a bar divided by phase, and the same as a table.</summary>
internal static class PhasesPicture
{
    private const double Width = 1000;
    private const double Height = 20;
    private const double Least = 4;

    /// <summary>Draws it.</summary>
    public static Markup Of(ImmutableArray<PhaseDocument> phases, DateTimeOffset now) => phases.IsEmpty
        ? Markup.Of($"""<p class="none">Nothing was done yet.</p>""")
        : Markup.Of($"""
            {Bar(phases, now)}
            <table class="list phases">
            <caption class="sr">Phases in order, with their lengths</caption>
            <thead><tr><th scope="col">Phase</th><th scope="col">Began</th><th scope="col" class="num">Took</th></tr></thead>
            <tbody>{phases.Select(phase => Row(phase, now))}</tbody>
            </table>
            """);

    private static Markup Bar(ImmutableArray<PhaseDocument> phases, DateTimeOffset now)
    {
        var lengths = phases.Select(phase => phase.LengthAt(now).TotalSeconds).ToList();
        var scale = (Width - (Least * phases.Length)) / Math.Max(lengths.Sum(), 0.001);
        var words = string.Join(", ", phases.Select(phase => $"{PhaseWords.Word(phase.Phase)} {Say.Duration(phase.LengthAt(now))}"));
        var parts = new List<Markup>();
        var x = 0.0;
        foreach (var (place, phase) in phases.Index())
        {
            var width = Least + (lengths[place] * scale);
            parts.Add(Markup.Of($"""<rect class="{PhaseWords.Class(phase.Phase)}" x="{x}" width="{Math.Max(1, width - 2)}" height="{Height}"/>"""));
            x += width;
        }

        return Markup.Of($"""
            <svg class="phasebar" viewBox="0 0 {Width} {Height}" preserveAspectRatio="none" role="img" aria-label="{words}">{PhaseWords.Patterns("hatch-wide")}{parts}</svg>
            """);
    }

    private static Markup Row(PhaseDocument phase, DateTimeOffset now) => Markup.Of($"""
        <tr><th scope="row"><svg class="swatch" viewBox="0 0 12 12" width="12" height="12" aria-hidden="true"><rect class="{PhaseWords.Class(phase.Phase)}" width="12" height="12" rx="2"/></svg> {PhaseWords.Word(phase.Phase)}</th><td class="when">{Say.Clock(phase.Began)}</td><td class="num">{Say.Duration(phase.LengthAt(now))}{(phase.Ended is null ? " so far" : "")}</td></tr>
        """);
}
