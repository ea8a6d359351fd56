using System.Net;

namespace Reconciler.Adapters.GitHub;

/// <summary>Asks for what is known with <c>If-None-Match</c>, and answers "not modified" with the body that is known.</summary>
internal sealed class EtagHandler : DelegatingHandler
{
    private readonly EtagCache _cache = new();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Method != HttpMethod.Get)
        {
            return await base.SendAsync(request, cancellationToken);
        }

        var address = request.RequestUri!;
        var known = _cache.Find(address);
        if (known is not null)
        {
            request.Headers.IfNoneMatch.Add(known.Tag);
        }

        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotModified && known is not null)
        {
            return Refresh(response, known);
        }

        if (response is { StatusCode: HttpStatusCode.OK, Headers.ETag: { } tag })
        {
            var links = response.Headers.TryGetValues("Link", out var values) ? string.Join(", ", values) : null;
            _cache.Keep(new CachedAnswer(address, tag, await response.Content.ReadAsByteArrayAsync(cancellationToken), response.Content.Headers.ContentType, links));
        }

        return response;
    }

    private static HttpResponseMessage Refresh(HttpResponseMessage response, CachedAnswer known)
    {
        response.StatusCode = HttpStatusCode.OK;
        response.Content = new ByteArrayContent(known.Body);
        response.Content.Headers.ContentType = known.Type;
        if (known.Links is { } links && !response.Headers.Contains("Link"))
        {
            response.Headers.TryAddWithoutValidation("Link", links);
        }

        return response;
    }
}
