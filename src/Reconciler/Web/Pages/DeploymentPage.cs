using System.Collections.Immutable;
using Reconciler.Wire;

namespace Reconciler.Web.Pages;

/// <summary>All that is shown of one deployment.</summary>
/// <param name="Status">The host.</param>
/// <param name="Deployment">The deployment.</param>
/// <param name="Commit">Its commit's subject and link.</param>
/// <param name="Author">Who wrote the commit; null when unknown.</param>
/// <param name="Links">Where the forge shows what came of it: a name and an address each.</param>
/// <param name="Log">The end of its log.</param>
internal sealed record DeploymentView(
    StatusDocument Status, DeploymentDocument Deployment, CommitView Commit, string? Author, ImmutableArray<(string Name, string Link)> Links, LogTail Log);

/// <summary>The page of one deployment: the whole story.</summary>
internal static class DeploymentPage
{
    /// <summary>Writes the page.</summary>
    public static Markup Of(DeploymentView view)
    {
        var (deployment, now) = (view.Deployment, view.Status.At);
        return Frame.Of(view.Status, $"Deployment {deployment.Summary.Id}", Place.Deployments, Markup.Of($"""
            <nav class="crumbs" aria-label="Path"><a href="/deployments">Deployments</a> / <span aria-current="page">{deployment.Summary.Id}</span></nav>
            {Head(view)}
            <div id="explanation" data-live>{ExplanationPiece.Of(deployment)}</div>
            <section aria-labelledby="phases-title"><h2 id="phases-title">Phases</h2><div id="phases" data-live>{PhasesPicture.Of(deployment.Phases, now)}</div></section>
            <div id="checks" data-live>{ChecksPiece.Of(deployment)}</div>
            <div id="changes" data-live>{ChangesPiece.Of(deployment.Changes)}</div>
            <div id="journal" data-live>{ExplanationPiece.Journal(deployment.Journal)}</div>
            {LogPiece.Of(view.Log, deployment.Summary.Id)}
            <section aria-labelledby="about-title"><h2 id="about-title">About</h2><div id="about" data-live>{AboutPiece.Of(view)}</div></section>
            """));
    }

    private static Markup Head(DeploymentView view)
    {
        var summary = view.Deployment.Summary;
        var look = Looks.Of(summary);
        return Markup.Of($"""
            <section class="headline" aria-label="Outcome">
            <div id="headline" data-live aria-live="polite" aria-atomic="true">
            <p class="state {Looks.Name(look)}">{Glyph.Of(look)} {Looks.Word(summary)}</p>
            <h1>Deployment {summary.Id}{Outcome(view.Deployment)}</h1>
            </div>
            <p class="commit-line">{What(view)}</p>
            {Links(view.Links)}
            </section>
            """);
    }

    // The word above says most of it, and the explanation below says why.
    private static Markup Outcome(DeploymentDocument deployment)
    {
        var headline = deployment.Summary.Headline.Split(": ")[0];
        return Markup.When(
            deployment.Failure is null && deployment.Summary.Phase != "selected" && !headline.Equals(Looks.Word(deployment.Summary), StringComparison.OrdinalIgnoreCase),
            () => Markup.Of($""" <span class="of">{headline}</span>"""));
    }

    private static Markup What(DeploymentView view) => view.Deployment.Summary switch
    {
        { Revision: { } sha } summary => Markup.Of($"""{Say.Commit(sha, view.Commit.Link)} <span class="subject">{view.Commit.Subject}</span>{Markup.When(view.Author is not null, () => Markup.Of($""" <span class="by">{view.Author}</span>"""))} <span class="by">{summary.Branch} branch on {view.Deployment.Remote}</span>"""),
        { From: { } generation } => Markup.Of($"Back to generation {generation}"),
        _ => Markup.Empty,
    };

    private static Markup Links(ImmutableArray<(string Name, string Link)> links) => Markup.When(!links.IsEmpty, () => Markup.Of($"""
        <ul class="links">{links.Select(link => Markup.Of($"""<li><a href="{link.Link}" rel="noreferrer">{link.Name}</a></li>"""))}</ul>
        """));
}
