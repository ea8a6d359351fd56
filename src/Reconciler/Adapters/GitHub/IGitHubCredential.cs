using System.Net.Http.Headers;

namespace Reconciler.Adapters.GitHub;

/// <summary>What a request shows to say who asks.</summary>
internal interface IGitHubCredential
{
    /// <summary>What to show now.</summary>
    Task<CredentialOutcome> GetAsync(CancellationToken cancellationToken);

    /// <summary>GitHub did not accept it.</summary>
    /// <returns>Whether asking anew may give another one.</returns>
    bool Refused(AuthenticationHeaderValue shown);

    /// <summary>The login whose comments are ours, when it is known without asking with the credential; null when GitHub has to be asked.</summary>
    Task<string?> LoginAsync(CancellationToken cancellationToken);
}

/// <summary>What asking for a credential gave. A closed set.</summary>
internal abstract record CredentialOutcome
{
    private CredentialOutcome() { }

    /// <summary>This is to be shown. Not for logs.</summary>
    public sealed record Granted(AuthenticationHeaderValue Header) : CredentialOutcome
    {
        public override string ToString() => "***";
    }

    /// <summary>There is none.</summary>
    /// <param name="Detail">Cause and cure.</param>
    /// <param name="Pause">How long nothing is to be asked; null when the fault lies on this machine and looking again costs nothing.</param>
    public sealed record Faulty(string Detail, TimeSpan? Pause) : CredentialOutcome;

    /// <summary>GitHub was asked for one and has trouble of its own, such as a rate limit.</summary>
    public sealed record Unanswered(HttpResponseMessage Response) : CredentialOutcome;
}
