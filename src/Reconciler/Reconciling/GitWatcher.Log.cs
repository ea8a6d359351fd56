using Microsoft.Extensions.Logging;
using Reconciler.Model;

namespace Reconciler.Reconciling;

internal sealed partial class GitWatcher
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Remote {Remote} cannot be read: {Detail}")]
    private partial void LogTroubleBegan(string remote, string detail);

    [LoggerMessage(Level = LogLevel.Information, Message = "Remote {Remote} can be read again after {Failures} failed looks")]
    private partial void LogTroubleEnded(string remote, int failures);

    [LoggerMessage(Level = LogLevel.Information, Message = "Remote {Remote} is at {Revision}")]
    private partial void LogNewTip(string remote, Revision revision);

    [LoggerMessage(Level = LogLevel.Information, Message = "Remote {Remote} has the testing branch at {Revision}")]
    private partial void LogNewTestingTip(string remote, Revision revision);
}
