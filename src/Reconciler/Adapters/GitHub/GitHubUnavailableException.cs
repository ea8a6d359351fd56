namespace Reconciler.Adapters.GitHub;

/// <summary>GitHub cannot be asked at the moment. Thrown by the handlers and turned into an answer at the rim of the adapter.</summary>
internal sealed class GitHubUnavailableException : Exception
{
    public GitHubUnavailableException()
    {
    }

    public GitHubUnavailableException(string message)
        : base(message)
    {
    }

    public GitHubUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>How long nothing is to be sent, for everybody; null when the next request may be made at once.</summary>
    public TimeSpan? Pause { get; init; }

    /// <summary>When the next request may be made; null when at once.</summary>
    public DateTimeOffset? NotBefore { get; init; }
}
