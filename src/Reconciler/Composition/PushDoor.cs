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
}
