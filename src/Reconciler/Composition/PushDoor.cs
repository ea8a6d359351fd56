using Reconciler.Reconciling;
using Webhooks;

namespace Reconciler.Composition;

/// <summary>
/// The door webhooks come in by. A notice carries no revision, so a forged one costs a look and nothing else.
/// </summary>
/// <param name="watcher">Looks at the remotes.</param>
/// <param name="pullRequests">Is signalled when pull requests are to be looked at.</param>
internal sealed class PushDoor(GitWatcher watcher, TriggerQueue pullRequests) : IPushListener
{
    /// <inheritdoc/>
    public void Hear(PushNotice notice) => watcher.LookSoon();

    /// <inheritdoc/>
    public void Hear(PullRequestNotice notice) => pullRequests.Signal("webhook");

    /// <inheritdoc/>
    public void Hear(PingNotice notice)
    {
        // The receiver keeps when it was; there is nothing to look at.
    }
}
