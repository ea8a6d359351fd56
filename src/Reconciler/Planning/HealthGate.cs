using System.Collections.Immutable;
using Reconciler.Model;

namespace Reconciler.Planning;

/// <summary>Judges a trial by its probe rounds.</summary>
internal static class HealthGate
{
    /// <summary>The verdict so far.</summary>
    /// <param name="policy">How to count.</param>
    /// <param name="activatedAt">When activation ended.</param>
    /// <param name="rounds">All rounds since then that this daemon saw, oldest first.</param>
    /// <param name="patient">Checks whose failure counts only at the end of the window, because the world may be the cause.</param>
    /// <param name="now">The instant to judge at.</param>
    public static HealthVerdict Judge(
        HealthPolicy policy, DateTimeOffset activatedAt, ImmutableArray<ProbeRound> rounds, ImmutableHashSet<string> patient, DateTimeOffset now)
    {
        var warm = activatedAt + policy.WarmUp;
        var counted = rounds.Where(round => round.At >= warm).ToImmutableArray();
        var lastFailures = rounds.IsEmpty ? [] : FailingRequired(rounds[^1]);

        var passes = TrailingRounds(rounds, round => FailingRequired(round).IsEmpty);
        if (passes >= policy.SuccessStreak && now >= activatedAt + policy.MinimumTrial)
        {
            return new HealthVerdict.Healthy(rounds[^1].Results);
        }

        var stuck = lastFailures
            .Where(failed => !patient.Contains(failed.Check)
                && TrailingRounds(counted, round => round.Results.Any(r => r.Check == failed.Check && !r.Passed)) >= policy.FailureLimit)
            .ToImmutableArray();
        return stuck.IsEmpty
            ? new HealthVerdict.Pending(NextRound(policy, activatedAt, rounds), lastFailures)
            : new HealthVerdict.Unhealthy(stuck);
    }

    private static DateTimeOffset NextRound(HealthPolicy policy, DateTimeOffset activatedAt, ImmutableArray<ProbeRound> rounds)
    {
        if (rounds.IsEmpty)
        {
            return activatedAt;
        }

        var last = rounds[^1].At;
        return last + (last - activatedAt < policy.SettleAfter ? policy.Interval : policy.LaterInterval);
    }

    private static ImmutableArray<ProbeResult> FailingRequired(ProbeRound round) => [.. round.Results.Where(result => result.Required && !result.Passed)];

    private static int TrailingRounds(ImmutableArray<ProbeRound> rounds, Func<ProbeRound, bool> holds) => rounds.Reverse().TakeWhile(holds).Count();
}
