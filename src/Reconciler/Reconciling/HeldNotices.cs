using System.Collections.Immutable;
using Reconciler.Planning;
using Reconciler.Ports;

namespace Reconciler.Reconciling;

/// <summary>Gives people word when one kind of reason has held for long.</summary>
/// <param name="outbox">Takes what is to be told.</param>
/// <param name="channels">Who wants to hear of it.</param>
/// <param name="patience">How long is long.</param>
/// <param name="sender">Is signalled when there is something to send.</param>
/// <param name="clock">The time.</param>
internal sealed class HeldNotices(IOutbox outbox, ImmutableArray<NoticeChannel> channels, TimeSpan patience, TriggerQueue sender, TimeProvider clock) : IDisposable
{
    private readonly Lock _lock = new();
    private ITimer? _alarm;
    private HoldReason? _reason;

    /// <summary>Hears of a reason to hold that is new. While it stays of its kind, its time goes on.</summary>
    public void Hear(HoldReason reason)
    {
        lock (_lock)
        {
            var isSame = reason.GetType() == _reason?.GetType();
            _reason = reason;
            if (isSame)
            {
                return;
            }

            _alarm?.Dispose();
            _alarm = NoticeTelling.IsWorthATelling(reason) ? clock.CreateTimer(_ => Tell(), null, patience, Timeout.InfiniteTimeSpan) : null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _alarm?.Dispose();
            _alarm = null;
        }
    }

    private void Tell()
    {
        HoldReason reason;
        lock (_lock)
        {
            if (_alarm is null || _reason is not { } held)
            {
                return;
            }

            reason = held;
        }

        try
        {
            outbox.Add(NoticeTelling.Of(reason, channels));
            sender.Signal("held");
        }
        catch (Exception e) when (e is LedgerUnavailableException or History.InvalidLedgerException)
        {
            // The status says that the ledger is in trouble; word of less can wait for the next start.
        }
    }
}
