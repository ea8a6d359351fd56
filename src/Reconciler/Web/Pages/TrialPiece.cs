using System.Collections.Immutable;
using Reconciler.Wire;

namespace Reconciler.Web.Pages;

/// <summary>The trial under way.</summary>
internal static class TrialPiece
{
    /// <summary>Writes it; nothing when there is none.</summary>
    public static Markup Of(TrialDocument? trial) => trial is null ? Markup.Empty : Markup.Of($"""
        <section class="card" aria-labelledby="on-trial">
        <div class="head"><h2 id="on-trial">On trial</h2>{Say.Deployment(trial.Deployment)}</div>
        <p class="sub">{Activated(trial)}{Markup.When(trial.Deadline is not null, () => Markup.Of($" Confirmed or rolled back {Say.Time(trial.Deadline!.Value)} at the latest."))}{Rounds(trial)}</p>
        {Checks(trial.Checks, "Health checks of the trial, last round")}
        </section>
        """);

    /// <summary>Checks in a table.</summary>
    public static Markup Checks(ImmutableArray<CheckDocument> checks, string caption) => checks.IsEmpty
        ? Markup.Of($"""<p class="none">No check was probed yet.</p>""")
        : Markup.Of($"""
            <table class="list checks">
            <caption class="sr">{caption}</caption>
            <thead><tr><th scope="col">Check</th><th scope="col">Result</th><th scope="col">Seen</th><th scope="col" class="num">Took</th></tr></thead>
            <tbody>{checks.Select(Check)}</tbody>
            </table>
            """);

    private static Markup Activated(TrialDocument trial) => trial.ActivatedAt is { } at
        ? Markup.Of($"Activated {Say.Time(at)}.")
        : Markup.Of($"Being activated.");

    private static string Rounds(TrialDocument trial) => trial.Rounds == 0
        ? ""
        : $" {Say.Count(trial.Rounds, "round", "rounds")} of probes, the last {trial.GoodRounds} well.";

    private static Markup Check(CheckDocument check)
    {
        var look = check.Passed ? Look.Good : check.Required ? Look.Bad : Look.Quiet;
        return Markup.Of($"""
            <tr><th scope="row">{check.Name}{Markup.When(!check.Required, () => Markup.Of($""" <span class="tag">only told</span>"""))}</th><td class="outcome {Looks.Name(look)}"><span class="mark">{Glyph.Of(look)} {(check.Passed ? "passed" : "failed")}</span></td><td class="what">{check.Detail}</td><td class="num">{check.TookMilliseconds} ms</td></tr>
            """);
    }
}
