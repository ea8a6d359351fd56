using Microsoft.Extensions.Logging;

namespace Reconciler.Adapters.Git;

internal sealed partial class StoryRepository
{
    [LoggerMessage(1, LogLevel.Warning, "The repository {Path} is damaged and was moved to {Aside}; notes that were not pushed yet are only there. Why: {Detail}")]
    private partial void LogSetAside(string path, string aside, string detail);
}
