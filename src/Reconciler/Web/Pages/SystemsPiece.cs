using Reconciler.Wire;

namespace Reconciler.Web.Pages;

/// <summary>What runs, what is wanted, what the next boot takes.</summary>
internal static class SystemsPiece
{
    /// <summary>Writes the three facts.</summary>
    public static Markup Of(StatusDocument status, CommitView wanted, CommitView running)
    {
        var systems = status.Systems;
        return Markup.Of($"""
            <dl class="facts">
            <div><dt>Runs</dt><dd>{Revision(systems.Revision, running)}{Generation(systems)}{System(systems.Running, "nothing is known to run")}</dd></div>
            <div><dt>Wanted</dt><dd>{Wanted(status, wanted)}</dd></div>
            <div><dt>Next boot</dt><dd>{Boot(systems)}</dd></div>
            </dl>
            """);
    }

    private static Markup Revision(string? sha, CommitView commit) => sha is null
        ? Markup.Of($"""<p class="lead">no known commit</p>""")
        : Markup.Of($"""<p class="lead">{Say.Commit(sha, commit.Link)} <span class="subject">{commit.Subject}</span></p>""");

    private static Markup Generation(SystemsDocument systems) =>
        Markup.When(systems.Generation is not null, () => Markup.Of($"""<p>generation {systems.Generation!.Value}</p>"""));

    private static Markup System(string? path, string none) => path is null ? Markup.Of($"<p>{none}</p>") : Markup.Of($"<p>{Say.System(path)}</p>");

    private static Markup Wanted(StatusDocument status, CommitView commit) => status.Wanted is { } wanted
        ? Markup.Of($"""<p class="lead">{Say.Commit(wanted.Revision, commit.Link)} <span class="subject">{commit.Subject}</span></p><p>{(status.Pin is null ? $"{wanted.Branch} branch on {wanted.Remote}" : "pinned by an operator")}</p>{Same(status, wanted)}""")
        : Markup.Of($"""<p class="lead">nothing yet</p><p>the headline says why</p>""");

    private static Markup Same(StatusDocument status, WantedDocument wanted) =>
        Markup.When(status.Systems.Revision == wanted.Revision, () => Markup.Of($"<p>runs already</p>"));

    private static Markup Boot(SystemsDocument systems) => systems switch
    {
        { BootDefault: null } => Markup.Of($"""<p class="lead">unknown</p>"""),
        _ when systems.BootDefault == systems.Running => Markup.Of($"""<p class="lead">what runs now</p>{System(systems.BootDefault, "")}"""),
        _ when systems.BootDefault == systems.Expected => Markup.Of($"""<p class="lead">the last confirmed system</p>{System(systems.BootDefault, "")}<p>not what runs now</p>"""),
        _ when systems.BootDefault == systems.Booted => Markup.Of($"""<p class="lead">the system last booted</p>{System(systems.BootDefault, "")}<p>not what runs now</p>"""),
        _ => Markup.Of($"""<p class="lead">another system</p>{System(systems.BootDefault, "")}<p>not what runs now</p>"""),
    };
}
