namespace Reconciler.Composition;

/// <summary>
/// Serves for as long as the daemon lives. An address that cannot be listened on is said once and tried again each minute: deployments do not
/// need it, and the commit that mends it comes by polling.
/// </summary>
/// <param name="make">Makes the server anew for each attempt.</param>
/// <param name="clock">For the pause between attempts.</param>
/// <param name="served">Told each time it listens.</param>
/// <param name="failed">Told why it does not, once for each reason.</param>
internal sealed class RetryingServer(Func<Listener> make, TimeProvider clock, Action served, Action<string> failed)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);
    private volatile string? _trouble = "it does not listen yet";

    /// <summary>Why it does not listen; null while it does.</summary>
    public string? Trouble => _trouble;

    /// <summary>Serves until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await ServeAsync(cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                // Whatever it is, it must not end the daemon.
                if (e.Message != _trouble)
                {
                    _trouble = e.Message;
                    failed(e.Message);
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(Pause, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ServeAsync(CancellationToken cancellationToken)
    {
        var server = make();
        await using var life = server.Life;
        await server.StartAsync(cancellationToken);
        _trouble = null;
        served();
        await Task.Delay(Timeout.InfiniteTimeSpan, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await server.StopAsync(CancellationToken.None);
    }
}
