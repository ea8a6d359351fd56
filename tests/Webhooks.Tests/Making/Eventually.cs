namespace Webhooks.Tests.Making;

/// <summary>Waits for what another thread does, as long as the test may run.</summary>
internal static class Eventually
{
    public static async Task Async(Func<bool> condition, CancellationToken cancellationToken)
    {
        while (!condition())
        {
            cancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
