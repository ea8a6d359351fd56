using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Tests.Fakes;

/// <summary>A store that is as sound as the test says.</summary>
internal sealed class FakeStoreCare : IStoreCare
{
    public bool IsSuspect { get; set; }

    /// <summary>What the looks give, in order; sound when there is none left.</summary>
    public Queue<StoreLook> Looks { get; } = new();

    /// <summary>What each look was asked.</summary>
    public List<(IReadOnlyCollection<Toplevel> Keep, bool Everything)> Asked { get; } = [];

    /// <summary>How often the store was said to be sound.</summary>
    public int Concluded { get; private set; }

    public Task<StoreLook> MendAsync(IReadOnlyCollection<Toplevel> keep, bool everything, CancellationToken cancellationToken)
    {
        Asked.Add((keep, everything));
        return Task.FromResult(Looks.TryDequeue(out var look) ? look : new StoreLook.Done(0, 0, [], null));
    }

    public Task ConcludeAsync(CancellationToken cancellationToken)
    {
        (IsSuspect, Concluded) = (false, Concluded + 1);
        return Task.CompletedTask;
    }
}
