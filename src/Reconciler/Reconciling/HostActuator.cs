using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Reconciler.History;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Ports;

namespace Reconciler.Reconciling;

/// <summary>Performs one step. Writes the intent before an act that cannot be undone by forgetting, and the outcome after each act.</summary>
internal sealed partial class HostActuator(
    ILedger ledger,
    LedgerReader history,
    ICheckouts checkouts,
    INixBuilder builder,
    INixHost host,
    TrialGuard guard,
    IHostReboots reboots,
    StoreWatch store,
    HealthProber prober,
    IGitStory story,
    Stories stories,
    IGitHistory commits,
    IDeploymentLogs logs,
    TrialMemory trial,
    Postponements postponements,
    HostPolicy policy,
    Func<Toplevel, CancellationToken, Task<string?>> ownTrouble,
    TimeProvider clock,
    ILogger<HostActuator> logger)
{
    /// <summary>Performs a step.</summary>
    /// <param name="step">The step.</param>
    /// <param name="view">The view it was decided from.</param>
    /// <param name="cancellationToken">Ends the wait for the step; an activation under way goes on, a build does not.</param>
    public async Task PerformAsync(HostStep step, HostView view, CancellationToken cancellationToken)
    {
        switch (step)
        {
            case HostStep.Adopt s:
                Begin(view, new LedgerEvent.HostAdopted(s.Running, s.BootDefault));
                LogAdopted(s.Running);
                break;
            case HostStep.Select s:
                Begin(view, new LedgerEvent.DeploymentBegan(new DeploymentSource.Commit(s.Candidate), s.RollBackTo));
                LogSelected(s.Candidate.Revision, commits.Describe(s.Candidate.Revision)?.Subject ?? "");
                break;
            case HostStep.MendStore s:
                await MendStoreAsync(s, view, cancellationToken);
                break;
            case HostStep.Build s:
                await BuildAsync(s, cancellationToken);
                break;
            case HostStep.Preview s:
                await PreviewAsync(s, cancellationToken);
                break;
            case HostStep.Try s:
                await TryAsync(s, view, cancellationToken);
                break;
            case HostStep.AwaitActivation s:
                await AwaitActivationAsync(s, cancellationToken);
                break;
            case HostStep.RecordActivation s:
                await EndActivationAsync(s.Deployment, s.Outcome, cancellationToken);
                break;
            case HostStep.TakeUp s:
                Append(s.Deployment, new LedgerEvent.PutBackUnattended(s.Act));
                LogPutBackUnattended(s.Deployment.Id, s.Deployment.RollBackTo, s.Act.At, s.Act.HowEnded);
                break;
            case HostStep.Stage s:
                await StageAsync(s, cancellationToken);
                break;
            case HostStep.AnnounceReboot s:
                await AnnounceRebootAsync(s, cancellationToken);
                break;
            case HostStep.Reboot s:
                await RebootAsync(s, view, cancellationToken);
                break;
            case HostStep.TakeUpBoot s:
                await TakeUpBootAsync(s, view, cancellationToken);
                break;
            case HostStep.Probe s:
                await ProbeAsync(s, cancellationToken);
                break;
            case HostStep.Confirm s:
                await ConfirmAsync(s, view, cancellationToken);
                break;
            case HostStep.ConfirmUnchanged s:
                ConfirmUnchanged(s);
                break;
            case HostStep.Accept s:
                await AcceptAsync(s, view, cancellationToken);
                break;
            case HostStep.RollBack s:
                await RollBackAsync(s, view, cancellationToken);
                break;
            case HostStep.GiveUp s:
                GiveUp(s);
                break;
            case HostStep.Fail s:
                await EndAsync(s.Deployment, s.Cause, cancellationToken);
                break;
            case HostStep.Postpone s:
                await PostponeAsync(s, cancellationToken);
                break;
            case HostStep.Supersede s:
                await SupersedeAsync(s, cancellationToken);
                break;
            case HostStep.Tell s:
                await TellAsync(s, cancellationToken);
                break;
            case HostStep.ReportDrift s:
                Begin(view, new LedgerEvent.DriftFound(s.Expected, s.Running));
                LogDrift(s.Running, s.Expected);
                break;
            case HostStep.EndDrift s:
                Begin(view, new LedgerEvent.DriftEnded(s.Expected));
                postponements.RepairWorked();
                LogDriftEnded(s.Expected);
                break;
            case HostStep.RepairDrift s:
                await RepairAsync(s, view, cancellationToken);
                break;
            case HostStep.Hold:
                break;
            default:
                throw new UnreachableException();
        }

        if (history.Read().Latest?.Phase is not DeploymentPhase.Rebooting)
        {
            guard.EndBoot(); // also what a daemon left that died just before it did so
        }

        if (view.History.Latest is not { Phase.IsSettled: false } underWay)
        {
            return;
        }

        var after = history.Read().Deployments[underWay.Id.Position].Phase;
        if (!after.IsAtStake && (underWay.Phase.IsAtStake || step is HostStep.Try))
        {
            await guard.TidyAsync(cancellationToken);
        }

        if (after.IsSettled)
        {
            logs.Close(underWay.Id);
        }
    }

    private async Task MendStoreAsync(HostStep.MendStore step, HostView view, CancellationToken cancellationToken)
    {
        var found = await store.MendAsync(step.Keep, cancellationToken);
        if (found is not StoreLook.Done look)
        {
            LogStoreUnknown(FailureText.Headline(((StoreLook.Failed)found).Failure));
            return;
        }

        LogStoreLookedOver(look.Damaged, look.Removed, string.Join(' ', look.Paths));
        var latest = view.History.Latest;
        if (latest is { Phase.IsSettled: false } && look.Damaged > 0)
        {
            using var log = logs.Open(latest.Id);
            log.Write($"{look.Damaged} paths in the store are damaged, {look.Removed} were removed with what refers to them: {string.Join(' ', look.Paths)}");
        }

        if (look.Removed > 0 || latest?.Phase is DeploymentPhase.Built or DeploymentPhase.Planned)
        {
            Begin(view, new LedgerEvent.StoreMended(look.Damaged, look.Removed, look.Paths));
        }

        if (look.Left is { } left)
        {
            LogStoreDamaged(left.Count, string.Join(' ', left.Paths));
            return;
        }

        await store.ConcludeAsync(cancellationToken);
    }

    private async Task BuildAsync(HostStep.Build step, CancellationToken cancellationToken)
    {
        using var log = logs.Open(step.Deployment.Id);
        log.Write($"building {step.Revision.Sha}");
        switch (await builder.BuildAsync(checkouts, step.Revision, log, cancellationToken))
        {
            case BuildOutcome.Built built:
                Append(step.Deployment, new LedgerEvent.BuildSucceeded(built.Toplevel));
                LogBuilt(step.Deployment.Id, built.Toplevel);
                break;
            case BuildOutcome.Failed { Failure: Failure.BuildInterrupted { Trouble: WorldTrouble.StoreDamaged } damaged }:
                store.MetDamage();
                log.Write($"failed: {FailureText.Headline(damaged)}");
                var isFirst = step.Deployment.Postponed?.Cause is not Failure.BuildInterrupted { Trouble: WorldTrouble.StoreDamaged };
                Postpone(step.Deployment, damaged, isFirst ? clock.GetUtcNow() : RetryAt(step.Deployment)); // mended, then built again at once; but once only
                break;
            case BuildOutcome.Failed failed:
                await EndAsync(step.Deployment, failed.Failure, cancellationToken);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private async Task PreviewAsync(HostStep.Preview step, CancellationToken cancellationToken)
    {
        using var log = logs.Open(step.Deployment.Id);
        try
        {
            prober.DeclaredBy(step.Toplevel);
        }
        catch (InvalidHealthDeclarationException e)
        {
            await EndAsync(step.Deployment, new Failure.PreSwitchCheckFailed(e.Message), cancellationToken);
            return;
        }

        // A system that brings a configuration this daemon refuses would have no daemon to judge or to put it back after a restart.
        if (await ownTrouble(step.Toplevel, cancellationToken) is { } trouble)
        {
            await EndAsync(step.Deployment, new Failure.PreSwitchCheckFailed(trouble), cancellationToken);
            return;
        }

        switch (await host.PreviewAsync(step.Toplevel, log, cancellationToken))
        {
            case PreviewOutcome.Ready ready:
                Append(step.Deployment, new LedgerEvent.PlanRecorded(ready.Plan));
                LogPlanned(step.Deployment.Id, ready.Plan);
                break;
            case PreviewOutcome.Refused { Failure: Failure.SwitchInhibited inhibited } when policy.Reboot.When != RebootWhen.Never:
                // What may not change under a running system changes in a boot.
                Append(step.Deployment, new LedgerEvent.PlanRecorded(new SystemPlan { RebootReasons = inhibited.Inhibitors }));
                break;
            case PreviewOutcome.Refused refused:
                await EndAsync(step.Deployment, refused.Failure, cancellationToken);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private async Task TryAsync(HostStep.Try step, HostView view, CancellationToken cancellationToken)
    {
        using var log = logs.Open(step.Deployment.Id);
        var baseline = prober.BaselineAsync(step.Deployment.RollBackTo, cancellationToken);
        var ready = guard.ReadyAsync(step.Deployment, cancellationToken);
        if (await host.FlushStoreAsync(cancellationToken) is { } unflushed)
        {
            await Task.WhenAll(baseline, ready);
            await EndAsync(step.Deployment, unflushed, cancellationToken);
            return;
        }

        var (failedUnits, failingChecks) = await baseline;
        await ready;
        await host.KeepToReturnToAsync(step.Deployment.RollBackTo, cancellationToken);
        Begin(view, new LedgerEvent.TrialBegan(step.Deadline, view.Host.BootId, failedUnits, failingChecks));
        LogTrialBegan(step.Deployment.Id, step.Toplevel);
        var deployment = history.Read().Latest!;
        var outcome = await guard.BeforeActivationAsync(deployment, cancellationToken) is { } unguarded
            ? new ActivationOutcome.NotStarted($"the dead-man's switch cannot be set: {FailureText.Headline(unguarded)}")
            : await host.ActivateAsync(TrialName(deployment), step.Toplevel, log, cancellationToken);
        await EndActivationAsync(deployment, outcome, cancellationToken);
    }

    private async Task AwaitActivationAsync(HostStep.AwaitActivation step, CancellationToken cancellationToken)
    {
        using var log = logs.Open(step.Deployment.Id);
        log.Write("waiting for the activation that is under way");
        await EndActivationAsync(step.Deployment, await host.AwaitActivationAsync(TrialName(step.Deployment), log, cancellationToken), cancellationToken);
    }

    private async Task EndActivationAsync(Deployment deployment, ActivationOutcome outcome, CancellationToken cancellationToken)
    {
        Append(deployment, new LedgerEvent.ActivationEnded(outcome));
        LogActivated(deployment.Id, outcome.GetType().Name);
        Heed(deployment, await guard.DuringGateAsync(deployment, LongestRound(deployment), cancellationToken));
    }

    private TimeSpan LongestRound(Deployment deployment) => prober.ChecksOf(deployment).Select(check => check.Timeout).Append(TimeSpan.Zero).Max();

    // The order given before still stands, and is only for an earlier time than it should be.
    private void Heed(Deployment deployment, Failure? unset)
    {
        if (unset is not null)
        {
            LogGuardNotSet(deployment.Id, FailureText.Headline(unset));
        }
    }

    private async Task ProbeAsync(HostStep.Probe step, CancellationToken cancellationToken)
    {
        Heed(step.Deployment, await guard.StillDuringGateAsync(step.Deployment, LongestRound(step.Deployment), cancellationToken));
        var checks = prober.ChecksOf(step.Deployment);
        var round = await prober.ProbeAsync(checks, step.Deployment.Trial!.FailedUnitsBefore, cancellationToken);
        trial.Add(step.Deployment, round, TrialChecks.Patient(checks));
        var failing = round.Results.Where(result => !result.Passed).ToList();
        using var log = logs.Open(step.Deployment.Id);
        log.Write(failing.Count == 0
            ? $"all {round.Results.Length} checks passed"
            : string.Join("; ", failing.Select(result => $"{(result.Required ? "failing" : "wanted, failing")}: {result.Check}: {result.Detail}")));
        LogProbed(step.Deployment.Id, round.Results.Length - failing.Count, round.Results.Length);
    }

    private async Task ConfirmAsync(HostStep.Confirm step, HostView view, CancellationToken cancellationToken)
    {
        var deployment = step.Deployment;
        if (deployment.Phase is not DeploymentPhase.Confirming)
        {
            Begin(view, new LedgerEvent.ConfirmBegan(step.Results));
            deployment = history.Read().Latest!;
        }

        using var log = logs.Open(deployment.Id);
        Heed(deployment, await guard.DuringConfirmAsync(deployment, cancellationToken));
        await reboots.LeaveMenuAsync(cancellationToken);
        if (await MakeBootDefaultAsync(step.Toplevel, log, cancellationToken) is { } failure)
        {
            await PostponeGuardedAsync(deployment, failure, cancellationToken);
            return;
        }

        if (!guard.TryEnd(deployment))
        {
            return;
        }

        var generation = CurrentGeneration(step.Toplevel);
        Append(deployment, new LedgerEvent.Confirmed(step.Toplevel, generation, WasActivated: true));
        LogConfirmed(deployment.Id, generation, step.Toplevel);
        await host.PruneGenerationsAsync([step.Toplevel, deployment.RollBackTo], cancellationToken);
    }

    // Flush, profile, boot entry, flush: a power cut between any two lands on a system that is whole.
    private async Task<Failure?> MakeBootDefaultAsync(Toplevel toplevel, IDeploymentLog log, CancellationToken cancellationToken) =>
        await host.FlushStoreAsync(cancellationToken)
        ?? (await host.SetProfileAsync(toplevel, cancellationToken) as ProfileOutcome.Failed)?.Failure
        ?? await host.WriteBootEntryAsync(toplevel, log, cancellationToken)
        ?? await host.FlushStoreAsync(cancellationToken);

    private async Task AcceptAsync(HostStep.Accept step, HostView view, CancellationToken cancellationToken)
    {
        if (!guard.TryEnd(step.Deployment))
        {
            return;
        }

        Begin(view, new LedgerEvent.Accepted(step.Results));
        LogAccepted(step.Deployment.Id);
        using var log = logs.Open(step.Deployment.Id);
        await UnstageAsync(step.Deployment, log, cancellationToken);
    }

    private void ConfirmUnchanged(HostStep.ConfirmUnchanged step)
    {
        if (step.Deployment.IsTesting)
        {
            Append(step.Deployment, new LedgerEvent.Accepted([]));
            LogAccepted(step.Deployment.Id);
            return;
        }

        var generation = CurrentGeneration(step.Toplevel);
        Append(step.Deployment, new LedgerEvent.Confirmed(step.Toplevel, generation, WasActivated: false));
        LogConfirmedUnchanged(step.Deployment.Id, generation);
    }

    private int CurrentGeneration(Toplevel toplevel) =>
        host.Generations().FirstOrDefault(generation => generation.IsBootDefault && generation.Toplevel == toplevel)?.Number ?? 0;

    private async Task RollBackAsync(HostStep.RollBack step, HostView view, CancellationToken cancellationToken)
    {
        var deployment = step.Deployment;
        using var log = logs.Open(deployment.Id);
        if (deployment.Phase is not (DeploymentPhase.RollingBack or DeploymentPhase.NeedsOperator))
        {
            LogRollingBack(deployment.Id, FailureText.Headline(step.Cause), step.To);
            var (cause, journal) = await ExplainAsync(deployment, step.Cause, cancellationToken);
            log.Write($"rolling back: {FailureText.Headline(cause)}");
            try
            {
                Append(deployment, new LedgerEvent.RollbackBegan(cause, journal));
            }
            catch (Exception e) when (e is LedgerUnavailableException or InvalidLedgerException)
            {
                // A full or broken disk must not keep a failed system running: what the switch needs is on it already.
                await guard.ActNowAsync(deployment, cancellationToken);
                throw;
            }

            if (RebootPlanning.MustReturnByReboot(policy, view.Host, deployment))
            {
                guard.TryEnd(deployment);
                return; // what stands in the way of a reboot is asked for first
            }

            deployment = history.Read().Latest!; // attempts are counted anew from here, not on from those at confirming
        }

        if (deployment.Toplevel is { } failed)
        {
            await host.KeepForDebuggingAsync(deployment.Id, failed, cancellationToken);
        }

        if (RebootPlanning.MustReturnByReboot(policy, view.Host, deployment))
        {
            // A reboot leads back by itself, and may have to wait for somebody for longer than any switch should.
            guard.TryEnd(deployment);
            await UnstageAsync(deployment, log, cancellationToken);
            await ReturnByRebootAsync(step, view, log, cancellationToken);
            return;
        }

        if (deployment.Phase is DeploymentPhase.RollingBack)
        {
            Heed(deployment, await guard.DuringRollbackAsync(deployment, cancellationToken));
        }

        await UnstageAsync(deployment, log, cancellationToken);

        if (await PutBackAsync(deployment, step.To, view.Host.BootId, log, cancellationToken) is { } failure)
        {
            log.Write($"the rollback did not work: {FailureText.Headline(failure)}");
            await PostponeGuardedAsync(deployment, failure, cancellationToken);
            return;
        }

        if (!guard.TryEnd(deployment) && deployment.Phase is DeploymentPhase.RollingBack)
        {
            return; // it puts back the same system, and must have ended before another trial begins
        }

        Append(deployment, new LedgerEvent.RolledBack());
        log.Write($"rolled back to {step.To}");
        LogRolledBack(deployment.Id, step.To);
    }

    private void GiveUp(HostStep.GiveUp step)
    {
        if (!guard.TryEnd(step.Deployment))
        {
            return; // what the dead-man's switch does now may be what did not work here
        }

        Append(step.Deployment, new LedgerEvent.RollbackFailed(step.Detail));
        LogNeedsOperator(step.Deployment.Id, step.Deployment.RollBackTo, step.Detail);
    }

    private async Task<Failure?> PutBackAsync(
        Deployment deployment, Toplevel to, string bootId, IDeploymentLog log, CancellationToken cancellationToken)
    {
        // What boots first: should the power fail while the old system is being activated, the next boot must not land on the failed one.
        // The profile does not tell whether the boot entry moved, so both are set again whenever confirming had begun.
        if (deployment.BootMayHaveMoved && await MakeBootDefaultAsync(to, log, cancellationToken) is { } failure)
        {
            return failure;
        }

        var isThere = deployment.Unattended?.Succeeded ?? (deployment.Trial is { } start && start.BootId != bootId);
        if (!(isThere && host.Observe().Running == to) && await ActivateAgainAsync(deployment, to, log, cancellationToken) is { } unactivated)
        {
            return unactivated;
        }

        return host.Observe().Running == to
            ? await prober.VerifyAsync(deployment, to, log, cancellationToken)
            : new Failure.HostToolFailed("switch-to-configuration", $"it ended, and {to.Name} is still not the running system");
    }

    private async Task<Failure?> ActivateAgainAsync(Deployment deployment, Toplevel to, IDeploymentLog log, CancellationToken cancellationToken)
    {
        var name = new ActivationName(deployment.Id, ActivationPurpose.Rollback, (deployment.Postponed?.Attempts ?? 0) + 1);
        var outcome = await host.FindActivationAsync(name, cancellationToken) switch
        {
            ActivationSighting.Running => await host.AwaitActivationAsync(name, log, cancellationToken),
            ActivationSighting.Ended ended when deployment.Unattended is null => ended.Outcome, // one from before says nothing of what the switch did since
            _ => await host.ActivateAsync(name, to, log, cancellationToken),
        };

        // Failed units are for the verification to judge: they may have failed long before.
        return outcome switch
        {
            ActivationOutcome.Succeeded or ActivationOutcome.UnitsFailed => null,
            ActivationOutcome.LockHeld => new Failure.AnotherSwitchRuns("switch-to-configuration"),
            ActivationOutcome.NotStarted f => new Failure.HostToolFailed("systemd-run", f.Detail),
            ActivationOutcome.ScriptFailed f => new Failure.HostToolFailed("switch-to-configuration", $"exit 2: {LastLine(f.Excerpt)}"),
            ActivationOutcome.Refused f => new Failure.HostToolFailed("switch-to-configuration", $"exit 1: {LastLine(f.Excerpt)}"),
            ActivationOutcome.NeedsReboot => new Failure.RebootRequired("the init interface changed"),
            ActivationOutcome.Broken f => new Failure.HostToolFailed("switch-to-configuration", $"{f.HowEnded}: {LastLine(f.Excerpt)}"),
            _ => throw new UnreachableException(),
        };
    }

    private async Task TellAsync(HostStep.Tell step, CancellationToken cancellationToken)
    {
        var deployment = step.Deployment;
        switch (await story.TellAsync(stories.Of(deployment), cancellationToken))
        {
            case TellOutcome.Told done:
                postponements.TellWorked();
                ledger.Append(new LedgerEvent.Told(deployment.Id, done.Pushed, done.Explanation), Actor.Daemon);
                LogTold(deployment.Id, done.Explanation ?? "a note", done.Remark ?? "");
                break;
            case TellOutcome.Failed failed:
                postponements.TellFailed(failed.Detail, clock.GetUtcNow());
                LogTellFailed(deployment.Id, failed.Detail);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private async Task RepairAsync(HostStep.RepairDrift step, HostView view, CancellationToken cancellationToken)
    {
        Begin(view, new LedgerEvent.DriftRepairBegan(step.Expected));
        var id = history.Read().Latest?.Id ?? default;
        using var log = logs.Open(id);
        var name = new ActivationName(id, ActivationPurpose.Repair, postponements.RepairFailures + 1);
        if (await MakeBootDefaultAsync(step.BootDefault, log, cancellationToken) is { } failure)
        {
            postponements.RepairFailed(clock.GetUtcNow());
            LogRepairFailed(step.Expected, FailureText.Headline(failure));
            return;
        }

        var outcome = await host.ActivateAsync(name, step.Expected, log, cancellationToken);
        if (host.Observe().Running == step.Expected && outcome is ActivationOutcome.Succeeded or ActivationOutcome.UnitsFailed)
        {
            postponements.RepairWorked();
            return;
        }

        if (outcome is ActivationOutcome.NeedsReboot && host.Observe().Running is { } still)
        {
            postponements.RepairStopsAt(still);
            LogRepairTakesReboot(still, step.Expected);
            return;
        }

        postponements.RepairFailed(clock.GetUtcNow());
        LogRepairFailed(step.Expected, $"activation ended with {outcome.GetType().Name}");
    }

    // Retry, quarantine or stop follows from whose fault it is.
    private async Task EndAsync(Deployment deployment, Failure cause, CancellationToken cancellationToken)
    {
        using var log = logs.Open(deployment.Id);
        log.Write($"failed: {FailureText.Headline(cause)}");
        if (cause.Fault == Fault.World)
        {
            Postpone(deployment, cause, RetryAt(deployment));
            return;
        }

        if (deployment.Toplevel is { } built)
        {
            await host.KeepForDebuggingAsync(deployment.Id, built, cancellationToken);
        }

        if (deployment.Phase.IsAtStake && !guard.TryEnd(deployment))
        {
            return;
        }

        Append(deployment, new LedgerEvent.DeploymentFailed(cause));
        LogFailed(deployment.Id, FailureText.Headline(cause), FailureText.Cure(cause));
    }

    // A trial ends only by the daemon or by the dead-man's switch; what the switch did is taken up first.
    private bool MayEndTrial(Deployment deployment) => deployment.Phase is not DeploymentPhase.OnTrial || guard.TryEnd(deployment);

    private async Task PostponeGuardedAsync(Deployment deployment, Failure cause, CancellationToken cancellationToken)
    {
        var until = RetryAt(deployment);
        if (cause is Failure.RebootRequired)
        {
            guard.TryEnd(deployment); // the way back is a reboot, which needs no switch and may have to wait
        }
        else if (deployment.Phase is DeploymentPhase.Confirming or DeploymentPhase.RollingBack)
        {
            Heed(deployment, await guard.UntilAsync(deployment, until - clock.GetUtcNow(), cancellationToken));
        }

        Postpone(deployment, cause, until);
    }

    private void Postpone(Deployment deployment, Failure cause, DateTimeOffset until)
    {
        if (!MayEndTrial(deployment))
        {
            return;
        }

        Append(deployment, new LedgerEvent.AttemptPostponed(cause, until));
        LogPostponed(deployment.Id, FailureText.Headline(cause), until);
    }

    private DateTimeOffset RetryAt(Deployment deployment) => clock.GetUtcNow() + policy.Backoff.After((deployment.Postponed?.Attempts ?? 0) + 1);

    // What happened in an act is written also when an operator spoke meanwhile, unless that settled the deployment it is about: a fact the
    // history cannot take would make the ledger unreadable for good.
    private void Append(Deployment about, LedgerEvent fact)
    {
        while (true)
        {
            var now = history.Read();
            if (now.Latest?.Id != about.Id || !now.Accepts(fact, Actor.Daemon))
            {
                throw new LedgerMovedException($"Deployment {about.Id} is over; {fact.GetType().Name} is not written.");
            }

            try
            {
                ledger.Append(fact, Actor.Daemon, now.Position);
                return;
            }
            catch (LedgerMovedException)
            {
                // An operator spoke in this instant: look whether the fact still fits.
            }
        }
    }

    // An intent is written only while nothing happened since it was decided on: a word spoken meanwhile must be heard first.
    private void Begin(HostView decidedFrom, LedgerEvent intent) => ledger.Append(intent, Actor.Daemon, decidedFrom.History.Position);

    private static ActivationName TrialName(Deployment deployment) => new(deployment.Id, ActivationPurpose.Trial, deployment.Trial!.Attempts);

    private static string LastLine(string text) => text.TrimEnd() is var trimmed ? trimmed[(trimmed.LastIndexOf('\n') + 1)..] : "";
}
