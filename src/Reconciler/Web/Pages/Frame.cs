using Reconciler.Wire;

namespace Reconciler.Web.Pages;

/// <summary>The four places of the page.</summary>
internal enum Place
{
    /// <summary>What happens now.</summary>
    Overview,

    /// <summary>All deployments, and each.</summary>
    Deployments,

    /// <summary>The generations.</summary>
    Generations,

    /// <summary>The ledger.</summary>
    Ledger,
}

/// <summary>What stands around every page: head, navigation, foot.</summary>
internal static class Frame
{
    private static readonly (Place Place, string Path, string Name)[] Places =
    [
        (Place.Overview, "/", "Overview"),
        (Place.Deployments, "/deployments", "Deployments"),
        (Place.Generations, "/generations", "Generations"),
        (Place.Ledger, "/ledger", "Ledger"),
    ];

    /// <summary>A whole page.</summary>
    /// <param name="status">The host.</param>
    /// <param name="title">What the page is of; empty for the overview.</param>
    /// <param name="place">Where it belongs; null for none.</param>
    /// <param name="main">What it shows.</param>
    public static Markup Of(StatusDocument status, string title, Place? place, Markup main) => Markup.Of($"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{(title.Length > 0 ? $"{title} · " : "")}{status.Host} · Reconciler</title>
        <link rel="icon" href="{Asset.Icon.Path}" type="image/svg+xml">
        <link rel="stylesheet" href="{Asset.Style.Path}">
        <script src="{Asset.Script.Path}" defer></script>
        </head>
        <body>
        <a class="skip" href="#main">Skip to content</a>
        <header class="top">
        <div class="bar">
        <a class="host" href="/"><span class="product">Reconciler</span> {status.Host}</a>
        <nav aria-label="Pages"><ul>{Places.Select(entry => Link(entry, place))}</ul></nav>
        <p class="live" id="live" hidden><span class="dot" aria-hidden="true"></span><span id="live-word">Connecting</span></p>
        </div>
        </header>
        <main id="main" tabindex="-1">
        {main}
        </main>
        <footer><div class="bar">
        <p>Reconciler {status.Version}, running since {Say.Clock(status.Started)}. This page only shows; to change something, use <code>reconciler</code> on the host.</p>
        <p><a href="/api/v1/openapi.json">JSON API</a></p>
        </div></footer>
        </body>
        </html>

        """);

    private static Markup Link((Place Place, string Path, string Name) entry, Place? here) =>
        Markup.Of($"""<li><a href="{entry.Path}"{(entry.Place == here ? Markup.Of($" aria-current=\"page\"") : Markup.Empty)}>{entry.Name}</a></li>""");
}
