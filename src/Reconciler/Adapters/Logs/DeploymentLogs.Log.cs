namespace Reconciler.Adapters.Logs;

internal sealed partial class DeploymentLogs
{
    [LoggerMessage(LogLevel.Warning, "{Lines} lines of {Path} were lost: {Why}")]
    private partial void LogLost(string path, long lines, string why);

    [LoggerMessage(LogLevel.Warning, "Old logs in {Folder} could not be removed: {Why}")]
    private partial void LogNotPruned(string folder, string why);
}
