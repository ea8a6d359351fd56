using Reconciler.Wire;

namespace Reconciler.Web.Pages;

/// <summary>What an operator decided, and what is not as it was confirmed, unless the headline is about just that.</summary>
internal static class NoticesPiece
{
    /// <summary>Writes them; nothing when there are none.</summary>
    public static Markup Of(StatusDocument status)
    {
        Markup[] notices = [Suspension(status), Pin(status), Drift(status), Telling(status)];
        return Markup.When(
            notices.Any(notice => notice.ToString().Length > 0),
            () => Markup.Of($"""<section aria-label="Notices"><ul class="notices">{notices}</ul></section>"""));
    }

    private static Markup Suspension(StatusDocument status) => Markup.When(status.Suspension is not null && status.State != HostStateWord.Suspended, () => Markup.Of($"""
        <li>{Glyph.Of(Look.Held)}<div><strong>Suspended</strong> by {status.Suspension!.By}, {Say.Time(status.Suspension.Since)}{(status.Suspension.Reason.Length > 0 ? $": {status.Suspension.Reason}" : "")}. New deployments wait for <code>reconciler resume</code>.</div></li>
        """));

    private static Markup Pin(StatusDocument status) => Markup.When(status.Pin is not null, () => Markup.Of($"""
        <li>{Glyph.Of(Look.Held)}<div><strong>Pinned</strong> to {Say.Commit(status.Pin!, null)}: the branch is not followed until <code>reconciler unpin</code>.</div></li>
        """));

    private static Markup Drift(StatusDocument status) => Markup.When(
        IsAtRest(status.State) && status.Systems is { Expected: not null, Running: not null } && status.Systems.Expected != status.Systems.Running,
        () => Markup.Of($"""
            <li>{Glyph.Of(Look.Alarm)}<div><strong>Drifted</strong>: {Say.System(status.Systems.Running!)} runs, {Say.System(status.Systems.Expected!)} was confirmed.</div></li>
            """));

    // While something is tried or put back another system runs on purpose; and a drift that is the headline need not be told twice.
    private static bool IsAtRest(HostStateWord state) =>
        state is HostStateWord.Suspended or HostStateWord.Quarantined or HostStateWord.Held or HostStateWord.Waiting or HostStateWord.Unreachable or HostStateWord.UpToDate;

    private static Markup Telling(StatusDocument status) => Markup.When(status.TellTrouble is not null, () => Markup.Of($"""
        <li>{Glyph.Of(Look.Held)}<div><strong>The repository was not told</strong> how the last deployment ended: {status.TellTrouble} It is tried again by itself.</div></li>
        """));
}
