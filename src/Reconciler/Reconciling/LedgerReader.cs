using Reconciler.History;
using Reconciler.Ports;

namespace Reconciler.Reconciling;

/// <summary>Follows the ledger and keeps its fold, so that a look at an unchanged ledger reads nothing.</summary>
internal sealed class LedgerReader(ILedger ledger)
{
    private readonly Lock _lock = new();
    private HostHistory _history = HostHistory.Empty;

    /// <summary>What the ledger says now.</summary>
    /// <exception cref="LedgerUnavailableException">It cannot be read now.</exception>
    /// <exception cref="InvalidLedgerException">It makes no sense.</exception>
    public HostHistory Read()
    {
        lock (_lock)
        {
            if (ledger.Position != _history.Position)
            {
                _history = ledger.ReadAfter(_history.Position).Aggregate(_history, (history, entry) => history.Then(entry));
            }

            return _history;
        }
    }
}
