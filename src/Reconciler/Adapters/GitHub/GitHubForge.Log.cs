using Microsoft.Extensions.Logging;

namespace Reconciler.Adapters.GitHub;

internal sealed partial class GitHubForge
{
    [LoggerMessage(1, LogLevel.Error, "{Doing} met what nobody foresaw: {Trouble}")]
    private partial void LogSurprise(string doing, string trouble);
}
