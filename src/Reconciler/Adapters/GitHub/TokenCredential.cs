using System.Net.Http.Headers;
using Reconciler.Adapters.Rim;

namespace Reconciler.Adapters.GitHub;

/// <summary>A token in a file, read at each use and kept nowhere.</summary>
internal sealed class TokenCredential(string file) : IGitHubCredential
{
    /// <inheritdoc/>
    public Task<CredentialOutcome> GetAsync(CancellationToken cancellationToken) => Task.FromResult<CredentialOutcome>(
        SecretFile.TryReadToken(file, out var token, out var fault)
            ? new CredentialOutcome.Granted(new AuthenticationHeaderValue("Bearer", token))
            : new CredentialOutcome.Faulty(fault, null));

    /// <inheritdoc/>
    public bool Refused(AuthenticationHeaderValue shown) => false;

    /// <inheritdoc/>
    public Task<string?> LoginAsync(CancellationToken cancellationToken) => Task.FromResult<string?>(null);
}
