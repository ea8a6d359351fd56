using System.Net;
using Reconciler.Adapters.Forge;

namespace Reconciler.Adapters.GitHub;

/// <summary>Follows redirects, as a renamed repository needs: method and body stay, and only the own origin is shown who asks.</summary>
/// <remarks>The framework's own following drops the Authorization header and makes a GET of a POST.</remarks>
internal sealed class RedirectsHandler : DelegatingHandler
{
    private const int MostRedirects = 5;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var (asked, authorization) = (request.RequestUri!, request.Headers.Authorization);
        try
        {
            for (var hop = 0; ; hop++)
            {
                var response = await base.SendAsync(request, cancellationToken);
                if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect))
                {
                    return response;
                }

                var next = Next(request, response.Headers.Location, hop);
                response.Dispose();
                request.RequestUri = next;
                request.Headers.Authorization = IsSameOrigin(asked, next) ? authorization : null;
            }
        }
        finally
        {
            // Whoever sends it again begins at the beginning.
            request.RequestUri = asked;
            request.Headers.Authorization = authorization;
        }
    }

    private static bool IsSameOrigin(Uri one, Uri other) => one.GetLeftPart(UriPartial.Authority) == other.GetLeftPart(UriPartial.Authority);

    private static Uri Next(HttpRequestMessage request, Uri? location, int hop)
    {
        var from = request.RequestUri!;
        var next = location is null ? null : new Uri(from, location);
        var shown = PlainText.Line(next?.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped), 200);
        var fault = next is null || next.Scheme is not ("http" or "https") ? "with a redirect that leads nowhere"
            : hop >= MostRedirects ? $"with more than {MostRedirects} redirects"
            : from.Scheme == "https" && next.Scheme == "http" ? $"with a redirect away from TLS, to {shown}"
            : request.Method != HttpMethod.Get && !IsSameOrigin(from, next) ? $"to a change with a redirect to another server, {shown}"
            : null;
        return fault is null ? next! : throw new GitHubUnavailableException($"{from.Authority} answers {fault}: not followed; look at the address of the API, owner and repository")
        {
            Pause = GitHubGate.ShortestPause,
        };
    }
}
