using Microsoft.Extensions.Logging;
using Reconciler.Configuration;
using Reconciler.Reconciling;
using Reconciler.Web;

namespace Reconciler.Composition;

/// <summary>
/// The server of the status page, for as long as the daemon lives. An address that cannot be listened on is said and tried again: deployments do
/// not need it.
/// </summary>
internal sealed partial class StatusPage(PageSettings settings, Func<SiteServices> services, TimeProvider clock, ILoggerFactory loggers)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);
    private readonly ILogger _logger = loggers.CreateLogger<StatusPage>();
    private volatile string? _trouble = "it is not served yet";

    /// <summary>Whether a page is to be served.</summary>
    public bool IsWanted => settings.Listen is not null;

    /// <summary>How it is served; null when it is not to be.</summary>
    public PageStatus? Status => settings.Listen is { } address ? new PageStatus(address, _trouble) : null;

    /// <summary>Serves until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var said = "";
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await using var site = new StatusSite(settings, services(), loggers);
                await site.StartAsync(cancellationToken);
                _trouble = null;
                LogServing(settings.Listen);
                await Task.Delay(Timeout.InfiniteTimeSpan, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await site.StopAsync(CancellationToken.None);
                return;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Whatever it is, it must not end the daemon: the commit that mends it comes by polling.
                _trouble = e.Message;
                if (e.Message != said)
                {
                    said = e.Message;
                    LogNotServed(settings.Listen, e.Message);
                }
            }

            await Task.Delay(Pause, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The status page is served on {Address}")]
    private partial void LogServing(string? address);

    [LoggerMessage(Level = LogLevel.Error, Message = "The status page cannot be served on {Address}: {Detail} It is tried again each minute; deployments go on. Another address: page.listen")]
    private partial void LogNotServed(string? address, string detail);
}
