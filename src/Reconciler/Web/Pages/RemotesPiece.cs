using System.Collections.Immutable;
using Reconciler.Wire;

namespace Reconciler.Web.Pages;

/// <summary>The remotes: what each shows and when it was last read.</summary>
internal static class RemotesPiece
{
    /// <summary>Writes them.</summary>
    public static Markup Of(ImmutableArray<RemoteDocument> remotes) => Markup.Of($"""
        <section class="card" aria-labelledby="remotes">
        <h2 id="remotes">Remotes</h2>
        {(remotes.IsEmpty ? Markup.Of($"""<p class="none">No remote was read yet.</p>""") : Markup.Of($"""<ul class="items">{remotes.Select(One)}</ul>"""))}
        </section>
        """);

    private static Markup One(RemoteDocument remote)
    {
        var look = remote.Trouble is not null ? Look.Bad : remote.ReachedAt is null ? Look.Busy : Look.Good;
        return Markup.Of($"""
            <li>{Glyph.Of(look)}<div><strong>{remote.Name}</strong>{Tip("main", remote.Main)}{Tip("testing", remote.Testing)}<p>{(remote.ReachedAt is { } at ? Markup.Of($"read {Say.Time(at)}") : Markup.Of($"not read yet"))}</p>{Trouble(remote)}</div></li>
            """);
    }

    private static Markup Tip(string branch, string? sha) => Markup.When(sha is not null, () => Markup.Of($" {branch} at {Say.Commit(sha!, null)}"));

    private static Markup Trouble(RemoteDocument remote) => Markup.When(
        remote.Trouble is not null,
        () => Markup.Of($"""<p class="bad">cannot be read{(remote.TroubleSince is { } since ? Markup.Of($" since {Say.Time(since)}") : Markup.Empty)}: {remote.Trouble}</p>"""));
}
