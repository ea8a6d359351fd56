using Microsoft.Extensions.Logging;

namespace Reconciler.Adapters.Git;

internal sealed partial class MirrorReader
{
    [LoggerMessage(1, LogLevel.Warning, "The object {File} was cut short, so its repository is not read. Moving the repository away lets it be made anew.")]
    private partial void LogDamagedObject(string file);

    [LoggerMessage(2, LogLevel.Warning, "The mirror {Path} cannot be read: {Detail}")]
    private partial void LogUnreadable(string path, string detail);
}
