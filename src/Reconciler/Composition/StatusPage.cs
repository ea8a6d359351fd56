using Microsoft.Extensions.Logging;
using Reconciler.Configuration;
using Reconciler.Reconciling;
using Reconciler.Web;
using Webhooks;

namespace Reconciler.Composition;

/// <summary>The server of the status page.</summary>
internal sealed partial class StatusPage
{
    private readonly PageSettings _settings;
    private readonly RetryingServer _server;
    private readonly ILogger _logger;

    /// <summary>Puts it together; nothing is opened yet.</summary>
    /// <param name="settings">Where it listens.</param>
    /// <param name="services">What the page shows; asked for when it is served.</param>
    /// <param name="clock">For the pause between attempts.</param>
    /// <param name="loggers">Told of it.</param>
    public StatusPage(PageSettings settings, Func<SiteServices> services, TimeProvider clock, ILoggerFactory loggers)
    {
        (_settings, _logger) = (settings, loggers.CreateLogger<StatusPage>());
        // Whoever reaches the page could fill the log with warnings.
#pragma warning disable CA2000 // it has nothing to dispose of
        var quiet = new QuietLoggers(loggers, clock);
#pragma warning restore CA2000
        _server = new RetryingServer(
            () =>
            {
                var site = new StatusSite(settings, services(), quiet);
                return new Listener(site, site.StartAsync, site.StopAsync);
            },
            clock,
            () => LogServing(settings.Listen),
            detail => LogNotServed(settings.Listen, detail));
    }

    /// <summary>Whether a page is to be served.</summary>
    public bool IsWanted => _settings.Listen is not null;

    /// <summary>How it is served; null when it is not to be.</summary>
    public PageStatus? Status => _settings.Listen is { } address ? new PageStatus(address, _server.Trouble) : null;

    /// <summary>Serves until cancelled.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => _server.RunAsync(cancellationToken);

    [LoggerMessage(Level = LogLevel.Information, Message = "The status page is served on {Address}")]
    private partial void LogServing(string? address);

    [LoggerMessage(Level = LogLevel.Error, Message = "The status page cannot be served on {Address}: {Detail} It is tried again each minute; deployments go on. Another address: page.listen")]
    private partial void LogNotServed(string? address, string detail);
}
