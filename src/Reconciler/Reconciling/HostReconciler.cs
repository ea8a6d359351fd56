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
        if (step is HostStep.Build build)
        {
            await BuildAsync(build, view, cancellationToken);
        }
        else
        {
            await actuator.PerformAsync(step, view, cancellationToken);
        }

        return step;
    }

    // A build is the one long step that may be dropped. Each trigger while it runs makes a fresh view; when the planner would not build this
    // any more, because something newer is wanted or an operator spoke, the build is ended.
    private async Task BuildAsync(HostStep.Build build, HostView view, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var work = actuator.PerformAsync(build, view, end.Token);
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
            if (!await IsStillWantedAsync(build, cancellationToken))
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

    private async Task<bool> IsStillWantedAsync(HostStep.Build build, CancellationToken cancellationToken) =>
        HostPlanner.Decide(await observer.ObserveAsync(cancellationToken)) is HostStep.Build next && next.Deployment.Id == build.Deployment.Id;
}
