using Microsoft.Extensions.Logging;

namespace Reconciler.Adapters.Git;

internal sealed partial class Checkouts
{
    [LoggerMessage(1, LogLevel.Information, "The work tree {Path} is made anew: {Detail}")]
    private partial void LogMadeAnew(string path, string detail);
}
