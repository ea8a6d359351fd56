using System.Collections.Immutable;
using Reconciler.Model;
using Reconciler.Wire;

namespace Reconciler.Web.Pages;

/// <summary>What a deployment changes: units and packages.</summary>
internal static class ChangesPiece
{
    private const int Open = 12;

    /// <summary>Writes it; nothing when it is not known.</summary>
    public static Markup Of(ChangesDocument? changes) => changes is null ? Markup.Empty : Markup.Of($"""
        <section aria-labelledby="changes-title">
        <h2 id="changes-title">Changes</h2>
        {Markup.When(changes.ChangesNothing, () => Markup.Of($"""<p class="none">No unit and no package differs.</p>"""))}
        {Reboot(changes.RebootReasons)}
        {Units(changes)}
        {Packages(changes.Packages)}
        {Closure(changes)}
        </section>
        """);

    private static Markup Reboot(ImmutableArray<string> reasons) => Markup.When(!reasons.IsEmpty, () => Markup.Of($"""
        <ul class="notices"><li>{Glyph.Of(Look.Held)}<div><strong>A reboot</strong> is needed for all of it to take effect: {string.Join(", ", reasons)}.</div></li></ul>
        """));

    private static Markup Units(ChangesDocument changes)
    {
        (string Name, ImmutableArray<string> Units)[] groups =
            [("Stopped", changes.Stop), ("Started", changes.Start), ("Restarted", changes.Restart), ("Reloaded", changes.Reload), ("Left as they are", changes.LeftAlone)];
        return Markup.When(groups.Any(group => !group.Units.IsEmpty), () => Markup.Of($"""
            <dl class="plain units">{groups.Where(group => !group.Units.IsEmpty).Select(group => Markup.Of($"""<dt>{group.Name}</dt><dd>{group.Units.Select(unit => Markup.Of($"<code>{unit}</code> "))}</dd>"""))}</dl>
            """));
    }

    private static Markup Packages(ImmutableArray<PackageDocument> packages) => packages.Length switch
    {
        0 => Markup.Empty,
        <= Open => Table(packages),
        _ => Markup.Of($"""<details id="packages"><summary>{packages.Length} packages differ</summary>{Table(packages)}</details>"""),
    };

    private static Markup Table(ImmutableArray<PackageDocument> packages) => Markup.Of($"""
        <table class="list packages">
        <caption class="sr">Packages that differ</caption>
        <thead><tr><th scope="col">Package</th><th scope="col">Before</th><th scope="col">After</th></tr></thead>
        <tbody>{packages.Select(package => Markup.Of($"""<tr><th scope="row">{package.Name}</th><td>{Versions(package.Before, "added")}</td><td>{Versions(package.After, "removed")}</td></tr>"""))}</tbody>
        </table>
        """);

    private static Markup Versions(ImmutableArray<string> versions, string none) => versions.IsEmpty
        ? Markup.Of($"""<span class="detail">{none}</span>""")
        : Markup.Of($"<code>{string.Join(", ", versions)}</code>");

    private static Markup Closure(ChangesDocument changes) => Markup.When(changes.ClosureBytes is not null, () => Markup.Of($"""
        <p class="sub">Closure: {FailureText.Bytes(changes.ClosureBytes!.Value)}{Difference(changes)}</p>
        """));

    private static string Difference(ChangesDocument changes) => changes.ClosureBytesBefore is { } before && changes.ClosureBytes is { } after
        ? $", {FailureText.Bytes(Math.Abs(after - before))} {(after < before ? "less" : "more")} than before"
        : "";
}
