namespace Reconciler.Adapters.Nix;

internal sealed partial class SystemdRuns
{
    [LoggerMessage(Level = LogLevel.Information, Message = "started {Unit}")]
    private partial void LogStarted(string unit);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Unit} runs already; waiting for it")]
    private partial void LogJoined(string unit);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Unit} waits for {Other}, which an earlier daemon left running")]
    private partial void LogWaiting(string unit, string other);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Unit} was not started: {Other} still runs")]
    private partial void LogStillBusy(string unit, string other);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Unit} could not be started: {Detail}")]
    private partial void LogNotStarted(string unit, string detail);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Unit} cannot be looked at, asking again: {Detail}")]
    private partial void LogUnknown(string unit, string detail);

    [LoggerMessage(Level = LogLevel.Debug, Message = "cleared {Units}")]
    private partial void LogCleared(string units);
}
