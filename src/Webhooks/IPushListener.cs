namespace Webhooks;

/// <summary>
/// Told what a forge sent. Everything here is a hint to look at the repository now, never a truth about it: no revision comes this way.
/// Called by one reader, one call after the other; each returns at once and must not throw.
/// </summary>
public interface IPushListener
{
    /// <summary>Somebody pushed, created or deleted a ref.</summary>
    /// <param name="notice">What the sender claims was pushed.</param>
    void Hear(PushNotice notice);

    /// <summary>A pull request was opened, changed, reopened or closed.</summary>
    /// <param name="notice">What the sender claims about it.</param>
    void Hear(PullRequestNotice notice);

    /// <summary>The forge only wanted to know whether anybody listens.</summary>
    /// <param name="notice">Who asked.</param>
    void Hear(PingNotice notice);
}
