using Reconciler.Wire;

namespace Reconciler.Web.Pages;

/// <summary>The state in a word, what happens or why nothing moves, and what can be done.</summary>
internal static class HeadlinePiece
{
    private const string Shouted = "NEEDS OPERATOR: ";

    /// <summary>Writes it. The headline is announced when it changes; the time beside it is not.</summary>
    public static Markup Of(StatusDocument status)
    {
        var (look, headline) = (Looks.Of(status), Headline(status));
        return Markup.Of($"""
            <section class="headline" aria-label="State of {status.Host}">
            <div id="headline" data-live aria-live="polite" aria-atomic="true">
            <p class="state {Looks.Name(look)}">{Glyph.Of(look)} {Looks.Word(status.State)}</p>
            <h1 class="{Class(headline)}">{headline}</h1>
            {Markup.When(status.Cure.Length > 0, () => Markup.Of($"""<p class="cure"><span class="sr">What to do: </span>{Prose.Of(status.Cure)}</p>"""))}
            </div>
            <p class="since" id="since" data-live>{Markup.When(status.Since is not null, () => Markup.Of($"Changed {Say.Time(status.Since!.Value)}"))}</p>
            </section>
            """);
    }

    // The state stands above already.
    private static string Headline(StatusDocument status) =>
        status.Headline.StartsWith(Shouted, StringComparison.Ordinal) ? status.Headline[Shouted.Length..] : status.Headline;

    // A headline begins with a capital; a commit stays as it is written.
    private static string Class(string headline) => headline.Split(' ')[0].Any(char.IsAsciiDigit) ? "asis" : "said";
}
