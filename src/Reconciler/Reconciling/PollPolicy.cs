using Reconciler.Planning;

namespace Reconciler.Reconciling;

/// <summary>How often remotes are looked at.</summary>
/// <param name="Interval">Time between two looks that work.</param>
/// <param name="Jitter">Share of the interval, from 0 to 1, by which it is varied so that hosts do not all come at once.</param>
/// <param name="Backoff">Waits while a remote fails.</param>
internal sealed record PollPolicy(TimeSpan Interval, double Jitter, Backoff Backoff);
