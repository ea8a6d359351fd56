using System.Threading.Channels;

namespace Reconciler.Reconciling;

/// <summary>Makes one look of many hints. A trigger only means "look now"; what it was about is for the log.</summary>
internal sealed class TriggerQueue
{
    private readonly Channel<string> _hints = Channel.CreateBounded<string>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = false });

    /// <summary>Asks for a look. Returns at once; further hints until the look begins are one with this.</summary>
    /// <param name="why">What it is about, for the log.</param>
    public void Signal(string why) => _hints.Writer.TryWrite(why);

    /// <summary>Ends when a look was asked for, and takes the hint.</summary>
    public ValueTask<string> NextAsync(CancellationToken cancellationToken) => _hints.Reader.ReadAsync(cancellationToken);

    /// <summary>Ends when a look was asked for, or it is time for one without.</summary>
    /// <param name="until">When it is time; null for not before <paramref name="longest"/> is over.</param>
    /// <param name="longest">It is time after so long in any case: a clock that is set back must make nobody wait for ever.</param>
    /// <param name="clock">Tells the time.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task NextAsync(DateTimeOffset? until, TimeSpan longest, TimeProvider clock, CancellationToken cancellationToken)
    {
        var wait = until is { } instant ? instant - clock.GetUtcNow() : longest;
        wait = wait < TimeSpan.Zero ? TimeSpan.Zero : wait < longest ? wait : longest;
        using var alarm = clock.CreateTimer(static queue => ((TriggerQueue)queue!).Signal("time"), this, wait, Timeout.InfiniteTimeSpan);
        await NextAsync(cancellationToken);
    }

    /// <summary>Takes a hint that is there already.</summary>
    public bool TryTake() => _hints.Reader.TryRead(out _);
}
