using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Reconciling;

/// <summary>Looks at each remote on its own, so that one that hangs never delays another, and keeps what they show.</summary>
internal sealed partial class GitWatcher
{
    private readonly IGitRemotes _remotes;
    private readonly TriggerQueue _triggers;
    private readonly PollPolicy _policy;
    private readonly TimeProvider _clock;
    private readonly Func<double> _dice;
    private readonly ILogger<GitWatcher> _logger;
    private readonly ImmutableArray<Watch> _watches;
    private readonly Lock _lock = new();

    /// <summary>Makes a watcher of all remotes.</summary>
    /// <param name="remotes">The remotes.</param>
    /// <param name="triggers">Is signalled after each look.</param>
    /// <param name="policy">How often to look.</param>
    /// <param name="clock">The time.</param>
    /// <param name="dice">A number from 0 to 1, another each time; varies the interval.</param>
    /// <param name="logger">Hears of what changed, and only of that.</param>
    public GitWatcher(
        IGitRemotes remotes, TriggerQueue triggers, PollPolicy policy, TimeProvider clock, Func<double> dice, ILogger<GitWatcher> logger)
    {
        (_remotes, _triggers, _policy, _clock, _dice, _logger) = (remotes, triggers, policy, clock, dice, logger);
        _watches = [.. remotes.Names.Select(name => new Watch(name))];
        View = new GitView([.. remotes.Names.Select(name => new RemoteView(name, null, null, null, null))]);
    }

    /// <summary>What the remotes show. Immutable; replaced whole.</summary>
    public GitView View { get; private set; }

    /// <summary>Looks again and again until cancelled.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(_watches.Select(watch => WatchAsync(watch, cancellationToken)));

    /// <summary>Looks at every remote now, and ends when each has been looked at since the call.</summary>
    public Task LookNowAsync(CancellationToken cancellationToken) => Task.WhenAll(_watches.Select(watch => watch.AskAsync(cancellationToken)));

    /// <summary>Asks for a look at every remote without waiting for it.</summary>
    public void LookSoon()
    {
        foreach (var watch in _watches)
        {
            watch.Wake.Signal("look soon");
        }
    }

    private async Task WatchAsync(Watch watch, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var round = watch.BeginRound();
            var seen = await LookAsync(watch.Remote, cancellationToken);
            round.TrySetResult();
            _triggers.Signal($"looked at {watch.Remote}");
            await PauseAsync(watch, seen, cancellationToken);
        }
    }

    /// <summary>Looks at one remote once and keeps what it shows.</summary>
    public async Task<RemoteView> LookAsync(string remote, CancellationToken cancellationToken)
    {
        var before = View.Remotes.First(view => view.Name == remote);
        var look = await _remotes.LookAsync(remote, before, cancellationToken);
        var after = Seen(before, look, _clock.GetUtcNow());
        Tell(before, after);
        lock (_lock)
        {
            View = new GitView([.. View.Remotes.Select(view => view.Name == remote ? after : view)]);
        }

        return after;
    }

    /// <summary>
    /// Asks all remotes at once: one that answers is enough, since a fix can be pushed to it, and one that hangs must not hide it. Null when one
    /// answers, otherwise why none does.
    /// </summary>
    public async Task<string?> TroubleReachingAsync(CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var looks = View.Remotes.Select(view => TroubleOfAsync(view, enough.Token)).ToList();
        try
        {
            await foreach (var look in Task.WhenEach(looks))
            {
                if (await look is null)
                {
                    return null;
                }
            }

            return string.Join("; ", await Task.WhenAll(looks));
        }
        finally
        {
            await enough.CancelAsync();
            await ((Task)Task.WhenAll(looks)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<string?> TroubleOfAsync(RemoteView view, CancellationToken cancellationToken) =>
        await _remotes.LookAsync(view.Name, view, cancellationToken) is RemoteLook.Failed failed ? $"{view.Name}: {failed.Detail}" : null;

    private static RemoteView Seen(RemoteView before, RemoteLook look, DateTimeOffset now) => look switch
    {
        RemoteLook.Tips tips => before with { Main = tips.Main, Testing = tips.Testing, Trouble = null, ReachedAt = now },
        RemoteLook.Failed failed => before with
        {
            Trouble = new RemoteTrouble(failed.Detail, before.Trouble?.Since ?? now, (before.Trouble?.Failures ?? 0) + 1),
        },
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private async Task PauseAsync(Watch watch, RemoteView seen, CancellationToken cancellationToken)
    {
        var wait = seen.Trouble is { } trouble ? _policy.Backoff.After(trouble.Failures) : Jittered(_policy.IntervalAt(watch.Remote, _clock.GetUtcNow()));
        await watch.Wake.NextAsync(null, wait, _clock, cancellationToken);
    }

    private TimeSpan Jittered(TimeSpan interval) => interval * (1 + (_policy.Jitter * ((2 * _dice()) - 1)));

    private void Tell(RemoteView before, RemoteView after)
    {
        if (before.Trouble is null && after.Trouble is { } trouble)
        {
            LogTroubleBegan(after.Name, trouble.Detail);
        }
        else if (before.Trouble is { } past && after.Trouble is null)
        {
            LogTroubleEnded(after.Name, past.Failures);
        }

        if (before.Main != after.Main && after.Main is { } main)
        {
            LogNewTip(after.Name, main);
        }

        if (before.Testing != after.Testing && after.Testing is { } testing)
        {
            LogNewTestingTip(after.Name, testing);
        }
    }

    /// <summary>One remote, and who waits for a look at it.</summary>
    private sealed class Watch(string remote)
    {
        private readonly Lock _lock = new();
        private TaskCompletionSource _nextRound = NewRound();
        private TaskCompletionSource _round = NewRound();

        public string Remote { get; } = remote;

        public TriggerQueue Wake { get; } = new();

        public TaskCompletionSource BeginRound()
        {
            lock (_lock)
            {
                (_round, _nextRound) = (_nextRound, NewRound());
                return _round;
            }
        }

        public Task AskAsync(CancellationToken cancellationToken)
        {
            Task asked;
            lock (_lock)
            {
                asked = _nextRound.Task;
            }

            Wake.Signal("asked");
            return asked.WaitAsync(cancellationToken);
        }

        private static TaskCompletionSource NewRound() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
