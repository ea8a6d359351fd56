using System.Collections.Immutable;
using Reconciler.Wire;

namespace Reconciler.Cli;

/// <summary>What was seen of a deployment while <c>sync --wait</c> followed it.</summary>
/// <param name="Host">The host.</param>
/// <param name="Phases">Each headline once, with the time it was first seen.</param>
/// <param name="Followed">The deployment; null before there is one.</param>
/// <param name="End">How it came out; null while it goes on.</param>
internal sealed record SyncProgress(string Host, ImmutableArray<SeenPhase> Phases, DeploymentSummary? Followed, SyncVerdict? End)
{
    /// <summary>Before anything was seen.</summary>
    public static SyncProgress None { get; } = new("", [], null, null);

    /// <summary>The newest headline; empty before there is one.</summary>
    public string Headline => Phases.IsEmpty ? "" : Phases[^1].Headline;

    /// <summary>With what a status shows.</summary>
    public SyncProgress With(StatusDocument status, SyncFollowing following, DateTimeOffset now) => this with
    {
        Host = status.Host,
        Followed = following.Of(status),
        End = following.Judge(status),
        // While on trial the daemon says the same two things in turn; each is a phase once.
        Phases = Phases.Any(phase => phase.Headline == status.Headline) ? Phases : Phases.Add(new SeenPhase(now, status.Headline)),
    };
}

/// <summary>A headline and when it was first seen.</summary>
internal sealed record SeenPhase(DateTimeOffset At, string Headline);
