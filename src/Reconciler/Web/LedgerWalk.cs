using Reconciler.Ports;
using Reconciler.Wire;

namespace Reconciler.Web;

/// <summary>Walks the ledger's chain for whoever asks, and not more often than once a minute, since a walk reads all of it.</summary>
internal sealed class LedgerWalk(ILedger ledger, TimeProvider clock)
{
    /// <summary>How long a verdict stands.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private Task<Walked>? _walk;
    private DateTimeOffset _walkedAt;

    /// <summary>The ledger's state.</summary>
    public async Task<LedgerStateDocument> StateAsync(CancellationToken cancellationToken)
    {
        var walked = await Fresh().WaitAsync(cancellationToken);
        return new LedgerStateDocument(ledger.Position, ledger.HeadHash, walked.At, LedgerVerdictDocument.Of(walked.Verdict));
    }

    // Those who ask while it is walked wait for the same walk.
    private Task<Walked> Fresh()
    {
        lock (_gate)
        {
            if (_walk is null or { IsFaulted: true } || (_walk.IsCompleted && clock.GetUtcNow() - _walkedAt >= Freshness))
            {
                _walk = Task.Run(Walk);
            }

            return _walk;
        }
    }

    private Walked Walk()
    {
        var walked = new Walked(clock.GetUtcNow(), ledger.Verify());
        lock (_gate)
        {
            _walkedAt = walked.At;
        }

        return walked;
    }

    private sealed record Walked(DateTimeOffset At, LedgerVerdict Verdict);
}
