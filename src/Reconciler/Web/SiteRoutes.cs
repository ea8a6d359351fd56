using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
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
        _ = stopping;
        application.MapMethods($"{Api}/status", Reading, context =>
            SiteAnswer.JsonAsync(context, StatusDocument.Of(services.Board.Current, services.Version), WireJson.Default.StatusDocument));
        application.MapFallback(context => SiteAnswer.RefuseAsync(context, StatusCodes.Status404NotFound, "There is no such page."));
    }
}
