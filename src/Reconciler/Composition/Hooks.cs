using Microsoft.Extensions.Logging;
using Reconciler.Configuration;
using Reconciler.Reconciling;
using Webhooks;

namespace Reconciler.Composition;

/// <summary>
/// The server that hears webhooks, for as long as the daemon lives. An address that cannot be listened on is said and tried again: deployments do
/// not need it.
/// </summary>
internal sealed partial class Hooks(HostConfiguration configuration, IPushListener door, TimeProvider clock, ILoggerFactory loggers)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);
    private readonly ILogger _logger = loggers.CreateLogger<Hooks>();
    private volatile WebhookServer? _server;
    private volatile string? _trouble = "it has not begun to listen yet";

    /// <summary>Whether anybody is to be heard.</summary>
    public bool AreWanted => configuration.Webhook.Provider != WebhookSender.None;

    /// <summary>What came so far; null when nobody is to be heard.</summary>
    public PushStatus? Status
    {
        get
        {
            var status = _server?.Receiver.Status;
            return AreWanted
                ? new PushStatus(configuration.Webhook.Listen, status?.LastHeardAt, status?.LastPing?.At, status?.Accepted ?? 0, status?.Refused ?? 0, _trouble)
                : null;
        }
    }

    /// <summary>Listens until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var said = "";
        while (!cancellationToken.IsCancellationRequested)
        {
            WebhookServer? server = null;
            try
            {
                server = Make();
                await server.StartAsync(cancellationToken);
                (_server, _trouble) = (server, null);
                LogListening(configuration.Webhook.Listen);
                await Task.Delay(Timeout.InfiniteTimeSpan, clock, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                await (server?.StopAsync(CancellationToken.None) ?? Task.CompletedTask);
                return;
            }
            catch (Exception e)
            {
                // Whatever it is, it must not end the daemon: the commit that mends it comes by polling.
                _trouble = e.Message;
                if (e.Message != said)
                {
                    said = e.Message;
                    LogDeaf(configuration.Webhook.Listen, e.Message);
                }
            }
            finally
            {
                await (server?.DisposeAsync() ?? ValueTask.CompletedTask);
            }

            await Task.Delay(Pause, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private WebhookServer Make()
    {
        var settings = configuration.Webhook;
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

    [LoggerMessage(Level = LogLevel.Information, Message = "Listening for webhooks on {Address}")]
    private partial void LogListening(string address);

    [LoggerMessage(Level = LogLevel.Error, Message = "Webhooks cannot be heard on {Address}: {Detail} It is tried again each minute; the remotes are polled meanwhile")]
    private partial void LogDeaf(string address, string detail);
}
