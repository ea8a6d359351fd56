using System.Net;
using Reconciler.Adapters.Forge;
using Reconciler.Adapters.Rim;

namespace Reconciler.Adapters.GitHub;

/// <summary>Trouble that concerns every request, not the one it was met by.</summary>
/// <param name="Detail">Cause and cure in one line.</param>
/// <param name="Asked">The pause GitHub asked for; null when it named none.</param>
internal sealed record GitHubTrouble(string Detail, TimeSpan? Asked)
{
    /// <summary>What an answer says of the service as a whole; null when it concerns its request only.</summary>
    public static async Task<GitHubTrouble?> OfAsync(
        HttpResponseMessage response, GitHubSettings settings, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var asked = RetryAfter.Of(response, now);
        switch (response.StatusCode)
        {
            case HttpStatusCode.Unauthorized:
                return new GitHubTrouble(Unauthorized(settings), GitHubGate.ShortestPause);
            case HttpStatusCode.TooManyRequests:
                return Limited(response, asked, now);
            case HttpStatusCode.Forbidden:
                var isLimit = asked is not null || RateLimit.Of(response, now) is { Remaining: 0 } || SaysLimit(await response.Content.ReadAsStringAsync(cancellationToken));
                return isLimit ? Limited(response, asked, now) : null;
            case HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout:
                return new GitHubTrouble(
                    $"{settings.Root.Host} answers {(int)response.StatusCode}: GitHub or something on the way is down; githubstatus.com may say more", asked);
            default:
                // A proxy's sign-in page answers 200, and its words must not be taken for GitHub's.
                return response.IsSuccessStatusCode && response.Content.Headers.ContentType is { MediaType: { } type } && !type.EndsWith("json", StringComparison.Ordinal)
                    ? new GitHubTrouble($"{settings.Root} answers with {PlainText.Line(type, 60)}, which is not GitHub's API: look at the address of the API, and at proxies", null)
                    : null;
        }
    }

    private static string Unauthorized(GitHubSettings settings) => settings.Access switch
    {
        GitHubAccess.Token token => $"GitHub does not know the token in {token.File} (401): it has expired or was revoked; write a new one there",
        _ => "GitHub does not accept the token it gave the App (401): look whether the App is still installed, and at the host's clock",
    };

    private static GitHubTrouble Limited(HttpResponseMessage response, TimeSpan? asked, DateTimeOffset now) =>
        asked is null && RateLimit.Of(response, now) is { Remaining: 0 } limit
            ? new GitHubTrouble($"the {limit.Limit} requests GitHub allows in an hour are used up: fewer hosts on one token, or a GitHub App, have more", limit.ResetsIn)
            : new GitHubTrouble("GitHub asks for a pause, as too much was asked of it at once (secondary rate limit)", asked);

    private static bool SaysLimit(string body) =>
        body.Contains("rate limit", StringComparison.OrdinalIgnoreCase) || body.Contains("abuse detection", StringComparison.OrdinalIgnoreCase);
}
