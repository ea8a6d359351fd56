namespace Reconciler.Adapters.Git;

/// <summary>What asking a remote for its tips gave. A closed set.</summary>
internal abstract record GitTipsAnswer
{
    private GitTipsAnswer() { }

    /// <summary>It said its tips.</summary>
    /// <param name="Tips">The tips.</param>
    /// <param name="MovedTo">The address they were found at by following a redirect; null for the configured one.</param>
    public sealed record Known(GitTips Tips, string? MovedTo = null) : GitTipsAnswer;

    /// <summary>Only the git program can tell.</summary>
    public sealed record AskProgram : GitTipsAnswer;

    /// <summary>It could not be asked.</summary>
    /// <param name="Detail">Cause and cure; bounded, free of secrets.</param>
    /// <param name="IsTransient">Whether trying again at once may help.</param>
    public sealed record Failed(string Detail, bool IsTransient) : GitTipsAnswer;
}
