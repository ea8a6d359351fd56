using System.Net;

namespace Reconciler.Adapters.GitHub;

/// <summary>Shows GitHub, and nobody else, who asks. What was refused is renewed once.</summary>
internal sealed class AuthorizationHandler(IGitHubCredential credential, GitHubSettings settings) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri!.GetLeftPart(UriPartial.Authority) != settings.Root.GetLeftPart(UriPartial.Authority))
        {
            request.Headers.Authorization = null;
            return await base.SendAsync(request, cancellationToken);
        }

        if (settings.Root is { Scheme: not "https", IsLoopback: false })
        {
            throw new GitHubUnavailableException($"{settings.Root} would be sent the token unencrypted: use https");
        }

        for (var isAgain = false; ; isAgain = true)
        {
            var outcome = await credential.GetAsync(cancellationToken);
            if (outcome is CredentialOutcome.Unanswered unanswered)
            {
                return unanswered.Response;
            }

            if (outcome is not CredentialOutcome.Granted granted)
            {
                var faulty = (CredentialOutcome.Faulty)outcome;
                throw new GitHubUnavailableException(faulty.Detail) { Pause = faulty.Pause };
            }

            request.Headers.Authorization = granted.Header;
            var response = await base.SendAsync(request, cancellationToken);
            if (response.StatusCode != HttpStatusCode.Unauthorized || isAgain || !credential.Refused(granted.Header))
            {
                return response;
            }

            response.Dispose();
        }
    }
}
