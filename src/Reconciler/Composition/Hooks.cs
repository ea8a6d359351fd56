using Microsoft.Extensions.Logging;
using Reconciler.Configuration;
using Reconciler.Reconciling;
using Webhooks;

namespace Reconciler.Composition;

/// <summary>The server that hears webhooks.</summary>
internal sealed partial class Hooks
{
    private readonly HostConfiguration _configuration;
    private readonly IPushListener _door;
    private readonly TimeProvider _clock;
    private readonly ILoggerFactory _loggers;
    private readonly RetryingServer _server;
    private readonly ILogger _logger;
    private volatile WebhookReceiver? _receiver;

    /// <summary>Puts it together; nothing is opened yet.</summary>
    public Hooks(HostConfiguration configuration, IPushListener door, TimeProvider clock, ILoggerFactory loggers)
    {
        (_configuration, _door, _clock, _loggers, _logger) = (configuration, door, clock, loggers, loggers.CreateLogger<Hooks>());
        _server = new RetryingServer(
            () =>
            {
                var server = Make();
                _receiver = server.Receiver;
                return new Listener(server, server.StartAsync, server.StopAsync);
            },
            clock,
            () => LogListening(configuration.Webhook.Listen),
            detail => LogDeaf(configuration.Webhook.Listen, detail));
    }

    /// <summary>Whether anybody is to be heard.</summary>
    public bool AreWanted => _configuration.Webhook.Provider != WebhookSender.None;

    /// <summary>What came so far; null when nobody is to be heard.</summary>
    public PushStatus? Status
    {
        get
        {
            var status = _receiver?.Status;
            return AreWanted
                ? new PushStatus(
                    _configuration.Webhook.Listen, status?.LastHeardAt, status?.LastPing?.At, status?.Accepted ?? 0, status?.Refused ?? 0, _server.Trouble)
                : null;
        }
    }

    /// <summary>Listens until cancelled.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => _server.RunAsync(cancellationToken);

    private WebhookServer Make()
    {
        var settings = _configuration.Webhook;
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
            new SecretFiles(settings.SecretFiles, _clock, _loggers.CreateLogger<SecretFiles>()),
            _door,
            new FileDeliveryStore(Path.Combine(_configuration.Paths.State, "webhook-deliveries")),
            _clock,
            _loggers);
        return new WebhookServer(options, WebhookListen.Parse(settings.Listen)!, ports);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Listening for webhooks on {Address}")]
    private partial void LogListening(string address);

    [LoggerMessage(Level = LogLevel.Error, Message = "Webhooks cannot be heard on {Address}: {Detail} It is tried again each minute; the remotes are polled meanwhile")]
    private partial void LogDeaf(string address, string detail);
}
