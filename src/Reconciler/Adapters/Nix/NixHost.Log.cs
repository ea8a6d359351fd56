using Reconciler.Model;

namespace Reconciler.Adapters.Nix;

internal sealed partial class NixHost
{
    [LoggerMessage(Level = LogLevel.Information, Message = "the profile points at generation {Generation}, {Toplevel}")]
    private partial void LogProfileSet(int generation, Toplevel toplevel);

    [LoggerMessage(Level = LogLevel.Error, Message = "{What}: {Detail}")]
    private partial void LogFailed(string what, string detail);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Toplevel} could not be kept for debugging: {Detail}")]
    private partial void LogNotKept(Toplevel toplevel, string detail);

    [LoggerMessage(Level = LogLevel.Information, Message = "deleted generations {Numbers}")]
    private partial void LogPruned(string numbers);

    [LoggerMessage(Level = LogLevel.Warning, Message = "old generations could not be deleted: {Detail}")]
    private partial void LogNotPruned(string detail);
}
