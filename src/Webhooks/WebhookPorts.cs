using Microsoft.Extensions.Logging;

namespace Webhooks;

/// <summary>What the endpoint needs of the world.</summary>
/// <param name="Secrets">Asked for every delivery.</param>
/// <param name="Listener">Told what was heard.</param>
/// <param name="Deliveries">Keeps what was heard over a restart.</param>
/// <param name="Clock">All time comes from here.</param>
/// <param name="Loggers">Bodies, secrets and signatures are never logged.</param>
public sealed record WebhookPorts(
    IWebhookSecrets Secrets,
    IPushListener Listener,
    IDeliveryStore Deliveries,
    TimeProvider Clock,
    ILoggerFactory Loggers);
