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

    /// <summary>Takes a hint that is there already.</summary>
    public bool TryTake() => _hints.Reader.TryRead(out _);
}
