using System.Collections.Immutable;
using System.Globalization;
using Reconciler.Wire;

namespace Reconciler.Web.Pages;

/// <summary>The checks of a deployment: over time while the rounds of its trial are remembered, else as they were written down.</summary>
internal static class ChecksPiece
{
    private const int MostRounds = 60;
    private const double Width = 240;
    private const double Height = 28;

    /// <summary>Writes them; nothing when none was probed.</summary>
    public static Markup Of(DeploymentDocument deployment) => deployment switch
    {
        { Rounds.IsEmpty: false } => Section(OverTime(deployment.Rounds)),
        { Checks.IsEmpty: false } => Section(TrialPiece.Checks(deployment.Checks, "The last results that were written down")),
        _ => Markup.Empty,
    };

    private static Markup Section(Markup inside) => Markup.Of($"""
        <section aria-labelledby="checks-title"><h2 id="checks-title">Health checks</h2>{inside}</section>
        """);

    private static Markup OverTime(ImmutableArray<RoundDocument> rounds)
    {
        ImmutableArray<RoundDocument> shown = [.. rounds.TakeLast(MostRounds)];
        var names = shown.SelectMany(round => round.Checks).Select(check => check.Name).Distinct();
        return Markup.Of($"""
            <p class="sub">{Say.Count(rounds.Length, "round", "rounds")} of probes; a bar is as high as its probe took, a cross is one that failed.</p>
            <table class="list checks">
            <caption class="sr">Health checks over the rounds of the trial</caption>
            <thead><tr><th scope="col">Check</th><th scope="col">Over time</th><th scope="col">Last seen</th><th scope="col" class="num">Took</th></tr></thead>
            <tbody>{names.Select(name => Row(name, shown))}</tbody>
            </table>
            """);
    }

    private static Markup Row(string name, ImmutableArray<RoundDocument> rounds)
    {
        CheckDocument?[] results = [.. rounds.Select(round => round.Checks.FirstOrDefault(check => check.Name == name))];
        var last = results.Last(result => result is not null)!;
        var passed = results.Count(result => result is { Passed: true });
        var look = last.Passed ? Look.Good : last.Required ? Look.Bad : Look.Quiet;
        return Markup.Of($"""
            <tr><th scope="row"><span class="mark">{Glyph.Of(look)} <span>{name}</span></span>{Markup.When(!last.Required, () => Markup.Of($""" <span class="tag">only told</span>"""))}</th><td class="plot">{Plot(results)}<span class="detail">{passed} of {results.Count(result => result is not null)} passed</span></td><td class="what">{last.Detail}</td><td class="num">{last.TookMilliseconds} ms</td></tr>
            """);
    }

    private static Markup Plot(CheckDocument?[] results)
    {
        var most = Math.Max(1, results.Max(result => result?.TookMilliseconds ?? 0));
        var step = Math.Min(10, Width / results.Length);
        var words = string.Create(CultureInfo.InvariantCulture, $"{results.Count(result => result is { Passed: true })} passed, {results.Count(result => result is { Passed: false })} failed; the slowest took {most} ms");
        return Markup.Of($"""
            <svg class="spark" viewBox="0 0 {Width} {Height}" width="{Width}" height="{Height}" role="img" aria-label="{words}"><path class="base" d="M0 {Height - .5}H{Width}"/>{results.Select((result, place) => Mark(result, place * step, step, most))}</svg>
            """);
    }

    private static Markup Mark(CheckDocument? result, double x, double step, long most)
    {
        if (result is not { Passed: true })
        {
            var size = Math.Min(3, step / 2);
            return result is null ? Markup.Empty : Markup.Of($"""<path class="miss" d="M{x + (step / 2) - size} {Height - 10 - size}l{2 * size} {2 * size}m0 -{2 * size}l-{2 * size} {2 * size}"/>""");
        }

        var height = Math.Max(3, result.TookMilliseconds * (Height - 4) / most);
        return Markup.Of($"""<rect class="hit-ok" x="{x + (step * .15)}" y="{Height - height}" width="{step * .7}" height="{height}"/>""");
    }
}
