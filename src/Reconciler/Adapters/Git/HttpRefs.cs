using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Headers;
using Reconciler.Model;

namespace Reconciler.Adapters.Git;

/// <summary>
/// Asks an http remote for its tips: one small request over a kept-alive connection once it is known that the server speaks version 2.
/// Used by one look at a time.
/// </summary>
/// <remarks>See gitprotocol-http and gitprotocol-v2. Redirects are followed here, because a secret may only go to its own origin.</remarks>
internal sealed class HttpRefs : IDisposable
{
    private const int MostRedirects = 3;
    private const string Discovery = "/info/refs?service=git-upload-pack";
    private readonly GitRemoteSettings _remote;
    private readonly GitAddress _address;
    private readonly GitBranches _branches;
    private readonly HttpClient _http;
    private readonly SocketsHttpHandler _handler = new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        AutomaticDecompression = DecompressionMethods.GZip,
        ConnectTimeout = TimeSpan.FromSeconds(20),
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(10),
        PooledConnectionLifetime = TimeSpan.FromHours(1), // names are looked up again
    };

    private string _base;
    private RefAdvertisement.Version2? _known;

    /// <summary>Makes one for a remote whose transport is <see cref="GitTransport.Http"/>.</summary>
    public HttpRefs(GitRemoteSettings remote, GitAddress address, GitBranches branches)
    {
        (_remote, _address, _branches, _base) = (remote, address, branches, address.Text);
        _http = new HttpClient(_handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Asks. Trouble is an answer; only cancellation is thrown.</summary>
    public async Task<GitTipsAnswer> AskAsync(CancellationToken cancellationToken)
    {
        var (secret, fault) = GitSecret.Read(_remote, _address);
        if (fault is not null)
        {
            return new GitTipsAnswer.Failed(fault, IsTransient: false);
        }

        try
        {
            if (_known is { } known)
            {
                _known = null; // whatever goes wrong now, the next question starts from the beginning
                var answer = await ListAsync(known, secret, cancellationToken);
                _known = answer is GitTipsAnswer.Known ? known : null;
                if (answer is GitTipsAnswer.Known or GitTipsAnswer.Failed { IsTransient: true })
                {
                    return answer;
                }
            }

            _base = _address.Text;
            return await DiscoverAsync(secret, cancellationToken);
        }
        catch (HttpRequestException e)
        {
            return GitTrouble.OfHttp(_base, e);
        }
        catch (PktLineException e)
        {
            return new GitTipsAnswer.Failed($"{_base} sent {e.Message}: it may not be a git server, or something between alters its answers", IsTransient: true);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            return new GitTipsAnswer.Failed($"{_base} broke off its answer: {OneLine.Of(e.Message, 200)}", IsTransient: true);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _handler.Dispose();
    }

    private async Task<GitTipsAnswer> DiscoverAsync(GitSecret? secret, CancellationToken cancellationToken)
    {
        var uri = new Uri(_base + Discovery);
        for (var hop = 0; hop <= MostRedirects; hop++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, uri);
            using var response = await SendAsync(request, secret, cancellationToken);
            if (response.StatusCode is >= (HttpStatusCode)300 and < (HttpStatusCode)400 and not HttpStatusCode.NotModified)
            {
                if (Follow(uri, response.Headers.Location, secret, out var next) is { } refused)
                {
                    return new GitTipsAnswer.Failed(refused, IsTransient: false);
                }

                uri = next;
                continue;
            }

            _base = uri.AbsoluteUri[..^Discovery.Length];
            if (GitTrouble.OfStatus(_base, response.StatusCode, _remote, secret is not null) is { } trouble)
            {
                return trouble;
            }

            if (response.Content.Headers.ContentType?.MediaType != "application/x-git-upload-pack-advertisement")
            {
                // git itself would take a sign-in page for an old-style list without any ref: for a repository whose branches are gone.
                return new GitTipsAnswer.Failed(
                    $"{_base} does not answer as a git server does: a sign-in page, a plain file server, or not a repository's address", IsTransient: false);
            }

            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            switch (await RefAdvertisement.ReadAsync(body, _branches.RemoteRefs, cancellationToken))
            {
                case RefAdvertisement.Version2 found:
                    var answer = await ListAsync(found, secret, cancellationToken);
                    _known = answer is GitTipsAnswer.Known ? found : null;
                    return answer;
                case RefAdvertisement.Listed listed:
                    return Known(listed.ObjectIds);
                default:
                    throw new System.Diagnostics.UnreachableException();
            }
        }

        return new GitTipsAnswer.Failed($"{_address} redirects more than {MostRedirects} times: set the remote's url to where the repository is", IsTransient: false);
    }

    private async Task<GitTipsAnswer> ListAsync(RefAdvertisement.Version2 server, GitSecret? secret, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _base + "/git-upload-pack");
        request.Content = new ByteArrayContent(RefAdvertisement.Request(_branches.RemoteRefs, server.ObjectFormat));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-git-upload-pack-request");
        request.Headers.Accept.ParseAdd("application/x-git-upload-pack-result");
        using var response = await SendAsync(request, secret, cancellationToken);
        if (GitTrouble.OfStatus(_base, response.StatusCode, _remote, secret is not null) is { } trouble)
        {
            return trouble;
        }

        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var found = await RefAdvertisement.ReadListAsync(body, _branches.RemoteRefs, cancellationToken);
        return Known(found);
    }

    private GitTipsAnswer.Known Known(ImmutableDictionary<string, string> found) =>
        new(_branches.Tips(branch => found.GetValueOrDefault(GitBranches.Head(branch))), _base == _address.Text ? null : _base);

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, GitSecret? secret, CancellationToken cancellationToken)
    {
        request.Headers.TryAddWithoutValidation("Git-Protocol", "version=2");
        request.Headers.TryAddWithoutValidation("User-Agent", "git/reconciler");
        if (secret is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", secret.Authorization);
        }

        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    private string? Follow(Uri from, Uri? location, GitSecret? secret, out Uri next)
    {
        next = from;
        if (location is null || !Uri.TryCreate(from, location, out var to) || to.Scheme is not ("http" or "https"))
        {
            return $"{_address} answers with a redirect that leads nowhere";
        }

        next = to;
        var shown = OneLine.Of(to.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped), 200);
        return !to.AbsoluteUri.EndsWith(Discovery, StringComparison.Ordinal) || to.UserInfo.Length > 0
                ? $"{_address} redirects to {shown}, which is no repository: sign-in may be needed, or the address is wrong"
            : from.Scheme == "https" && to.Scheme == "http" ? $"{_address} redirects to {shown}, away from TLS: not followed"
            : secret is not null && to.GetLeftPart(UriPartial.Authority) != from.GetLeftPart(UriPartial.Authority)
                ? $"{_address} redirects to {shown}, which must not be told its secret: set the remote's url to it if it is right"
            : null;
    }
}
