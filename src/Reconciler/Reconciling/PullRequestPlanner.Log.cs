using Microsoft.Extensions.Logging;
using Reconciler.Model;

namespace Reconciler.Reconciling;

internal sealed partial class PullRequestPlanner
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The open pull requests cannot be read, and will be later: {Detail}")]
    private partial void LogUnlisted(string detail);

    [LoggerMessage(Level = LogLevel.Information, Message = "Planning pull request {Number} at {Head}")]
    private partial void LogPlanning(long number, Revision head);

    [LoggerMessage(Level = LogLevel.Information, Message = "Planned pull request {Number} at {Head}: {Summary}")]
    private partial void LogPlanned(long number, Revision head, string summary);

    [LoggerMessage(Level = LogLevel.Information, Message = "The plan of pull request {Number} at {Head} is put off: {Why}")]
    private partial void LogPutOff(long number, Revision head, string why);

    [LoggerMessage(Level = LogLevel.Information, Message = "Pull request {Number} is from another repository, whose code is not built here (forge.plans.forks)")]
    private partial void LogFork(long number);

    [LoggerMessage(Level = LogLevel.Error, Message = "Planning pull requests failed in a way nobody foresaw; it is tried again")]
    private partial void LogUnexpected(Exception exception);
}
