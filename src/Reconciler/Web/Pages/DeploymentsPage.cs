using System.Collections.Immutable;
using Reconciler.Wire;

namespace Reconciler.Web.Pages;

/// <summary>A stretch of all deployments.</summary>
/// <param name="Status">The host.</param>
/// <param name="Rows">The deployments of this stretch, newest first.</param>
/// <param name="Total">How many there are in all.</param>
/// <param name="Newer">How many are newer than this stretch.</param>
/// <param name="Before">The stretch is of deployments before this one; null for the newest.</param>
internal sealed record DeploymentsView(StatusDocument Status, ImmutableArray<DeploymentRow> Rows, int Total, int Newer, long? Before);

/// <summary>All deployments, a stretch a page.</summary>
internal static class DeploymentsPage
{
    /// <summary>Deployments a page.</summary>
    public const int Stretch = 40;

    /// <summary>Writes the page.</summary>
    public static Markup Of(DeploymentsView view) => Frame.Of(view.Status, "Deployments", Place.Deployments, Markup.Of($"""
        <div class="title"><h1>Deployments</h1><p class="sub" id="range" data-live>{Range(view)}</p></div>
        <div>
        <div id="timeline" data-live>{TimelinePicture.Of(view.Rows, view.Status.At)}</div>
        <div id="deployments" data-live>{DeploymentsTable.Of(view.Rows, view.Status.At, $"Deployments, newest first: {Range(view)}")}</div>
        </div>
        <nav class="pager" id="pager" data-live aria-label="More deployments">{Newest(view)}{Older(view)}</nav>
        """));

    private static string Range(DeploymentsView view) => view.Rows.IsEmpty
        ? $"none of {Say.Count(view.Total, "deployment", "deployments")}"
        : $"{view.Newer + 1} to {view.Newer + view.Rows.Length} of {Say.Count(view.Total, "deployment", "deployments")}";

    private static Markup Newest(DeploymentsView view) =>
        Markup.When(view.Before is not null, () => Markup.Of($"""<a href="/deployments" rel="first">Newest</a>"""));

    private static Markup Older(DeploymentsView view) => Markup.When(
        !view.Rows.IsEmpty && view.Newer + view.Rows.Length < view.Total,
        () => Markup.Of($"""<a href="/deployments?before={view.Rows[^1].Summary.Id}" rel="next">Older</a>"""));
}
