namespace Reconciler.Adapters.Systemd;

internal sealed partial class Watchdog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "The reconcile loop hangs; systemd is given no sign of life and restarts the daemon within {Patience}")]
    private static partial void LogHanging(ILogger logger, TimeSpan patience);
}
