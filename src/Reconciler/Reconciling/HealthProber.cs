using System.Collections.Immutable;
using Reconciler.History;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Ports;

namespace Reconciler.Reconciling;

/// <summary>Runs the checks that count: before a trial, during it, and after a rollback.</summary>
internal sealed class HealthProber(IHealth health, ImmutableArray<HealthCheck> configured, VerificationPolicy verification, TimeProvider clock)
{
    private const int MostUnits = 8;

    /// <summary>What a system declares.</summary>
    /// <exception cref="InvalidHealthDeclarationException">Its declaration cannot be understood.</exception>
    public HealthDeclaration DeclaredBy(Toplevel toplevel) => health.DeclaredBy(toplevel);

    /// <summary>The checks that count in a deployment's trial.</summary>
    public ImmutableArray<HealthCheck> ChecksOf(Deployment deployment) =>
        TrialChecks.Of(Known(deployment.Toplevel!.Value), Known(deployment.RollBackTo), configured, deployment.Plan);

    /// <summary>What is wrong before a trial: failed units, and failing checks of the system that runs.</summary>
    public async Task<(ImmutableArray<string> FailedUnits, ImmutableArray<string> FailingChecks)> BaselineAsync(
        Toplevel running, CancellationToken cancellationToken)
    {
        var units = health.FailedUnitsAsync(cancellationToken);
        var round = await ProbeAsync(ChecksAfterRollback(running), [], cancellationToken);
        return (await units, [.. round.Results.Where(result => !result.Passed).Select(result => result.Check)]);
    }

    /// <summary>One round of probes, all at once.</summary>
    public async Task<ProbeRound> ProbeAsync(
        ImmutableArray<HealthCheck> checks, ImmutableArray<string> failedUnitsBefore, CancellationToken cancellationToken)
    {
        var results = await Task.WhenAll(checks.Select(check => health.ProbeAsync(check, failedUnitsBefore, cancellationToken)));
        return new ProbeRound(clock.GetUtcNow(), [.. results]);
    }

    /// <summary>Whether the host is well after a rollback: the required checks that held before the trial hold again. Null when it is.</summary>
    public async Task<Failure?> VerifyAsync(Deployment deployment, Toplevel to, IDeploymentLog log, CancellationToken cancellationToken)
    {
        var excused = deployment.Trial?.ChecksFailingBefore ?? [];
        var checks = ChecksAfterRollback(to).Where(check => check.Required && !excused.Contains(check.Name)).ToImmutableArray();
        var failedBefore = deployment.Trial?.FailedUnitsBefore ?? [];
        for (var attempt = 1; ; attempt++)
        {
            var round = await ProbeAsync(checks, failedBefore, cancellationToken);
            var failing = round.Results.Where(result => !result.Passed).ToList();
            if (failing.Count == 0)
            {
                return null;
            }

            var what = string.Join("; ", failing.Select(result => $"{result.Check}: {result.Detail}"));
            log.Write($"after the rollback, failing: {what}");
            if (attempt >= verification.Attempts)
            {
                return new Failure.HostToolFailed("the health check after the rollback", what);
            }

            await Task.Delay(verification.Interval, clock, cancellationToken);
        }
    }

    /// <summary>The journal of the units a failure blames: those its checks name, those that failed since, and those the change started.</summary>
    public async Task<JournalExcerpt> JournalAsync(Deployment deployment, Failure cause, CancellationToken cancellationToken)
    {
        if (deployment.Trial is not { } trial || cause.Fault is not (Fault.Revision or Fault.Nobody))
        {
            return JournalExcerpt.None;
        }

        var named = FailureText.FailingChecks(cause).SelectMany(result => result.Units);
        var failed = await health.FailedUnitsAsync(cancellationToken);
        var started = deployment.Plan is { } plan ? plan.Restart.Concat(plan.Start).Where(unit => unit.EndsWith(".service", StringComparison.Ordinal)) : [];
        var units = named.Concat(failed).Concat(started).Except(trial.FailedUnitsBefore).Take(MostUnits).ToImmutableArray();
        var since = deployment.Timeline.LastOrDefault(entered => entered.Event is TimelineWords.TrialBegan or TimelineWords.RebootRequested)?.At ?? deployment.Began;
        return units.IsEmpty ? JournalExcerpt.None : await health.JournalAsync(units, since, cancellationToken);
    }

    // Whether the repository answers says nothing of the system that was returned to.
    private ImmutableArray<HealthCheck> ChecksAfterRollback(Toplevel toplevel) =>
        [.. TrialChecks.Of(Known(toplevel), HealthDeclaration.Nothing, configured).Where(check => check is not HealthCheck.RepositoryIsReachable)];

    // A candidate's declaration was read before its trial began; one that cannot be read now belongs to the system before it, which must not
    // keep its own repair from being deployed.
    private HealthDeclaration Known(Toplevel toplevel)
    {
        try
        {
            return health.DeclaredBy(toplevel);
        }
        catch (InvalidHealthDeclarationException)
        {
            return HealthDeclaration.Nothing;
        }
    }
}

/// <summary>How long the host may take to be well again after a rollback.</summary>
/// <param name="Attempts">Rounds of probes before an attempt at a rollback counts as failed.</param>
/// <param name="Interval">Time between rounds.</param>
internal sealed record VerificationPolicy(int Attempts, TimeSpan Interval);
