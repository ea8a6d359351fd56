using Microsoft.Extensions.Logging;

namespace Reconciler.Reconciling;

internal sealed partial class ReconcileLoop
{
    [LoggerMessage(Message = "Holding: {Reason}. {Cure}")]
    private partial void LogHold(LogLevel level, string reason, string cure);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The ledger cannot be used, so nothing is done: {Detail}")]
    private partial void LogLedgerTrouble(string detail);

    [LoggerMessage(Level = LogLevel.Critical, Message = "A pass failed unexpectedly; the host is left as it is and looked at again later")]
    private partial void LogUnexpected(Exception exception);
}
