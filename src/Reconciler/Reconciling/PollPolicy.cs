using Reconciler.Planning;

namespace Reconciler.Reconciling;

/// <summary>How often remotes are looked at.</summary>
/// <param name="Interval">Time between two looks that work.</param>
/// <param name="Jitter">Share of the interval, from 0 to 1, by which it is varied so that hosts do not all come at once.</param>
/// <param name="Backoff">Waits while a remote fails.</param>
internal sealed record PollPolicy(TimeSpan Interval, double Jitter, Backoff Backoff)
{
    private static readonly TimeSpan HeardLately = TimeSpan.FromDays(1);

    /// <summary>Time between two looks while pushes are heard of: looking is a backstop then.</summary>
    public TimeSpan IntervalWhenHeard { get; init; }

    /// <summary>When a push to a remote was last heard of; null when none was.</summary>
    public Func<string, DateTimeOffset?> HeardAt { get; init; } = _ => null;

    /// <summary>Time to the next look at a remote.</summary>
    public TimeSpan IntervalAt(string remote, DateTimeOffset now) =>
        HeardAt(remote) is { } heard && now - heard < HeardLately && IntervalWhenHeard > Interval ? IntervalWhenHeard : Interval;
}
