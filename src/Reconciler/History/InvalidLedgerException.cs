namespace Reconciler.History;

/// <summary>The ledger's facts contradict each other, or it cannot be read at all. Nothing may be done on the host until a person looked.</summary>
internal sealed class InvalidLedgerException : Exception
{
    public InvalidLedgerException()
    {
    }

    public InvalidLedgerException(string message)
        : base(message)
    {
    }

    public InvalidLedgerException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
