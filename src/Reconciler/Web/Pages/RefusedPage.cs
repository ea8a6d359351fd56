using Reconciler.Wire;

namespace Reconciler.Web.Pages;

/// <summary>What is shown instead of a page that cannot be.</summary>
internal static class RefusedPage
{
    /// <summary>Writes the page.</summary>
    public static Markup Of(StatusDocument status, int code, string message) => Frame.Of(status, code == 404 ? "Not here" : "Not shown", null, Markup.Of($"""
        <section class="headline" aria-label="Message"><p class="state quiet">{Glyph.Of(Look.Quiet)} {code}</p><h1>{Prose.Of(message)}</h1></section>
        <p><a href="/">Back to the overview</a></p>
        """));
}
