using System.Collections.Concurrent;

namespace Reconciler.HostTests.Making;

/// <summary>
/// The machines that those of the tests begin as: one of each kind, on which the daemon has confirmed its first commit, switched off. Made when
/// a test asks for the first of its kind, so that a test has a machine to itself for the price of a boot.
/// </summary>
public sealed class Beginnings : IAsyncDisposable
{
    private readonly ConcurrentDictionary<MachineKind, Lazy<Task<World>>> _made = new();
    private int _worlds;

    /// <summary>The folder of the published daemon; null where these tests cannot run.</summary>
    public static string? Published => Environment.GetEnvironmentVariable("RECONCILER_PUBLISHED") is { Length: > 0 } folder ? folder : null;

    /// <summary>A new world of a kind: its machine is up, and its daemon has nothing to do.</summary>
    internal async Task<World> NewWorldAsync(MachineKind kind)
    {
        var model = await _made.GetOrAdd(kind, kind => new Lazy<Task<World>>(() => MakeAsync(kind, world => world.InstallAsync()))).Value;
        return await MakeAsync(kind, world => world.BeginAsAsync(model));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var made in _made.Values.Where(made => made.Value.IsCompletedSuccessfully))
        {
            await (await made.Value).DestroyAsync();
        }
    }

    private async Task<World> MakeAsync(MachineKind kind, Func<World, Task> begin)
    {
        var world = new World(kind, $"hosttests-{Environment.ProcessId}-{Interlocked.Increment(ref _worlds)}");
        try
        {
            await begin(world);
            return world;
        }
        catch
        {
            await world.DestroyAsync();
            throw;
        }
    }
}
