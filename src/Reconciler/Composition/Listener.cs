namespace Reconciler.Composition;

/// <summary>A server that has not been started yet.</summary>
/// <param name="Life">The server.</param>
/// <param name="StartAsync">Opens its address.</param>
/// <param name="StopAsync">Answers what is under way and closes the address.</param>
internal sealed record Listener(IAsyncDisposable Life, Func<CancellationToken, Task> StartAsync, Func<CancellationToken, Task> StopAsync);
