using Reconciler.Reconciling;
using Webhooks;

namespace Reconciler.Composition;

/// <summary>
/// The door webhooks come in by. A notice carries no revision, so a forged one costs a look and nothing else.
/// </summary>
/// <param name="watcher">Looks at the remotes.</param>
/// <param name="pullRequests">Is signalled when pull requests are to be looked at.</param>
/// <param name="clock">The time.</param>
internal sealed class PushDoor(GitWatcher watcher, TriggerQueue pullRequests, TimeProvider clock) : IPushListener
{
    private long _pushedAt;

    /// <summary>When a push was last heard of; null when none was. Pings and pull requests do not count: they do not show that pushes would be heard.</summary>
    public DateTimeOffset? PushedAt => Volatile.Read(ref _pushedAt) is var ticks and > 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <inheritdoc/>
    public void Hear(PushNotice notice)
    {
        Volatile.Write(ref _pushedAt, clock.GetUtcNow().UtcTicks);
        watcher.LookSoon();
    }

    /// <inheritdoc/>
    public void Hear(PullRequestNotice notice) => pullRequests.Signal("webhook");

    /// <inheritdoc/>
    public void Hear(PingNotice notice)
    {
        // The receiver keeps when it was; there is nothing to look at.
    }
}
