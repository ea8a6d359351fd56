using Microsoft.Extensions.Logging;

namespace Reconciler.Adapters.Git;

internal sealed partial class GitMirror
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Made the mirror {Directory}")]
    private partial void LogMade(string directory);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Tidied the mirror: {Done}")]
    private partial void LogTidied(string done);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The mirror {Directory} is broken ({Fault}): it is set aside as {Broken} and fetched anew")]
    private partial void LogBroken(string directory, string fault, string broken);

    [LoggerMessage(Level = LogLevel.Information, Message = "Carried {Ref} over into the new mirror")]
    private partial void LogCarried(string @ref);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Ref} could not be read from the broken mirror and is not in the new one; what is left of it is in {Broken}")]
    private partial void LogLost(string @ref, string broken);

    [LoggerMessage(Level = LogLevel.Information, Message = "Packed the mirror")]
    private partial void LogPacked();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The mirror could not be packed: {Detail}")]
    private partial void LogNotPacked(string detail);
}
