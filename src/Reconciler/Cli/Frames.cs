using System.Runtime.CompilerServices;

namespace Reconciler.Cli;

/// <summary>Makes pages of changes: one at each change, and one a second in between, so that "5 s ago" stays true.</summary>
internal static class Frames
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    /// <summary>Draws until the changes end.</summary>
    public static async IAsyncEnumerable<Page> OfAsync<T>(
        IAsyncEnumerable<T> changes, Func<T, Page> draw, TimeProvider clock, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var beats = new PeriodicTimer(Beat, clock);
        await using var source = changes.GetAsyncEnumerator(stop.Token);
        var change = source.MoveNextAsync().AsTask();
        try
        {
            var beat = beats.WaitForNextTickAsync(stop.Token).AsTask();
            T? shown = null;
            while (true)
            {
                await Task.WhenAny(change, beat);
                if (change.IsCompleted)
                {
                    if (!await change)
                    {
                        yield break;
                    }

                    shown = source.Current;
                    change = source.MoveNextAsync().AsTask();
                }
                else
                {
                    await beat;
                    beat = beats.WaitForNextTickAsync(stop.Token).AsTask();
                }

                if (shown is not null)
                {
                    yield return draw(shown);
                }
            }
        }
        finally
        {
            await stop.CancelAsync();
            await ((Task)change).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // it may not be disposed of while it reads
        }
    }
}
