namespace Reconciler.Adapters.Git;

/// <summary>Lets many fetches into the mirror at once, and lets mending and packing have it alone.</summary>
internal sealed class GitMirrorLock : IDisposable
{
    private const int Places = 16;
    private readonly SemaphoreSlim _places = new(Places);
    private readonly SemaphoreSlim _alone = new(1);

    /// <summary>Takes one place; dispose to give it back.</summary>
    public async Task<IDisposable> ShareAsync(CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        return new Held(this, 1, false);
    }

    /// <summary>Takes all places; dispose to give them back.</summary>
    public async Task<IDisposable> AloneAsync(CancellationToken cancellationToken)
    {
        await _alone.WaitAsync(cancellationToken); // two that each hold half the places would wait for ever
        var taken = 0;
        try
        {
            for (; taken < Places; taken++)
            {
                await _places.WaitAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            new Held(this, taken, true).Dispose();
            throw;
        }

        return new Held(this, taken, true);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _places.Dispose();
        _alone.Dispose();
    }

    private sealed class Held(GitMirrorLock owner, int places, bool alone) : IDisposable
    {
        private int _isGivenBack;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isGivenBack, 1) == 1)
            {
                return;
            }

            if (places > 0)
            {
                owner._places.Release(places);
            }

            if (alone)
            {
                owner._alone.Release();
            }
        }
    }
}
