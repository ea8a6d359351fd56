namespace Reconciler.Web.Pages;

/// <summary>Sentences in which commands stand between back-ticks.</summary>
internal static class Prose
{
    /// <summary>The text, with what stands between back-ticks shown as code.</summary>
    public static Markup Of(string text)
    {
        var parts = text.Split('`');

        // An even number of parts has a back-tick without its partner: then none is taken for a mark.
        return parts.Length % 2 == 0
            ? Markup.Of($"{text}")
            : Markup.Of($"{parts.Select((part, place) => place % 2 == 0 ? Markup.Of($"{part}") : Markup.Of($"<code>{part}</code>"))}");
    }
}
