using System.Buffers;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Reconciler.Model;

namespace Reconciler.Adapters.Health;

/// <summary>Looks whether an address answers with an expected status and body.</summary>
internal static class HttpProbe
{
    private const int MostRedirects = 5;
    private const int MostBody = 64 * 1024;

    /// <summary>Asks once, over a connection of its own: one kept from an earlier round would say nothing of the service now.</summary>
    public static async Task<Sighting> LookAsync(HealthCheck.HttpAnswers check, CancellationToken cancellationToken)
    {
        var certificate = new CertificateVerdict();
        using var handler = HandlerWith(certificate);
        using var client = new HttpClient(handler, disposeHandler: false);
        client.Timeout = Timeout.InfiniteTimeSpan; // the token is the limit, and runs on the given clock
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("reconciler-health", null));
        var address = check.Address;
        try
        {
            for (var redirects = 0; ; redirects++)
            {
                using var response = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
                if (IsWanted(check, (int)response.StatusCode))
                {
                    return await JudgeBodyAsync(check, address, response, cancellationToken);
                }

                if (NextOf(response, address) is { } next && IsSameOrigin(address, next) && redirects < MostRedirects)
                {
                    address = next;
                    continue;
                }

                return Sighting.Bad($"HTTP {(int)response.StatusCode} from {Shown(address)}{Leading(response, address)}, wanted {Wanted(check)}");
            }
        }
        catch (HttpRequestException e)
        {
            return Sighting.Bad(Words(e, address, certificate));
        }
        catch (IOException e)
        {
            return Sighting.Bad($"{Shown(address)} broke off its answer: {e.Message}");
        }
    }

    private static SocketsHttpHandler HandlerWith(CertificateVerdict certificate) => new()
    {
        UseCookies = false,
        UseProxy = false, // what is asked for is whether this very address answers this host
        AllowAutoRedirect = false,
        PooledConnectionLifetime = TimeSpan.Zero,
        MaxResponseHeadersLength = 64,
        SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = certificate.Judge },
    };

    private static async Task<Sighting> JudgeBodyAsync(
        HealthCheck.HttpAnswers check, Uri address, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = $"HTTP {(int)response.StatusCode} from {Shown(address)}";
        if (check.BodyContains is not { } text)
        {
            return Sighting.Good(status);
        }

        var body = await BeginningAsync(response.Content, cancellationToken);
        return body.Contains(text, StringComparison.Ordinal)
            ? Sighting.Good($"{status}, with \"{OneLine.Of(text, 60)}\" in the body")
            : Sighting.Bad($"{status}, but its body does not contain \"{OneLine.Of(text, 60)}\"");
    }

    private static async Task<string> BeginningAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(MostBody);
        try
        {
            var stream = await content.ReadAsStreamAsync(cancellationToken);
            var length = await stream.ReadAtLeastAsync(buffer.AsMemory(0, MostBody), MostBody, throwOnEndOfStream: false, cancellationToken);
            return Encoding.UTF8.GetString(buffer, 0, length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static bool IsWanted(HealthCheck.HttpAnswers check, int status) =>
        check.Statuses.IsEmpty ? status is >= 200 and <= 299 : check.Statuses.Contains(status);

    private static string Wanted(HealthCheck.HttpAnswers check) => check.Statuses.IsEmpty ? "2xx" : string.Join(" or ", check.Statuses);

    private static Uri? NextOf(HttpResponseMessage response, Uri address) =>
        (int)response.StatusCode is 301 or 302 or 303 or 307 or 308 && response.Headers.Location is { } location
        && Uri.TryCreate(address, location, out var next) && (next.Scheme == Uri.UriSchemeHttp || next.Scheme == Uri.UriSchemeHttps)
            ? next
            : null;

    private static bool IsSameOrigin(Uri one, Uri other) =>
        Uri.Compare(one, other, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0;

    private static string Leading(HttpResponseMessage response, Uri address) => NextOf(response, address) switch
    {
        null => "",
        var next when IsSameOrigin(address, next) => ", redirected too often",
        var next => $", which leads elsewhere ({Shown(next)})",
    };

    // Without user name and query: either may hold a secret, and what is shown is stored and pushed.
    private static string Shown(Uri address) => address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    private static string Words(HttpRequestException e, Uri address, CertificateVerdict certificate) => e.HttpRequestError switch
    {
        _ when certificate.Trouble is { } trouble => $"the certificate of {Shown(address)} is not trusted: {trouble}",
        HttpRequestError.NameResolutionError => $"the name {address.IdnHost} does not resolve, wanted an answer from {Shown(address)}",
        _ when e.GetBaseException() is SocketException socket => $"no connection to {Shown(address)}: {TcpProbe.Words(socket)}",
        HttpRequestError.SecureConnectionError => $"no secure connection to {Shown(address)}: {e.GetBaseException().Message}",
        HttpRequestError.ResponseEnded => $"{Shown(address)} hung up without an answer",
        _ => $"no answer from {Shown(address)}: {e.GetBaseException().Message}",
    };

    /// <summary>Remembers why a certificate was refused; it never lets through what the platform refuses.</summary>
    private sealed class CertificateVerdict
    {
        public string? Trouble { get; private set; }

        public bool Judge(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
        {
            Trouble = errors switch
            {
                SslPolicyErrors.None => null,
                _ when errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable) => "none was shown",
                _ when errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) => "it was issued for another name",
                _ => string.Join(", ", (chain?.ChainStatus ?? []).Select(status => Words(status.Status)).Distinct()),
            };
            return errors == SslPolicyErrors.None;
        }

        private static string Words(X509ChainStatusFlags status) => status switch
        {
            X509ChainStatusFlags.NotTimeValid => "it has expired, or is not valid yet",
            X509ChainStatusFlags.UntrustedRoot => "its issuer is not among the trusted ones",
            X509ChainStatusFlags.PartialChain => "the chain to its issuer is incomplete",
            X509ChainStatusFlags.Revoked => "it was revoked",
            _ => status.ToString(),
        };
    }
}
