using System.Globalization;
using Microsoft.Extensions.Logging;
using Reconciler.History;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Ports;

namespace Reconciler.Reconciling;

internal sealed partial class HostActuator
{
    // Flush, profile of its own, menu, look: the default stays the system to come back to all along.
    private async Task StageAsync(HostStep.Stage step, CancellationToken cancellationToken)
    {
        var deployment = step.Deployment;
        if (!MayEndTrial(deployment))
        {
            return;
        }

        using var log = logs.Open(deployment.Id);
        log.Write($"staging {step.Toplevel} for one boot");
        await host.KeepToReturnToAsync(deployment.RollBackTo, cancellationToken);
        var failure = await host.FlushStoreAsync(cancellationToken)
            ?? await reboots.AddToMenuAsync(step.Toplevel, cancellationToken)
            ?? await WriteMenuAsync(deployment.RollBackTo, log, cancellationToken)
            ?? await reboots.CheckMenuAsync(step.Toplevel, deployment.RollBackTo, cancellationToken)
            ?? await host.FlushStoreAsync(cancellationToken);
        if (failure is not null)
        {
            await UnstageAsync(deployment, log, cancellationToken);
            await EndAsync(deployment, failure, cancellationToken);
            return;
        }

        Append(deployment, new LedgerEvent.RebootStaged(step.Reasons));
        LogStaged(deployment.Id, step.Toplevel, string.Join(", ", step.Reasons));
    }

    // The menu is written by the system that is its default, for the profile's current generation.
    private async Task<Failure?> WriteMenuAsync(Toplevel boots, IDeploymentLog log, CancellationToken cancellationToken) =>
        host.Observe().BootDefault == boots
            ? await host.WriteBootEntryAsync(boots, log, cancellationToken)
            : await MakeBootDefaultAsync(boots, log, cancellationToken);

    // What cannot be taken out of the menu now goes with the next writing of it, and is not the default meanwhile.
    private async Task UnstageAsync(Deployment deployment, IDeploymentLog log, CancellationToken cancellationToken)
    {
        if (await reboots.LeaveMenuAsync(cancellationToken) && host.Observe().BootDefault == deployment.RollBackTo)
        {
            await host.WriteBootEntryAsync(deployment.RollBackTo, log, cancellationToken);
        }
    }

    private async Task AnnounceRebootAsync(HostStep.AnnounceReboot step, CancellationToken cancellationToken)
    {
        var what = step.Deployment.Revision?.Short ?? "another generation";
        LogRebootAnnounced(step.Deployment.Id, step.At);
        var at = step.At.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        await reboots.AnnounceAsync($"Reconciler reboots this host at {at} UTC to try {what}.", cancellationToken);
        postponements.RebootAnnouncedAt = clock.GetUtcNow();
    }

    private async Task RebootAsync(HostStep.Reboot step, HostView view, CancellationToken cancellationToken)
    {
        using var log = logs.Open(step.Deployment.Id);
        var (failedUnits, failingChecks) = await prober.BaselineAsync(step.Deployment.RollBackTo, cancellationToken);
        if (await host.FlushStoreAsync(cancellationToken) is { } unflushed)
        {
            await EndAsync(step.Deployment, unflushed, cancellationToken);
            return;
        }

        Begin(view, new LedgerEvent.RebootRequested(view.Host.BootId, failedUnits, failingChecks));
        postponements.RebootAnnouncedAt = null;
        LogRebooting(step.Deployment.Id, step.Toplevel);
        log.Write($"rebooting once into {step.Toplevel}");
        var failure = guard.BeforeBoot(step.Deployment)
            ?? await reboots.ArmAsync(step.Toplevel, step.Deployment.RollBackTo, cancellationToken)
            ?? await reboots.RebootAsync(inhibited: false, cancellationToken);
        if (failure is not null)
        {
            await reboots.DisarmAsync(cancellationToken);
            log.Write($"no reboot: {FailureText.Headline(failure)}");
            Postpone(step.Deployment, failure, clock.GetUtcNow() + RebootPlanning.RetryAfter(policy, step.Deployment));
        }
    }

