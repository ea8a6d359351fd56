using System.Collections.Immutable;
using System.Globalization;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Web.Pages;
using Reconciler.Wire;

namespace Reconciler.Web;

/// <summary>Gathers what each page shows.</summary>
internal sealed class SiteView(SiteServices services, StatusSnapshots snapshots, CommitWords commits, LedgerWalk walk)
{
    private const int Recent = 40;
    private const int MostDeployments = 1000;

    /// <summary>The overview.</summary>
    public Markup Overview()
    {
        var now = snapshots.Now();
        return OverviewPage.Of(new OverviewView(
            now.Document,
            [.. now.Status.History.Deployments.Values.Reverse().Take(Recent).Select(Row)],
            QuarantineDocument.Of(now.Status.History),
            commits.View((now.Status.Selection as Selection.Wanted)?.Candidate.Revision),
            commits.View(Revision.TryParse(now.Document.Systems.Revision, out var running) ? running : null)));
    }

    /// <summary>A stretch of all deployments.</summary>
    public Markup Deployments(HttpRequest request)
    {
        var now = snapshots.Now();
        var all = now.Status.History.Deployments;
        var before = Number(request, "before", 1, long.MaxValue);
        var newer = before is { } limit ? all.Keys.Count(id => id >= limit) : 0;
        var rows = all.Values.Reverse().Skip(newer).Take(DeploymentsPage.Stretch).Select(Row);
        return DeploymentsPage.Of(new DeploymentsView(now.Document, [.. rows], all.Count, newer, before));
    }

    /// <summary>One deployment.</summary>
    public async Task<Markup> DeploymentAsync(HttpRequest request)
    {
        var now = snapshots.Now();
        var deployment = Named(request, now);
        var log = await LogAsync(deployment, request.HttpContext.RequestAborted);
        return DeploymentPage.Of(new DeploymentView(
            now.Document, DeploymentDocument.Of(deployment, now.Status), commits.View(deployment.Revision),
            deployment.Revision is { } revision ? commits.Of(revision)?.Author : null, Links(deployment), log));
    }

    /// <summary>The generations.</summary>
    public Markup Generations()
    {
        var now = snapshots.Now();
        return GenerationsPage.Of(now.Document, GenerationsDocument.Of(services.Host.Generations(), now.Status), commits.Link);
    }

    /// <summary>The ledger.</summary>
    public async Task<Markup> LedgerAsync(HttpRequest request) => LedgerPage.Of(snapshots.Now().Document, await walk.StateAsync(request.HttpContext.RequestAborted));

    /// <summary>What the API lists of deployments.</summary>
    public HistoryDocument History(HttpRequest request)
    {
        var limit = Number(request, "limit", 1, MostDeployments) ?? DeploymentsPage.Stretch;
        var before = Number(request, "before", 1, long.MaxValue) ?? long.MaxValue;
        var deployments = services.Board.Current.History.Deployments.Values.Reverse().Where(d => d.Id.Position < before).Take((int)limit);
        return new HistoryDocument([.. deployments.Select(DeploymentSummary.Of)]);
    }

    /// <summary>The deployment a request names.</summary>
    /// <exception cref="SiteRefusal">There is none.</exception>
    public static Deployment Named(HttpRequest request, StatusSnapshot now)
    {
        var text = (string?)request.RouteValues["id"];
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var position) && now.Status.History.Deployments.TryGetValue(position, out var deployment)
            ? deployment
            : throw new SiteRefusal("There is no such deployment on this host.") { Code = StatusCodes.Status404NotFound };
    }

    /// <summary>A number of the query; null when it is not there.</summary>
    /// <exception cref="SiteRefusal">It is no number, or out of bounds.</exception>
    public static long? Number(HttpRequest request, string name, long least, long most)
    {
        var text = request.Query[name].ToString();
        return text.Length == 0
            ? null
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
                ? value
                : throw new SiteRefusal($"{name} must be a whole number of {least} or more{(most == long.MaxValue ? "" : $", and at most {most}")}.");
    }

    private DeploymentRow Row(Deployment deployment)
    {
        var commit = commits.View(deployment.Revision);
        return new DeploymentRow(DeploymentSummary.Of(deployment), commit.Subject, commit.Link, PhaseDocument.Of(deployment));
    }

    private async Task<LogTail> LogAsync(Deployment deployment, CancellationToken cancellationToken)
    {
        var last = new Queue<string>(LogTail.Most);
        var total = 0L;
        await foreach (var line in services.Logs.ReadAsync(deployment.Id, follow: false, cancellationToken))
        {
            total++;
            if (last.Count == LogTail.Most)
            {
                last.Dequeue();
            }

            last.Enqueue(LogTail.Clean(line));
        }

        return new LogTail([.. last], total, !deployment.Phase.IsSettled);
    }

    private ImmutableArray<(string Name, string Link)> Links(Deployment deployment) => (services.Links, deployment) switch
    {
        ({ } links, { Revision: { } revision, Phase: DeploymentPhase.RolledBack }) =>
        [
            ("Commit", links.Commit(revision)), ("Branch that takes it back", links.Revert(revision)), ("Its pull request", links.RevertPullRequest(revision)),
        ],
        ({ } links, { Revision: { } revision }) => [("Commit", links.Commit(revision))],
        _ => [],
    };
}
