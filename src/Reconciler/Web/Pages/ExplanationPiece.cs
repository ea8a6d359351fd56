using System.Collections.Immutable;
using Reconciler.Wire;

namespace Reconciler.Web.Pages;

/// <summary>Why a deployment failed or waits, in the words of every other place, with what it quoted.</summary>
internal static class ExplanationPiece
{
    /// <summary>Writes it; nothing when nothing went wrong.</summary>
    public static Markup Of(DeploymentDocument deployment) => deployment.Failure is not { } failure ? Markup.Empty : Markup.Of($"""
        <section class="card why" aria-labelledby="why-title">
        <h2 id="why-title">Why</h2>
        <p class="lead">{failure.Headline}</p>
        {Markup.When(failure.Cure.Length > 0, () => Markup.Of($"""<p class="cure"><span class="sr">What to do: </span>{Prose.Of(failure.Cure)}</p>"""))}
        <p class="sub">{Fault(failure.Fault)}{Again(deployment.TriedAgainAt)}</p>
        {Markup.When(!failure.Checks.IsEmpty, () => TrialPiece.Checks(failure.Checks, "The checks that failed"))}
        {Markup.When(failure.Excerpt.Length > 0, () => Quoted("Quoted output", failure.Excerpt))}
        </section>
        """);

    /// <summary>The journal kept with a rollback; nothing when there is none.</summary>
    public static Markup Journal(ImmutableArray<JournalDocument> journal) => Markup.When(!journal.IsEmpty, () => Markup.Of($"""
        <section aria-labelledby="journal-title">
        <h2 id="journal-title">Journal of the units to blame</h2>
        {journal.Select(unit => Markup.Of($"""<h3><code>{unit.Unit}</code></h3>{Quoted($"Journal of {unit.Unit}", string.Join('\n', unit.Lines.Select(LogTail.Clean)))}"""))}
        </section>
        """));

    private static Markup Quoted(string name, string text) => Markup.Of($"""
        <pre class="quoted" tabindex="0" role="region" aria-label="{name}">{text}</pre>
        """);

    private static string Fault(string fault) => fault switch
    {
        "revision" => "Put down to the commit.",
        "host" => "Put down to this machine.",
        "world" => "Put down to the world around; the commit is not to blame.",
        _ => "Nobody is to blame.",
    };

    private static Markup Again(DateTimeOffset? at) => Markup.When(at is not null, () => Markup.Of($" The next attempt is made {Say.Time(at!.Value)}."));
}
