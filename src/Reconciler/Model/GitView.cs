using System.Collections.Immutable;

namespace Reconciler.Model;

/// <summary>What is known of the repository at one instant.</summary>
/// <param name="Remotes">Each remote in the configured order.</param>
internal sealed record GitView(ImmutableArray<RemoteView> Remotes)
{
    /// <summary>Nothing was fetched yet.</summary>
    public static GitView Nothing { get; } = new(ImmutableArray<RemoteView>.Empty);
}

/// <summary>What is known of one remote.</summary>
/// <param name="Name">Its configured name.</param>
/// <param name="Main">Tip of its main branch; null when it has none, or was never reached.</param>
/// <param name="Testing">Tip of its testing branch; null when it has none.</param>
/// <param name="Trouble">Why the last look failed; null when it worked.</param>
/// <param name="ReachedAt">When it last answered; null when never.</param>
internal sealed record RemoteView(string Name, Revision? Main, Revision? Testing, RemoteTrouble? Trouble, DateTimeOffset? ReachedAt);

/// <summary>Why a remote could not be read.</summary>
/// <param name="Detail">Cause and cure in words; bounded, free of secrets.</param>
/// <param name="Since">When it began.</param>
/// <param name="Failures">Looks in a row that failed.</param>
internal sealed record RemoteTrouble(string Detail, DateTimeOffset Since, int Failures);
