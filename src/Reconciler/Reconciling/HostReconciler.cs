using Reconciler.Planning;

namespace Reconciler.Reconciling;

/// <summary>One pass: observe, decide, perform.</summary>
internal sealed class HostReconciler(HostObserver observer, HostActuator actuator, TriggerQueue triggers, StatusBoard board)
{
    /// <summary>Makes one pass and returns the step that was performed.</summary>
    public async Task<HostStep> PassAsync(CancellationToken cancellationToken)
    {
        var view = await observer.ObserveAsync(cancellationToken);
        var step = HostPlanner.Decide(view);
        board.Show(view, step);
        if (step is HostStep.Build or HostStep.Tell)
        {
            await PerformWhileWantedAsync(step, view, cancellationToken);
        }
        else
        {
            await actuator.PerformAsync(step, view, cancellationToken);
        }

        return step;
    }

    // Building and telling may take long, and may be dropped and done again. Each trigger meanwhile makes a fresh view; when the planner would
    // not do this any more, because something newer is wanted or an operator spoke, it is ended.
    private async Task PerformWhileWantedAsync(HostStep step, HostView view, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var work = actuator.PerformAsync(step, view, end.Token);
        while (!work.IsCompleted)
        {
            using var stopListening = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var trigger = triggers.NextAsync(stopListening.Token).AsTask();
            if (await Task.WhenAny(work, trigger) == work)
            {
                await stopListening.CancelAsync();
                await ((Task)trigger).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                break;
            }

            cancellationToken.ThrowIfCancellationRequested();
            if (!await IsStillWantedAsync(step, cancellationToken))
            {
                await end.CancelAsync();
                break;
            }
        }

        await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (work.IsFaulted || cancellationToken.IsCancellationRequested)
        {
            await work;
        }
    }

    private async Task<bool> IsStillWantedAsync(HostStep step, CancellationToken cancellationToken) =>
        (step, HostPlanner.Decide(await observer.ObserveAsync(cancellationToken))) switch
        {
            (HostStep.Build now, HostStep.Build next) => now.Deployment.Id == next.Deployment.Id,
            (HostStep.Tell now, HostStep.Tell next) => now.Deployment.Id == next.Deployment.Id,
            _ => false,
        };
}
