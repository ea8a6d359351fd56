using Reconciler.Model;

namespace Reconciler.Adapters.Nix;

internal sealed partial class NixBuilder
{
    [LoggerMessage(Level = LogLevel.Information, Message = "building {WorkTree} ({Purpose})")]
    private partial void LogBuilding(string workTree, BuildPurpose purpose);

    [LoggerMessage(Level = LogLevel.Information, Message = "built {Toplevel} in {Took}")]
    private partial void LogBuilt(Toplevel toplevel, TimeSpan took);

    [LoggerMessage(Level = LogLevel.Warning, Message = "the build failed: {Failure}")]
    private partial void LogFailed(string failure);
}
