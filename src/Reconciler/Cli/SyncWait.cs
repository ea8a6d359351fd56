using System.Runtime.CompilerServices;
using Reconciler.Wire;

namespace Reconciler.Cli;

/// <summary>Follows what a look at the repository led to until its end.</summary>
/// <param name="context">The program around it.</param>
/// <param name="reply">Where it is told.</param>
/// <param name="following">The judge.</param>
/// <param name="timeout">For how long at most; null for ever.</param>
internal sealed class SyncWait(CommandContext context, Reply reply, SyncFollowing following, TimeSpan? timeout)
{
    private SyncProgress _progress = SyncProgress.None;

    /// <summary>Follows, tells, and gives the exit code of the outcome.</summary>
    public async Task<int> RunAsync(StatusFollower follower, AnswerDocument answer, CancellationToken cancellationToken)
    {
        using var limit = timeout is { } length ? new CancellationTokenSource(length, context.Clock) : new CancellationTokenSource();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        if (!reply.IsJson)
        {
            await context.Output.WriteLineAsync(Plain.Line(answer.Message));
        }

        try
        {
            await FollowAsync(follower, stop.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            _progress = _progress with { End = SyncVerdict.OutOfTime(timeout!.Value, _progress.Headline, _progress.Followed) };
            await TellEndAsync();
        }

        return _progress.End!.ExitCode;
    }

    private async Task FollowAsync(StatusFollower follower, CancellationToken cancellationToken)
    {
        var progresses = ProgressesAsync(follower, cancellationToken);
        if (reply.IsLive)
        {
            await reply.ShowLiveAsync(Frames.OfAsync(progresses, progress => SyncPage.Of(progress, context.Clock.GetUtcNow()), context.Clock, cancellationToken));
            return;
        }

        var told = 0;
        await foreach (var progress in progresses)
        {
            for (; told < progress.Phases.Length && !reply.IsJson; told++)
            {
                await context.Output.WriteLineAsync(Plain.Line(progress.Phases[told].Headline));
                await context.Output.FlushAsync(cancellationToken);
            }
        }

        await TellEndAsync();
    }

    private async IAsyncEnumerable<SyncProgress> ProgressesAsync(StatusFollower follower, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var status in follower.FollowAsync(cancellationToken))
        {
            if (!following.Knows(status))
            {
                continue;
            }

            _progress = _progress.With(status, following, context.Clock.GetUtcNow());
            yield return _progress;
            if (_progress.End is not null)
            {
                yield break;
            }
        }
    }

    private async Task TellEndAsync()
    {
        var end = _progress.End!.Document;
        await reply.SayAsync(end, CliJson.Default.SyncDocument, end.Cure.Length == 0 ? [end.Cause] : [end.Cause, $"→ {end.Cure}"]);
        await context.Output.FlushAsync();
    }
}
