namespace Webhooks;

/// <summary>Where the secrets come from. Asked for every delivery, so a secret may be changed while the endpoint runs.</summary>
public interface IWebhookSecrets
{
    /// <summary>
    /// The secrets that are valid now: one, or two while one is being replaced. Fresh copies, which the caller wipes. Empty when none can be
    /// had, and then every delivery is refused. Must not throw.
    /// </summary>
    IReadOnlyList<byte[]> Read();
}
