namespace Webhooks;

/// <summary>Told that somebody pushed. A notice is a hint to look at the repository now, never a truth about it.</summary>
public interface IPushListener
{
    /// <summary>Called once for each accepted notice. Returns at once; must not throw.</summary>
    /// <param name="notice">What the sender claims was pushed.</param>
    void Hear(PushNotice notice);
}
