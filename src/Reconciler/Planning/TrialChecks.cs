using System.Collections.Immutable;
using Reconciler.Model;

namespace Reconciler.Planning;

/// <summary>Puts together the checks that count in a trial.</summary>
internal static class TrialChecks
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Counts always, unless a system or the configuration declares a check of the same kind itself.</summary>
    public static readonly HealthCheck NoNewlyFailedUnits = new HealthCheck.NoNewlyFailedUnits("no newly failed units", Required: true, DefaultTimeout);

    /// <summary>Counts always, unless a system or the configuration declares a check of the same kind itself.</summary>
    public static readonly HealthCheck RepositoryIsReachable = new HealthCheck.RepositoryIsReachable("repository reachable", Required: true, DefaultTimeout);

    /// <summary>
    /// The candidate's checks, those of the system before it that the candidate neither declares itself nor retires, the configured ones, and
    /// the two that always count. Of two with one name the first in that order wins.
    /// </summary>
    /// <param name="candidate">What the candidate declares.</param>
    /// <param name="before">What the system before it declares.</param>
    /// <param name="configured">What the daemon's own configuration declares.</param>
    /// <param name="plan">What the candidate changes; null when that is not known, or does not matter.</param>
    public static ImmutableArray<HealthCheck> Of(
        HealthDeclaration candidate, HealthDeclaration before, ImmutableArray<HealthCheck> configured, SystemPlan? plan = null)
    {
        var kept = before.Checks.Where(check => !candidate.Retired.Contains(check.Name));
        var declared = candidate.Checks.Concat(kept).Concat(configured).DistinctBy(check => check.Name).ToList();
        if (!declared.Any(check => check is HealthCheck.NoNewlyFailedUnits))
        {
            declared.Add(NoNewlyFailedUnits);
        }

        if (!declared.Any(check => check is HealthCheck.RepositoryIsReachable))
        {
            declared.Add(RepositoryIsReachable);
        }

        // A service that crashes at once and is restarted for ever is never in the failed state for long enough to be seen there.
        var started = plan is null ? [] : plan.Start.Concat(plan.Restart).Where(unit => unit.EndsWith(".service", StringComparison.Ordinal)).Distinct().ToImmutableArray();
        if (!started.IsEmpty)
        {
            const string name = "changed services stay up";
            declared.Add(new HealthCheck.ServicesStayUp(declared.Any(check => check.Name == name) ? name + " (by themselves)" : name, Required: true, DefaultTimeout, started));
        }

        return [.. declared];
    }

    /// <summary>
    /// Names of the checks whose failure counts only at the end of the window: a forge that is down for a minute is no reason to roll back,
    /// a host that can no longer reach it at all is.
    /// </summary>
    public static ImmutableHashSet<string> Patient(ImmutableArray<HealthCheck> checks) =>
        [.. checks.OfType<HealthCheck.RepositoryIsReachable>().Select(check => check.Name)];
}
