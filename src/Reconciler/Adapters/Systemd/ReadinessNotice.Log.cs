namespace Reconciler.Adapters.Systemd;

internal sealed partial class ReadinessNotice
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "systemd could not be told {Notice}: {Detail}")]
    private static partial void LogNotSent(ILogger logger, string notice, string detail);
}
