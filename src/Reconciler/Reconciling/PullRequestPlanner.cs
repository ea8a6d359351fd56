using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Reconciler.History;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Ports;

namespace Reconciler.Reconciling;

/// <summary>
/// Builds the heads of open pull requests, one at a time and only while no deployment is under way, and tells each what it would change here.
/// </summary>
internal sealed partial class PullRequestPlanner(
    IForge forge, IOutbox outbox, IPullRequestHeads heads, PlanBench bench, Func<Toplevel?> running, IStatusBoard board, TriggerQueue wake, TriggerQueue sender,
    PlanPolicy policy, TimeProvider clock, ILogger<PullRequestPlanner> logger)
{
    // After so many the pull request is told: what is taken for the world's fault may be its own, such as want of memory.
    private const int WorldAttempts = 3;
    private static readonly TimeSpan FailedPlansHold = TimeSpan.FromHours(1);
    private readonly Dictionary<long, (Revision Head, int Attempts, DateTimeOffset Until)> _putOff = [];
    private readonly HashSet<long> _forks = [];
    private string? _trouble;
    private int _failures;

    /// <summary>Plans until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await UntilIdleAsync(cancellationToken);
            var again = await RoundAsync(cancellationToken);
            await wake.NextAsync(again, policy.Interval, clock, cancellationToken);
        }
    }

    private async Task UntilIdleAsync(CancellationToken cancellationToken)
    {
        for (var status = board.Current; IsDeploying(status); status = await board.NextAsync(status, cancellationToken))
        {
        }
    }

    /// <summary>Looks at the open pull requests once, and plans those that want it.</summary>
    /// <returns>When it is worth looking again without being woken.</returns>
    public async Task<DateTimeOffset> RoundAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await PlanAllAsync(cancellationToken);
        }
        catch (Exception e) when (e is LedgerUnavailableException or InvalidLedgerException)
        {
            Complain(e.Message);
            return clock.GetUtcNow() + policy.Interval;
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            LogUnexpected(e);
            return clock.GetUtcNow() + policy.Interval;
        }
    }

    private async Task<DateTimeOffset> PlanAllAsync(CancellationToken cancellationToken)
    {
        switch (await forge.OpenPullRequestsAsync(cancellationToken))
        {
            case PullRequestsAnswer.Failed failed:
                Complain(failed.Detail);
                var later = clock.GetUtcNow() + policy.Backoff.After(++_failures);
                return failed.NotBefore is { } asked && asked > later ? asked : later;
            case PullRequestsAnswer.Open open:
                (_trouble, _failures) = (null, 0);
                await heads.KeepOnlyAsync(open.PullRequests.Select(pr => pr.Number).ToHashSet(), cancellationToken);
                return await PlanAllAsync(open.PullRequests, cancellationToken);
            default:
                throw new UnreachableException();
        }
    }

    private async Task<DateTimeOffset> PlanAllAsync(ImmutableArray<PullRequest> open, CancellationToken cancellationToken)
    {
        var again = clock.GetUtcNow() + policy.Interval;
        foreach (var pullRequest in open.Where(IsAllowed).Take(policy.Most))
        {
            if (running() is not { } system || IsPlanned(pullRequest, system))
            {
                continue;
            }

            if (_putOff.TryGetValue(pullRequest.Number, out var putOff) && putOff.Head == pullRequest.Head && putOff.Until > clock.GetUtcNow())
            {
                again = putOff.Until < again ? putOff.Until : again;
                continue;
            }

            // A deployment comes first.
            if (IsDeploying(board.Current) || !await PlanAsync(pullRequest, system, cancellationToken))
            {
                return clock.GetUtcNow();
            }
        }

        return again;
    }

    private bool IsAllowed(PullRequest pullRequest)
    {
        if (!pullRequest.IsFromFork || policy.Forks)
        {
            return true;
        }

        if (_forks.Add(pullRequest.Number))
        {
            LogFork(pullRequest.Number);
        }

        return false;
    }

    private bool IsPlanned(PullRequest pullRequest, Toplevel system) =>
        outbox.Newest(ForgeMessage.PlanReported.SubjectOf(pullRequest.Number)) is { Message: ForgeMessage.PlanReported told, AddedAt: var at }
        && told.Head == pullRequest.Head
        && told.Report switch
        {
            PlanReport.Ready ready => ready.Running == system,
            PlanReport.Failed { Cause.Fault: Fault.Revision } => true,
            _ => clock.GetUtcNow() - at < FailedPlansHold, // not the commit's fault: it may work by now
        };

    // False when it gave way: to a deployment, or to a newer head.
    private async Task<bool> PlanAsync(PullRequest pullRequest, Toplevel system, CancellationToken cancellationToken)
    {
        LogPlanning(pullRequest.Number, pullRequest.Head);
        if (AttemptsOf(pullRequest) == 0)
        {
            Tell([Status(pullRequest, CommitState.Pending, "building, to see what it would change")]);
        }

        if (await heads.FetchAsync(pullRequest, cancellationToken) is { } trouble)
        {
            PutOff(pullRequest, trouble);
            return true;
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var plan = bench.PlanAsync(pullRequest.Head, system, end.Token);
        try
        {
            if (await GivesWayAsync(pullRequest, plan, cancellationToken) is { } why)
            {
                LogPutOff(pullRequest.Number, pullRequest.Head, why);
                return false;
            }

            Report(pullRequest, await plan);
            return true;
        }
        finally
        {
            // Nothing is built on behind the daemon's back, however this ended.
            await end.CancelAsync();
            await ((Task)plan).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Report(PullRequest pullRequest, PlanReport report)
    {
        switch (report)
        {
            case PlanReport.Failed { Cause: { Fault: Fault.World } cause } when AttemptsOf(pullRequest) < WorldAttempts:
                PutOff(pullRequest, FailureText.Headline(cause));
                return;
            case PlanReport.Failed failed:
                var state = failed.Cause.Fault == Fault.Revision ? CommitState.Failure : CommitState.Error;
                Tell([new ForgeMessage.PlanReported(pullRequest.Number, pullRequest.Head, report), Status(pullRequest, state, FailureText.Headline(failed.Cause))]);
                LogPlanned(pullRequest.Number, pullRequest.Head, FailureText.Headline(failed.Cause));
                break;
            case PlanReport.Ready ready:
                var summary = PlanSummary.Of(ready.Plan);
                Tell([new ForgeMessage.PlanReported(pullRequest.Number, pullRequest.Head, report), Status(pullRequest, CommitState.Success, summary)]);
                LogPlanned(pullRequest.Number, pullRequest.Head, summary);
                break;
            default:
                throw new UnreachableException();
        }

        _putOff.Remove(pullRequest.Number);
    }

    // Null when the plan ended by itself. What wakes meanwhile may be a newer head, or the end of the pull request.
    private async Task<string?> GivesWayAsync(PullRequest pullRequest, Task plan, CancellationToken cancellationToken)
    {
        var status = board.Current;
        while (!plan.IsCompleted)
        {
            if (IsDeploying(status))
            {
                return "a deployment comes first";
            }

            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var change = board.NextAsync(status, stop.Token);
            var woken = wake.NextAsync(stop.Token).AsTask();
            var first = await Task.WhenAny(plan, change, woken);
            await stop.CancelAsync();
            await Task.WhenAll(change, woken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            if (first == change)
            {
                status = await change;
            }
            else if (first == woken && await HeadMovedAsync(pullRequest, cancellationToken))
            {
                return "its head moved, or it was closed";
            }
        }

        return null;
    }

    private async Task<bool> HeadMovedAsync(PullRequest pullRequest, CancellationToken cancellationToken) =>
        await forge.OpenPullRequestsAsync(cancellationToken) is PullRequestsAnswer.Open { PullRequests: var open }
        && !open.Any(other => other.Number == pullRequest.Number && other.Head == pullRequest.Head);

    // One that waits for its window, for an operator or for the world before it was tried leaves room; a host that is being put back does not.
    private static bool IsDeploying(HostStatus status) =>
        status.History.Latest is { Phase.IsSettled: false } latest
        && !(status.Step is HostStep.Hold && latest.Phase is DeploymentPhase.Selected or DeploymentPhase.Built or DeploymentPhase.Planned)
        && status.Step is not HostStep.Hold { Reason: HoldReason.NeedsOperator };

    private void PutOff(PullRequest pullRequest, string why)
    {
        var attempts = AttemptsOf(pullRequest) + 1;
        _putOff[pullRequest.Number] = (pullRequest.Head, attempts, clock.GetUtcNow() + policy.Backoff.After(attempts));
        LogPutOff(pullRequest.Number, pullRequest.Head, why);
        Tell([Status(pullRequest, CommitState.Error, $"could not be planned, and is tried again: {why}")]);
    }

    private int AttemptsOf(PullRequest pullRequest) =>
        _putOff.TryGetValue(pullRequest.Number, out var before) && before.Head == pullRequest.Head ? before.Attempts : 0;

    private static ForgeMessage.CommitStatus Status(PullRequest pullRequest, CommitState state, string description) =>
        new(pullRequest.Head, StatusKind.Plan, state, description, Link: null);

    private void Tell(ImmutableArray<ForgeMessage> messages)
    {
        outbox.Add(messages);
        sender.Signal("planned");
    }

    private void Complain(string detail)
    {
        if (detail != _trouble)
        {
            _trouble = detail;
            LogUnlisted(detail);
        }
    }
}
