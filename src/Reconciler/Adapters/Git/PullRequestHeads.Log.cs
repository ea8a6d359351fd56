using Microsoft.Extensions.Logging;
using Reconciler.Model;

namespace Reconciler.Adapters.Git;

internal sealed partial class PullRequestHeads
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Fetched {Head}, the head of pull request {Number}")]
    private partial void LogFetched(long number, Revision head);

    [LoggerMessage(Level = LogLevel.Error, Message = "Fetching the head of pull request {Number} failed in a way that is not known")]
    private partial void LogSurprise(long number, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Heads of pull requests that are done could not be let go of: {Detail}")]
    private partial void LogKept(string detail);
}
