using System.Collections.Immutable;
using Reconciler.Wire;

namespace Reconciler.Web.Pages;

/// <summary>Deployments in a table, newest first.</summary>
internal static class DeploymentsTable
{
    /// <summary>Writes the table.</summary>
    public static Markup Of(ImmutableArray<DeploymentRow> rows, DateTimeOffset now, string caption) => rows.IsEmpty
        ? Markup.Of($"""<p class="none">Nothing was deployed yet.</p>""")
        : Markup.Of($"""
            <table class="list deployments">
            <caption class="sr">{caption}</caption>
            <thead><tr><th scope="col">Deployment</th><th scope="col">Outcome</th><th scope="col">Commit</th><th scope="col">Began</th><th scope="col" class="num">Took</th></tr></thead>
            <tbody>
            {rows.Select(row => Row(row, now))}
            </tbody>
            </table>
            """);

    private static Markup Row(DeploymentRow row, DateTimeOffset now)
    {
        var summary = row.Summary;
        return Markup.Of($"""
            <tr><th scope="row"><a href="/deployments/{summary.Id}">{summary.Id}</a></th><td class="outcome {Looks.Name(Looks.Of(summary))}"><span class="mark">{Glyph.Of(Looks.Of(summary))} {Looks.Word(summary)}</span>{Detail(summary)}</td><td class="what">{What(row)}</td><td class="when">{Say.Time(summary.Began)}</td><td class="num">{Say.Duration(row.TookAt(now))}</td></tr>

            """);
    }

    private static Markup Detail(DeploymentSummary summary) => summary switch
    {
        { Phase: "confirmed", Generation: { } generation } => Markup.Of($""" <span class="aside">generation {generation}</span>"""),
        _ when summary.Headline.IndexOf(": ", StringComparison.Ordinal) is >= 0 and var at => Markup.Of($"""<span class="detail">{summary.Headline[(at + 2)..]}</span>"""),
        _ => Markup.Empty,
    };

    private static Markup What(DeploymentRow row) => row.Summary switch
    {
        { Revision: { } sha } summary => Markup.Of($"""{Say.Commit(sha, row.Link)}{Markup.When(summary.Branch == "testing", () => Markup.Of($"""<span class="tag">testing</span>"""))} <span class="subject">{row.Subject}</span>"""),
        { From: { } generation } => Markup.Of($"""<span class="subject">back to generation {generation}</span>"""),
        _ => Markup.Empty,
    };
}
