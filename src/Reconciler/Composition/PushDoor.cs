using Reconciler.Reconciling;
using Webhooks;

namespace Reconciler.Composition;

/// <summary>
/// The door webhooks come in by. A notice carries no revision, so a forged one costs a look at the remotes and nothing else.
/// </summary>
internal sealed class PushDoor(GitWatcher watcher) : IPushListener
{
    /// <inheritdoc/>
    public void Hear(PushNotice notice) => watcher.LookSoon();

    /// <inheritdoc/>
    public void Hear(PullRequestNotice notice)
    {
        // Nothing here follows pull requests yet.
    }

    /// <inheritdoc/>
    public void Hear(PingNotice notice)
    {
        // The receiver keeps when it was; there is nothing to look at.
    }
}
