using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Reconciler.History;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Ports;

namespace Reconciler.Reconciling;

/// <summary>Sends what waits in the outbox, in order and one at a time, beside the loop: a forge that is down delays no deployment.</summary>
internal sealed partial class OutboxSender(
    IOutbox outbox, IForge forge, Stories stories, LedgerReader history, TriggerQueue wake, Backoff backoff, TimeProvider clock,
    ILogger<OutboxSender> logger)
{
    private const int Batch = 100;
    private const int FailuresInARow = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromDays(30);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);
    private string? _trouble;

    /// <summary>Sends until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var again = await RoundAsync(cancellationToken);
            var wait = again is { } due ? due - clock.GetUtcNow() : LongestWait;
            wait = wait < TimeSpan.Zero ? TimeSpan.Zero : wait < LongestWait ? wait : LongestWait;
            using var alarm = clock.CreateTimer(static queue => ((TriggerQueue)queue!).Signal("time"), wake, wait, Timeout.InfiniteTimeSpan);
            await wake.NextAsync(cancellationToken);
        }
    }

    /// <summary>Sends what is due once.</summary>
    /// <returns>When it is worth looking again without being woken; null when nothing waits.</returns>
    public async Task<DateTimeOffset?> RoundAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await SendAsync(cancellationToken);
        }
        catch (Exception e) when (e is LedgerUnavailableException or InvalidLedgerException)
        {
            Complain(e.Message);
            return clock.GetUtcNow() + backoff.After(FailuresInARow);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A bug: what it was about stays in the outbox, and the deployments go on.
            LogUnexpected(e);
            return clock.GetUtcNow() + LongestWait;
        }
    }

    private async Task<DateTimeOffset?> SendAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset? again = null;
        var failures = 0;
        foreach (var entry in outbox.Waiting(Batch))
        {
            var due = entry.DueAt;
            if (due <= clock.GetUtcNow())
            {
                if (await SendAsync(entry, cancellationToken) is not { } later)
                {
                    failures = 0;
                    continue;
                }

                due = later;
                failures++;
            }

            again = again is { } sooner && sooner < due ? sooner : due;
            if (failures >= FailuresInARow)
            {
                return again;
            }
        }

        return again;
    }

    // Gives the time of the next attempt; null when the message is done with.
    private async Task<DateTimeOffset?> SendAsync(OutboxEntry entry, CancellationToken cancellationToken)
    {
        switch (await AskAsync(entry.Message, cancellationToken))
        {
            case ForgeAnswer.Done done:
                outbox.Sent(entry.Number, done.Link, After(entry.Message, done.Link));
                _trouble = null;
                LogSent(forge.Name, entry.Message.Subject, done.Remark ?? "");
                return null;
            case ForgeAnswer.Refused refused:
                outbox.GiveUp(entry.Number, refused.Reason);
                LogGivenUp(forge.Name, entry.Message.Subject, refused.Reason);
                return null;
            case ForgeAnswer.Later later when clock.GetUtcNow() - entry.AddedAt > Patience:
                var reason = $"not sent within {Patience.Days} days; the last attempt: {later.Detail}";
                outbox.GiveUp(entry.Number, reason);
                LogGivenUp(forge.Name, entry.Message.Subject, reason);
                return null;
            case ForgeAnswer.Later later:
                var due = clock.GetUtcNow() + backoff.After(entry.Attempts + 1);
                due = later.NotBefore is { } asked && asked > due ? asked : due;
                outbox.Postpone(entry.Number, later.Detail, due);
                Complain(later.Detail);
                return due;
            default:
                throw new UnreachableException();
        }
    }

    private async Task<ForgeAnswer> AskAsync(ForgeMessage message, CancellationToken cancellationToken) => message switch
    {
        ForgeMessage.CommitStatus m => await forge.SetStatusAsync(m, cancellationToken),
        ForgeMessage.DeploymentProgress m => await forge.SetDeploymentAsync(m, cancellationToken),
        ForgeMessage.RollbackExplained m => DeploymentOf(m) is { } deployment
            ? await forge.ExplainRollbackAsync(stories.Of(deployment), cancellationToken)
            : new ForgeAnswer.Refused($"deployment {m.Deployment} is not in the ledger"),
        ForgeMessage.RollbackOvertaken m => await forge.CloseRollbackAsync(m.Bad, m.By, cancellationToken),
        ForgeMessage.PlanReported m => await forge.CommentPlanAsync(m, cancellationToken),
        _ => throw new UnreachableException(),
    };

    // The status of a bad commit leads to its pull request once that is there.
    private ImmutableArray<ForgeMessage> After(ForgeMessage message, Uri? link) =>
        message is ForgeMessage.RollbackExplained explained && link is not null && DeploymentOf(explained) is { } deployment
        && ForgeTelling.RolledBack(deployment, link) is { } status
            ? [status]
            : [];

    private Deployment? DeploymentOf(ForgeMessage.RollbackExplained message) =>
        history.Read().Deployments.GetValueOrDefault(message.Deployment.Position);

    private void Complain(string detail)
    {
        if (detail != _trouble)
        {
            _trouble = detail;
            LogPostponed(forge.Name, detail);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Told {Forge}: {Subject} {Remark}")]
    private partial void LogSent(string forge, string subject, string remark);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Forge} could not be told, and will be later: {Detail}")]
    private partial void LogPostponed(string forge, string detail);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Forge} will not be told {Subject}: {Reason}")]
    private partial void LogGivenUp(string forge, string subject, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Telling the forge failed in a way nobody foresaw; it is tried again")]
    private partial void LogUnexpected(Exception exception);
}
