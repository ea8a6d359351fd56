using Reconciler.Wire;

namespace Reconciler.Web.Pages;

/// <summary>The state in a word, what happens or why nothing moves, and what can be done.</summary>
internal static class HeadlinePiece
{
    /// <summary>Writes it. The headline is announced when it changes; the time beside it is not.</summary>
    public static Markup Of(StatusDocument status)
    {
        var look = Looks.Of(status);
        return Markup.Of($"""
            <section class="headline" aria-label="State of {status.Host}">
            <div id="headline" data-live aria-live="polite" aria-atomic="true">
            <p class="state {Looks.Name(look)}">{Glyph.Of(look)} {Looks.Word(status.State)}</p>
            <h1>{status.Headline}</h1>
            {Markup.When(status.Cure.Length > 0, () => Markup.Of($"""<p class="cure"><span class="sr">What to do: </span>{Prose.Of(status.Cure)}</p>"""))}
            </div>
            <p class="since" id="since" data-live>{Markup.When(status.Since is not null, () => Markup.Of($"Changed {Say.Time(status.Since!.Value)}"))}</p>
            </section>
            """);
    }
}
