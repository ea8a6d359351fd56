using System.Globalization;

namespace Reconciler.Adapters.Nix;

/// <summary>Watches a process that is no child of the daemon, without starting another to ask.</summary>
/// <param name="processes">The kernel's folder of processes.</param>
internal sealed class ProcessWatch(string processes, TimeProvider clock)
{
    private const double Lateness = 0.01;
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits until a process is gone.</summary>
    /// <param name="process">Its id; one of a process that was never there is gone at once.</param>
    /// <param name="began">Timestamp at which it began: the longer ago, the rarer a look, so that the end is seen late by a hundredth of its length, 5 to 100 ms.</param>
    /// <param name="atMost">Whoever has the id is watched no longer than this: the id may have gone to another process.</param>
    /// <param name="onLook">Called at each look.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether it was there at the first look.</returns>
    public async Task<bool> UntilGoneAsync(int process, long began, TimeSpan atMost, Action onLook, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(processes, process.ToString(CultureInfo.InvariantCulture));
        var (since, wasThere) = (clock.GetTimestamp(), false);
        while (Directory.Exists(folder) && clock.GetElapsedTime(since) < atMost)
        {
            wasThere = true;
            onLook();
            var pause = clock.GetElapsedTime(began) * Lateness;
            await Task.Delay(pause < ShortestPause ? ShortestPause : pause > LongestPause ? LongestPause : pause, clock, cancellationToken);
        }

        return wasThere;
    }
}
