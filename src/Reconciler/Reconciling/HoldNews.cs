using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Ports;

namespace Reconciler.Reconciling;

/// <summary>Tells the forge why nothing moves, as the status of the commit that waits.</summary>
/// <param name="outbox">Takes what is to be told.</param>
/// <param name="board">Knows what is wanted and what runs.</param>
/// <param name="sender">Is signalled when there is something to send.</param>
internal sealed class HoldNews(IOutbox outbox, IStatusBoard board, TriggerQueue sender)
{
    /// <summary>Hears of a reason to hold that is new.</summary>
    public void Hear(HoldReason reason)
    {
        var status = board.Current;
        var wanted = (status.Selection as Selection.Wanted)?.Candidate.Revision;
        if (ForgeTelling.Of(reason, wanted, status.History.Applied?.Revision) is { } message)
        {
            outbox.Add([message]);
            sender.Signal("held");
        }
    }
}
