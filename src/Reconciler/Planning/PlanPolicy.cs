namespace Reconciler.Planning;

/// <summary>Which pull requests are planned, and how often they are looked at.</summary>
/// <param name="Forks">Whether those from other repositories are.</param>
/// <param name="Most">How many are at most.</param>
/// <param name="Interval">Time between looks.</param>
/// <param name="Backoff">Time between attempts while the forge or the world is in trouble.</param>
internal sealed record PlanPolicy(bool Forks, int Most, TimeSpan Interval, Backoff Backoff);
