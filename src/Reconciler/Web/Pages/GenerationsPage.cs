using Reconciler.Wire;

namespace Reconciler.Web.Pages;

/// <summary>The generations of the system profile.</summary>
internal static class GenerationsPage
{
    /// <summary>Writes the page.</summary>
    /// <param name="status">The host.</param>
    /// <param name="generations">The generations, newest first.</param>
    /// <param name="link">The page of a commit at the forge; null when there is none.</param>
    public static Markup Of(StatusDocument status, GenerationsDocument generations, Func<string, string?> link) => Frame.Of(status, "Generations", Place.Generations, Markup.Of($"""
        <div class="title"><h1>Generations</h1><p class="sub">The systems this host keeps and can return to with <code>reconciler rollback &lt;number&gt;</code>.</p></div>
        <div id="generations" data-live>{Table(generations, link)}</div>
        """));

    private static Markup Table(GenerationsDocument document, Func<string, string?> link) => document.Generations.IsEmpty
        ? Markup.Of($"""<p class="none">There is no generation yet.</p>""")
        : Markup.Of($"""
            <table class="list generations">
            <caption class="sr">Generations, newest first</caption>
            <thead><tr><th scope="col">Generation</th><th scope="col">Is</th><th scope="col">Commit</th><th scope="col">System</th><th scope="col">Made</th></tr></thead>
            <tbody>{document.Generations.Select(generation => Row(generation, link))}</tbody>
            </table>
            """);

    private static Markup Row(GenerationDocument generation, Func<string, string?> link) => Markup.Of($"""
        <tr><th scope="row">{generation.Number}</th><td>{Marks(generation)}</td><td>{(generation.Revision is { } sha ? Say.Commit(sha, link(sha)) : Markup.Of($"""<span class="detail">not known</span>"""))}{Markup.When(generation.Deployment is not null, () => Markup.Of($" {Say.Deployment(generation.Deployment!.Value)}"))}</td><td class="what">{Say.System(generation.Toplevel)}</td><td class="when">{Say.Time(generation.Made)}</td></tr>

        """);

    private static IEnumerable<Markup> Marks(GenerationDocument generation) =>
        from mark in new[] { (generation.IsRunning, "running"), (generation.IsBootDefault, "boots next"), (generation.IsBooted, "was booted") }
        where mark.Item1
        select Markup.Of($"""<span class="tag {(mark.Item2 == "running" ? "good" : "")}">{mark.Item2}</span> """);
}
