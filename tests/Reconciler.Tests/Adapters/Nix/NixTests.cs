using Xunit;

namespace Reconciler.Tests.Adapters.Nix;

/// <summary>Tests that begin with the parts of a NixOS host in a folder of their own, and a log.</summary>
public abstract class NixTests : IAsyncDisposable
{
    private protected readonly NixFolder _folder = new();
    private protected readonly MemoryLog _log = new();

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync()
    {
        _log.Dispose();
        _folder.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
