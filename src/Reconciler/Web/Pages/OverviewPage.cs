using System.Collections.Immutable;
using Reconciler.Wire;

namespace Reconciler.Web.Pages;

/// <summary>What the overview shows.</summary>
/// <param name="Status">The host.</param>
/// <param name="Recent">The last deployments, newest first.</param>
/// <param name="Quarantine">Revisions held as bad.</param>
/// <param name="Wanted">The wanted revision's subject and link.</param>
/// <param name="Running">The running revision's subject and link.</param>
internal sealed record OverviewView(
    StatusDocument Status, ImmutableArray<DeploymentRow> Recent, QuarantineDocument Quarantine, CommitView Wanted, CommitView Running);

/// <summary>What is known of a commit besides its id.</summary>
/// <param name="Subject">First line of its message; null when unknown.</param>
/// <param name="Link">Its page at the forge; null when there is none.</param>
internal sealed record CommitView(string? Subject, string? Link);

/// <summary>The page of the daily glance: what runs, what is wanted, why nothing moves.</summary>
internal static class OverviewPage
{
    private const int TableRows = 12;

    /// <summary>Writes the page.</summary>
    public static Markup Of(OverviewView view) => Frame.Of(view.Status, "", Place.Overview, Markup.Of($"""
        {HeadlinePiece.Of(view.Status)}
        <div id="facts" data-live>{SystemsPiece.Of(view.Status, view.Wanted, view.Running)}</div>
        <div id="notices" data-live>{NoticesPiece.Of(view.Status)}</div>
        <div id="trial" data-live>{TrialPiece.Of(view.Status.Trial)}</div>
        <section aria-labelledby="recent">
        <div class="head"><h2 id="recent">Deployments</h2><a href="/deployments">All deployments</a></div>
        <div id="timeline" data-live>{TimelinePicture.Of(view.Recent, view.Status.At)}</div>
        <div id="deployments" data-live>{Markup.When(!view.Recent.IsEmpty, () => DeploymentsTable.Of([.. view.Recent.Take(TableRows)], view.Status.At, "The last deployments, newest first"))}</div>
        </section>
        <div class="pair" id="around" data-live>
        {RemotesPiece.Of(view.Status.Remotes)}
        {QuarantinePiece.Of(view.Quarantine)}
        {ChannelsPiece.Of(view.Status)}
        </div>
        """));
}
