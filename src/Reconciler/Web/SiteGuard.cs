using System.Net;
using Reconciler.Configuration;
using Reconciler.Model;

namespace Reconciler.Web;

/// <summary>What every request of the status page meets first: no mutation, a known name, and headers that let a browser load nothing foreign.</summary>
/// <param name="settings">The names the page may be asked for by.</param>
/// <param name="host">This host.</param>
internal sealed class SiteGuard(PageSettings settings, HostName host)
{
    /// <summary>What a browser may load, run and connect to: this page's own, and nothing else.</summary>
    public const string ContentSecurityPolicy =
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private const string Methods = "GET, HEAD";

    /// <summary>Guards one request.</summary>
    public async Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            headers.Allow = Methods;
            await SiteAnswer.RefuseAsync(context, StatusCodes.Status405MethodNotAllowed, "This page only shows. To change something, use the reconciler command on the host.");
        }
        else if (!Knows(context.Request.Host.Host))
        {
            await SiteAnswer.RefuseAsync(context, StatusCodes.Status421MisdirectedRequest, "This page does not answer to the name it was asked for by. If the name is right, add it to page.names in the configuration.");
        }
        else
        {
            await next(context);
        }
    }

    /// <summary>
    /// Whether a name is this page's. A site of an attacker can make its own name lead to this machine and so have a visitor's browser read what
    /// only the visitor can reach; an address or a name of this machine it cannot take.
    /// </summary>
    internal bool Knows(string name) =>
        name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || name.Equals(host.ToString(), StringComparison.OrdinalIgnoreCase)
        || name.Equals(settings.PublicUrl?.Host, StringComparison.OrdinalIgnoreCase)
        || settings.Names.Contains(name, StringComparer.OrdinalIgnoreCase)
        || (name.Length > 0 && IPAddress.TryParse(name.Trim('[', ']'), out _));
}
