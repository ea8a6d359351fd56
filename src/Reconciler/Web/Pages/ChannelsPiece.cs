using Reconciler.Wire;

namespace Reconciler.Web.Pages;

/// <summary>The ways to the forge: what it is still to be told, and what it says by webhook.</summary>
internal static class ChannelsPiece
{
    /// <summary>Writes them; nothing when there is neither.</summary>
    public static Markup Of(StatusDocument status) => Markup.When(status.Forge is not null || status.Webhook is not null, () => Markup.Of($"""
        <section class="card" aria-labelledby="channels">
        <h2 id="channels">Forge</h2>
        <ul class="items">{Forge(status.Forge)}{Webhook(status.Webhook)}</ul>
        </section>
        """));

    private static Markup Forge(ForgeDocument? forge) => forge is null ? Markup.Empty : Markup.Of($"""
        <li>{Glyph.Of(forge.Trouble is null ? Look.Good : Look.Held)}<div><strong>{forge.Name}</strong> {(forge.Waiting == 0 ? "was told everything so far" : $"is still to be told {Say.Count(forge.Waiting, "message", "messages")}")}{Markup.When(forge.Trouble is not null, () => Markup.Of($"""<p class="bad">{forge.Trouble}</p>"""))}{Sent(forge)}</div></li>
        """);

    private static Markup Sent(ForgeDocument forge) => Markup.Of($"""
        <p>{(forge.SentAt is { } at ? Markup.Of($"last told {Say.Time(at)}") : Markup.Of($"nothing was told yet"))}{(forge.GivenUp > 0 ? $"; {Say.Count(forge.GivenUp, "message", "messages")} given up: {forge.LastGivenUp}" : "")}</p>
        """);

    private static Markup Webhook(WebhookDocument? hook) => hook is null ? Markup.Empty : Markup.Of($"""
        <li>{Glyph.Of(hook.Trouble is null ? Look.Good : Look.Bad)}<div><strong>Webhook</strong> on {hook.Address}{Markup.When(hook.Trouble is not null, () => Markup.Of($"""<p class="bad">{hook.Trouble}</p>"""))}<p>{(hook.HeardAt is { } at ? Markup.Of($"last delivery {Say.Time(at)}") : Markup.Of($"no delivery since the daemon started"))}; {hook.Accepted} accepted, {hook.Refused} refused</p></div></li>
        """);
}
