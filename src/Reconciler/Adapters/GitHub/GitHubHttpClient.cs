using Octokit;
using Octokit.Internal;

namespace Reconciler.Adapters.GitHub;

/// <summary>Octokit's http client, bound to one call's cancellation, which most of Octokit's methods have no parameter for.</summary>
internal sealed class GitHubHttpClient(IHttpClient shared, CancellationToken cancellationToken) : IHttpClient
{
    /// <inheritdoc/>
    public async Task<IResponse> Send(IRequest request, CancellationToken octokit, Func<object, object>? preprocessResponseBody = null)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, octokit);
        return await shared.Send(request, both.Token, preprocessResponseBody);
    }

    /// <inheritdoc/>
    public void SetRequestTimeout(TimeSpan timeout) => throw new NotSupportedException("the handlers know the time limit");

    /// <inheritdoc/>
    public void Dispose()
    {
        // The shared one lives on.
    }
}
