using Xunit;

namespace Reconciler.Tests.Adapters.GitHub;

/// <summary>Tests that begin with a GitHub of their own, and end by looking whether all that was asked of it was sound.</summary>
public abstract class HubTests : IAsyncLifetime
{
    private protected HubSandbox _hub = null!;

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _hub = await HubSandbox.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _hub.AssertSound();
        await _hub.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
