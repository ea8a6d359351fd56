using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Reconciler.History;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Ports;

namespace Reconciler.Reconciling;

/// <summary>Sends what waits in the outbox, in order and one at a time, beside the loop: a forge or a channel that is down delays no deployment.</summary>
internal sealed partial class OutboxSender(
    IOutbox outbox, IForge? forge, INotifier? notifier, Stories stories, LedgerReader history, TriggerQueue wake, Backoff backoff, TimeProvider clock,
    ILogger<OutboxSender> logger)
{
    private const int Batch = 100;
    private const int FailuresInARow = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromDays(30);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);
    private string? _trouble;

    /// <summary>Takes traces of deployments; null when nobody does.</summary>
    public ITraces? Traces { get; init; }

    /// <summary>Sends until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var again = await RoundAsync(cancellationToken);
            await wake.NextAsync(again, LongestWait, clock, cancellationToken);
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
            Complain("What waits", e.Message);
            return clock.GetUtcNow() + backoff.After(FailuresInARow);
        }
    }

    // Nothing here waits for another: a message the forge will not have for now, such as for want of a permission, goes to the end of the line.
    private async Task<DateTimeOffset?> SendAsync(CancellationToken cancellationToken)
    {
        var failures = 0;
        foreach (var entry in outbox.Due(Batch))
        {
            failures = await SendAsync(entry, cancellationToken) ? 0 : failures + 1;
            if (failures >= FailuresInARow)
            {
                return Later(outbox.State().DueAt, clock.GetUtcNow() + backoff.After(1));
            }
        }

        return outbox.State().DueAt;
    }

    private static DateTimeOffset? Later(DateTimeOffset? due, DateTimeOffset least) => due < least ? least : due;

    // False when it is to be tried again.
    private async Task<bool> SendAsync(OutboxEntry entry, CancellationToken cancellationToken)
    {
        var answer = clock.GetUtcNow() - entry.AddedAt > Patience
            ? new ForgeAnswer.Refused($"not sent within {Patience.Days} days{(entry.Trouble is { } last ? $"; the last attempt: {last}" : "")}")
            : await TryAsync(entry, cancellationToken);
        switch (answer)
        {
            case ForgeAnswer.Done done:
                outbox.Sent(entry.Number, done.Link, After(entry.Message, done.Link));
                _trouble = null;
                LogSent(NameOf(entry.Message), entry.Message.Subject, done.Remark ?? "");
                return true;
            case ForgeAnswer.Refused refused:
                outbox.GiveUp(entry.Number, refused.Reason);
                LogGivenUp(NameOf(entry.Message), entry.Message.Subject, refused.Reason);
                return true;
            case ForgeAnswer.Later later:
                var due = clock.GetUtcNow() + backoff.After(entry.Attempts + 1);
                outbox.Postpone(entry.Number, later.Detail, later.NotBefore is { } asked && asked > due ? asked : due);
                Complain(NameOf(entry.Message), later.Detail);
                return false;
            default:
                throw new UnreachableException();
        }
    }

    private async Task<ForgeAnswer> TryAsync(OutboxEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            return (entry.Message, forge, notifier) switch
            {
                (ForgeMessage.Notice notice, _, { } channels) => await channels.SendAsync(notice, entry.Number, entry.AddedAt, cancellationToken),
                (ForgeMessage.DeploymentTraced traced, _, _) => await TraceAsync(traced, cancellationToken),
                (ForgeMessage.Notice, _, null) => new ForgeAnswer.Refused("no channel is configured any more"),
                (var message, { } place, _) => await AskAsync(place, message, cancellationToken),
                _ => new ForgeAnswer.Refused("no forge is configured any more"),
            };
        }
        catch (Exception e) when (e is not (LedgerUnavailableException or InvalidLedgerException) && !cancellationToken.IsCancellationRequested)
        {
            // A bug: the message stays, and the others go on.
            LogUnexpected(e);
            return new ForgeAnswer.Later($"unexpected: {e.GetType().Name}; see the daemon's log", NotBefore: null);
        }
    }

    private async Task<ForgeAnswer> TraceAsync(ForgeMessage.DeploymentTraced message, CancellationToken cancellationToken) =>
        (Traces, history.Read().Deployments.GetValueOrDefault(message.Deployment.Position)) switch
        {
            (null, _) => new ForgeAnswer.Refused("no collector of traces is configured any more"),
            (_, null) => new ForgeAnswer.Refused($"deployment {message.Deployment} is not in the ledger"),
            ({ } traces, { } deployment) => await traces.SendAsync(deployment, cancellationToken),
        };

    private async Task<ForgeAnswer> AskAsync(IForge forge, ForgeMessage message, CancellationToken cancellationToken) => message switch
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
        && !history.Read().Deployments.Values.Any(later => later.Id.Position > deployment.Id.Position && later.Revision == deployment.Revision)
        && ForgeTelling.RolledBack(deployment, link) is { } status
            ? [status]
            : [];

    private Deployment? DeploymentOf(ForgeMessage.RollbackExplained message) =>
        history.Read().Deployments.GetValueOrDefault(message.Deployment.Position);

    private string NameOf(ForgeMessage message) => message switch
    {
        ForgeMessage.Notice notice => $"Channel {notice.Channel}",
        ForgeMessage.DeploymentTraced => "The collector of traces",
        _ => forge?.Name ?? "The forge",
    };

    private void Complain(string whom, string detail)
    {
        if (detail != _trouble)
        {
            _trouble = detail;
            LogPostponed(whom, detail);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Told {Whom}: {Subject} {Remark}")]
    private partial void LogSent(string whom, string subject, string remark);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Whom} could not be told, and will be later: {Detail}")]
    private partial void LogPostponed(string whom, string detail);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Whom} will not be told {Subject}: {Reason}")]
    private partial void LogGivenUp(string whom, string subject, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Telling the forge failed in a way nobody foresaw; it is tried again")]
    private partial void LogUnexpected(Exception exception);
}
