using Microsoft.Extensions.Logging;

namespace Reconciler.Adapters.Git;

internal sealed partial class GitStory
{
    [LoggerMessage(1, LogLevel.Warning, "{Remote} does not let its notes and branches be written: {Detail}")]
    private partial void LogRefused(string remote, string detail);
}
