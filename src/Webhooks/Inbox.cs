using System.Threading.Channels;

namespace Webhooks;

/// <summary>
/// The bounded queue and the memory of what went into it, changed together: a delivery the queue has no room for is not remembered, so it is
/// accepted when it is sent again, and two copies that arrive at once are heard once.
/// </summary>
internal sealed class Inbox(int size, DeliveryMemory memory)
{
    private readonly Lock _lock = new();
    private readonly Channel<Hint> _hints = Channel.CreateBounded<Hint>(new BoundedChannelOptions(size) { SingleReader = true });
    private readonly Channel<bool> _changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>What waits for the listener.</summary>
    public ChannelReader<Hint> Hints => _hints.Reader;

    /// <summary>Has something whenever deliveries were added since it was last read.</summary>
    public ChannelReader<bool> Changed => _changed.Reader;

    /// <summary>The fingerprints of what was heard, oldest first.</summary>
    public IReadOnlyList<UInt128> Remembered
    {
        get
        {
            lock (_lock)
            {
                return memory.All;
            }
        }
    }

    public bool Knows(UInt128 fingerprint)
    {
        lock (_lock)
        {
            return memory.Knows(fingerprint);
        }
    }

    /// <summary>Puts a hint into the queue, once.</summary>
    public WebhookOutcome Put(UInt128 fingerprint, Hint hint)
    {
        lock (_lock)
        {
            if (memory.Knows(fingerprint))
            {
                return WebhookOutcome.AlreadyHeard;
            }

            if (!_hints.Writer.TryWrite(hint))
            {
                return WebhookOutcome.QueueFull;
            }

            memory.Remember(fingerprint);
        }

        _changed.Writer.TryWrite(true);
        return WebhookOutcome.Accepted;
    }
}
