using Microsoft.Extensions.Logging;
using Reconciler.Model;

namespace Reconciler.Adapters.Git;

internal sealed partial class GitRemotes
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Fetched {Remote}: main {Main}, testing {Testing}")]
    private partial void LogFetched(string remote, Revision? main, Revision? testing);

    [LoggerMessage(Level = LogLevel.Error, Message = "Looking at {Remote} failed in a way that is not known")]
    private partial void LogSurprise(string remote, Exception exception);
}
