using Reconciler.Model;
using Xunit;

namespace Reconciler.Tests.Adapters.Boot;

/// <summary>Tests that begin with a machine's boot files in a folder of their own.</summary>
public abstract class BootTests : IAsyncDisposable
{
    private protected readonly BootFolder _folder = new();

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private protected static string Why(Failure? failure) => Assert.IsType<Failure.OneShotBootFailed>(failure).Detail;
}