    private async Task TakeUpBootAsync(HostStep.TakeUpBoot step, HostView view, CancellationToken cancellationToken)
    {
        Begin(view, new LedgerEvent.TrialBooted(step.Deadline, view.Host.BootId));
        LogBooted(step.Deployment.Id);
        var deployment = history.Read().Latest!;
        Heed(deployment, await guard.DuringGateAsync(deployment, LongestRound(deployment), cancellationToken));
        guard.EndBoot();

        // A boot loader that could not note that its choice was used up would choose the same again.
        await reboots.DisarmAsync(cancellationToken);
    }

    private async Task PostponeAsync(HostStep.Postpone step, CancellationToken cancellationToken)
    {
        if (step.Deployment.Phase is DeploymentPhase.Rebooting)
        {
            await reboots.DisarmAsync(cancellationToken);
        }

        Postpone(step.Deployment, step.Cause, step.Until);
    }

    private async Task SupersedeAsync(HostStep.Supersede step, CancellationToken cancellationToken)
    {
        using var log = logs.Open(step.Deployment.Id);
        await UnstageAsync(step.Deployment, log, cancellationToken);
        Append(step.Deployment, new LedgerEvent.DeploymentSuperseded(step.By));
        LogSuperseded(step.Deployment.Id, step.By);
    }

    private async Task ReturnByRebootAsync(HostStep.RollBack step, HostView view, IDeploymentLog log, CancellationToken cancellationToken)
    {
        var deployment = history.Read().Latest!;
        if (deployment.Return is { } asked)
        {
            // Wherever the default leads, it was not the system to come back to; so it is set anew before it is tried once more.
            var lands = asked.BootId != view.Host.BootId;
            var failure = lands ? await MakeBootDefaultAsync(step.To, log, cancellationToken) : null;
            Postpone(deployment, failure ?? (lands ? CameUpAgain(step.To) : RebootPlanning.NotGoneDown(policy.Reboot)), RetryAt(deployment));
            return;
        }

        if ((deployment.BootMayHaveMoved || view.Host.BootDefault != step.To) && await MakeBootDefaultAsync(step.To, log, cancellationToken) is { } unmoved)
        {
            Postpone(deployment, unmoved, RetryAt(deployment));
            return;
        }

        Append(deployment, new LedgerEvent.ReturnRequested(view.Host.BootId));
        LogReturning(deployment.Id, step.To);
        log.Write($"rebooting into {step.To}");
        if (await reboots.RebootAsync(RebootPlanning.ReturnsAnyway(policy, deployment, clock.GetUtcNow()), cancellationToken) is { } trouble)
        {
            Postpone(deployment, trouble, RetryAt(deployment));
        }
    }

    // What the planner cannot know: what the boot that failed left behind.
    private async Task<(Failure Cause, JournalExcerpt Journal)> ExplainAsync(Deployment deployment, Failure cause, CancellationToken cancellationToken)
    {
        if (cause is not Failure.BootFailed || deployment.Trial is not { } trial)
        {
            return (cause, await prober.JournalAsync(deployment, cause, cancellationToken));
        }

        var journal = await reboots.JournalOfFailedBootAsync(trial.BootId, cancellationToken);
        return journal is null
            ? (new Failure.BootFailed("a panic, a hang, a power cut, or the old entry was chosen; that boot left no journal"), JournalExcerpt.None)
            : (new Failure.BootFailed("that boot did not last; the end of its journal is kept"), journal);
    }

    private static Failure.HostToolFailed CameUpAgain(Toplevel to) =>
        new("the reboot", $"the machine came up on the failed system again, and not on {to.Name}");

    [LoggerMessage(Level = LogLevel.Information, Message = "Deployment {Deployment}: {Toplevel} is staged for one boot; takes effect only after a reboot: {Reasons}")]
    private partial void LogStaged(DeploymentId deployment, Toplevel toplevel, string reasons);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Deployment {Deployment}: the host is rebooted at {At:u}")]
    private partial void LogRebootAnnounced(DeploymentId deployment, DateTimeOffset at);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Deployment {Deployment}: rebooting once into {Toplevel}, on trial")]
    private partial void LogRebooting(DeploymentId deployment, Toplevel toplevel);

    [LoggerMessage(Level = LogLevel.Information, Message = "Deployment {Deployment}: the host came up on it; on trial")]
    private partial void LogBooted(DeploymentId deployment);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Deployment {Deployment}: rebooting to come back to {Toplevel}")]
    private partial void LogReturning(DeploymentId deployment, Toplevel toplevel);
}
