using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Reconciler.Web.Metrics;
using Reconciler.Web.Pages;
using Reconciler.Wire;

namespace Reconciler.Web;

/// <summary>Every path of the status page. All of them only show.</summary>
internal static class SiteRoutes
{
    /// <summary>Where the JSON API begins.</summary>
    public const string Api = "/api/v1";

    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Adds them to a server.</summary>
    /// <param name="application">The server.</param>
    /// <param name="services">What they look at.</param>
    /// <param name="stopping">Ends streams.</param>
    public static void Map(WebApplication application, SiteServices services, CancellationToken stopping)
    {
        var snapshots = new StatusSnapshots(services);
        var walk = new LedgerWalk(services.Ledger, services.Clock);
        var view = new SiteView(services, snapshots, new CommitWords(services.Commits, services.Links), walk);
        var stream = new EventStream(services.Clock, stopping);
        var feed = new StatusFeed(services, snapshots, stopping);
        MapPages(application, services, snapshots, view);
        MapApi(application, services, snapshots, view, walk);
        MapEvents(application, services, snapshots, stream, feed);
        Map(application, "/metrics", context =>
        {
            var now = snapshots.Now();
            context.Response.Headers.CacheControl = "no-store";
            return SiteAnswer.SendAsync(context, Encoding.UTF8.GetBytes(MetricsText.Of(HostMetrics.Of(now.Status, now.Document))), MetricsText.ContentType);
        });
        foreach (var asset in (Asset[])[Asset.Style, Asset.Script, Asset.Icon])
        {
            Map(application, asset.Path, context => AssetAsync(context, asset, "public, max-age=31536000, immutable"));
        }

        application.MapFallback(context => RefusedAsync(context, snapshots, StatusCodes.Status404NotFound, "There is no such page."));
    }

    private static void MapPages(IEndpointRouteBuilder routes, SiteServices services, StatusSnapshots snapshots, SiteView view)
    {
        MapPage(routes, snapshots, "/", _ => Task.FromResult(view.Overview()));
        MapPage(routes, snapshots, "/deployments", request => Task.FromResult(view.Deployments(request)));
        MapPage(routes, snapshots, "/deployments/{id}", view.DeploymentAsync);
        MapPage(routes, snapshots, "/generations", _ => Task.FromResult(view.Generations()));
        MapPage(routes, snapshots, "/ledger", view.LedgerAsync);
        Map(routes, "/deployments/{id}/log", context => LogStream.SendAsync(context, services.Logs, SiteView.Named(context.Request, snapshots.Now()).Id));
    }

    private static void MapApi(IEndpointRouteBuilder routes, SiteServices services, StatusSnapshots snapshots, SiteView view, LedgerWalk walk)
    {
        Map(routes, $"{Api}/status", context => SiteAnswer.SendAsync(context, snapshots.Now().Json, SiteAnswer.JsonType));
        Map(routes, $"{Api}/deployments", context => SiteAnswer.JsonAsync(context, view.History(context.Request), WireJson.Default.HistoryDocument));
        Map(routes, $"{Api}/deployments/{{id}}", context =>
        {
            var now = snapshots.Now();
            return SiteAnswer.JsonAsync(context, DeploymentDocument.Of(SiteView.Named(context.Request, now), now.Status), WireJson.Default.DeploymentDocument);
        });
        Map(routes, $"{Api}/deployments/{{id}}/log", context => LogStream.SendAsync(context, services.Logs, SiteView.Named(context.Request, snapshots.Now()).Id));
        Map(routes, $"{Api}/generations", context =>
            SiteAnswer.JsonAsync(context, GenerationsDocument.Of(services.Host.Generations(), snapshots.Now().Status), WireJson.Default.GenerationsDocument));
        Map(routes, $"{Api}/ledger", async context =>
            await SiteAnswer.JsonAsync(context, await walk.StateAsync(context.RequestAborted), WireJson.Default.LedgerStateDocument));
        Map(routes, $"{Api}/openapi.json", context => AssetAsync(context, Asset.OpenApi, "no-cache"));
    }

    private static void MapEvents(IEndpointRouteBuilder routes, SiteServices services, StatusSnapshots snapshots, EventStream stream, StatusFeed feed)
    {
        Map(routes, $"{Api}/events", context => stream.SendAsync(context, token => feed.ListenAsync(Seen(context.Request), token)));
        Map(routes, $"{Api}/deployments/{{id}}/log/events", context =>
        {
            var deployment = SiteView.Named(context.Request, snapshots.Now()).Id;
            var after = long.TryParse(Seen(context.Request), NumberStyles.None, CultureInfo.InvariantCulture, out var seen)
                ? seen
                : SiteView.Number(context.Request, "after", 0, long.MaxValue) ?? 0;
            return stream.SendAsync(context, token => LogStream.FollowAsync(services.Logs, deployment, after, token));
        });
    }

    private static void Map(IEndpointRouteBuilder routes, string path, RequestDelegate handler) => routes.MapMethods(path, Reading, handler);

    private static void MapPage(IEndpointRouteBuilder routes, StatusSnapshots snapshots, string path, Func<HttpRequest, Task<Markup>> page) => Map(routes, path, async context =>
    {
        try
        {
            await PageAsync(context, await page(context.Request));
        }
        catch (SiteRefusal refusal)
        {
            await RefusedAsync(context, snapshots, refusal.Code, refusal.Message);
        }
    });

    private static Task RefusedAsync(HttpContext context, StatusSnapshots snapshots, int code, string message)
    {
        if (context.Request.Path.StartsWithSegments(Api, StringComparison.Ordinal))
        {
            return SiteAnswer.RefuseAsync(context, code, message);
        }

        context.Response.StatusCode = code;
        return PageAsync(context, RefusedPage.Of(snapshots.Now().Document, code, message));
    }

    private static Task PageAsync(HttpContext context, Markup page) => SiteAnswer.SendAsync(context, Encoding.UTF8.GetBytes(page.ToString()), SiteAnswer.HtmlType);

    private static Task AssetAsync(HttpContext context, Asset asset, string cache)
    {
        context.Response.Headers.CacheControl = cache;
        return SiteAnswer.SendAsync(context, asset.Content, asset.ContentType);
    }

    private static string? Seen(HttpRequest request) => request.Headers["Last-Event-ID"].ToString() is { Length: > 0 and <= 64 } id ? id : null;
}
