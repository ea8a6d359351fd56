using Reconciler.Wire;

namespace Reconciler.Web.Pages;

/// <summary>The revisions held as bad.</summary>
internal static class QuarantinePiece
{
    private const int Most = 5;

    /// <summary>Writes them.</summary>
    public static Markup Of(QuarantineDocument quarantine) => Markup.Of($"""
        <section class="card" aria-labelledby="quarantine">
        <h2 id="quarantine">Quarantine</h2>
        {(quarantine.Revisions.IsEmpty
            ? Markup.Of($"""<p class="none">No commit is held as bad.</p>""")
            : Markup.Of($"""<ul class="items">{quarantine.Revisions.Take(Most).Select(One)}</ul>"""))}
        {Markup.When(quarantine.Revisions.Length > Most, () => Markup.Of($"""<p class="none">and {quarantine.Revisions.Length - Most} more: <code>reconciler quarantine list</code></p>"""))}
        </section>
        """);

    private static Markup One(QuarantinedDocument held) => Markup.Of($"""
        <li>{Glyph.Of(Look.Bad)}<div><strong>{Say.Commit(held.Revision, null)}</strong> {held.Headline}<p>{Say.Deployment(held.Deployment)}, {Say.Time(held.Since)}</p></div></li>
        """);
}
