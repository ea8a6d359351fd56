using Microsoft.Extensions.Logging;
using Reconciler.Configuration;
using Reconciler.Reconciling;
using Webhooks;

namespace Reconciler.Composition;

/// <summary>Makes the server that hears webhooks.</summary>
internal static class Hooks
{
    /// <summary>The server; null when none is configured. Nothing is opened yet.</summary>
    public static WebhookServer? Of(HostConfiguration configuration, IPushListener door, TimeProvider clock, ILoggerFactory loggers)
    {
        var settings = configuration.Webhook;
        if (settings.Provider == WebhookSender.None)
        {
            return null;
        }

        var options = new WebhookOptions
        {
            Provider = settings.Provider switch
            {
                WebhookSender.Github => WebhookProvider.GitHub,
                WebhookSender.Forgejo => WebhookProvider.Forgejo,
                WebhookSender.Gitlab => WebhookProvider.GitLab,
                _ => WebhookProvider.Generic,
            },
            Path = settings.Path,
            BodyLimit = (int)settings.BodyLimit,
            BufferLimit = Math.Max(32L << 20, settings.BodyLimit * 4),
            TrustForwardedFor = settings.TrustForwardedFor,
        };
        var ports = new WebhookPorts(
            new SecretFiles(settings.SecretFiles, clock, loggers.CreateLogger<SecretFiles>()),
            door,
            new FileDeliveryStore(Path.Combine(configuration.Paths.State, "webhook-deliveries")),
            clock,
            loggers);
        return new WebhookServer(options, WebhookListen.Parse(settings.Listen)!, ports);
    }

    /// <summary>What came so far.</summary>
    public static PushStatus Status(WebhookServer server, HostConfiguration configuration)
    {
        var status = server.Receiver.Status;
        return new PushStatus(configuration.Webhook.Listen, status.LastHeardAt, status.LastPing?.At, status.Accepted, status.Refused);
    }
}
