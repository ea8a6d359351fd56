using System.Collections.Immutable;
using Reconciler.History;
using Reconciler.Model;

namespace Reconciler.Ports;

/// <summary>The append-only record of this host. One writer process; safe to call from several threads.</summary>
internal interface ILedger
{
    /// <summary>Position of the last entry; 0 when empty.</summary>
    long Position { get; }

    /// <summary>Appends a fact. It is on disk when this returns.</summary>
    /// <param name="fact">What happened or is about to.</param>
    /// <param name="actor">Who asked for it.</param>
    /// <param name="onlyAfter">When given, the fact is appended only if this is still the last position.</param>
    /// <param name="messages">What a forge is to be told of it: into the outbox together with the fact, both or neither.</param>
    /// <exception cref="LedgerMovedException">Another entry came in between; nothing was written.</exception>
    /// <exception cref="LedgerUnavailableException">
    /// The disk is full, read-only or broken; nothing was written. When only the last flush to disk failed, the entry may still show itself
    /// in a later read, as after a power cut: read before acting on, or give <paramref name="onlyAfter"/>.
    /// </exception>
    LedgerEntry Append(LedgerEvent fact, Actor actor, long? onlyAfter = null, ImmutableArray<ForgeMessage> messages = default);

    /// <summary>All entries after a position, in order.</summary>
    /// <exception cref="LedgerUnavailableException">It cannot be read now.</exception>
    /// <exception cref="InvalidLedgerException">It was read and makes no sense: an unknown fact, a gap, text that is no fact.</exception>
    IReadOnlyList<LedgerEntry> ReadAfter(long position);

    /// <summary>Hash of the last entry, in lower-case hexadecimal; empty when there is none.</summary>
    string HeadHash { get; }

    /// <summary>Walks the whole hash chain.</summary>
    LedgerVerdict Verify();
}

/// <summary>What a walk over the hash chain found.</summary>
/// <param name="Entries">How many entries were walked.</param>
/// <param name="HeadHash">Hash of the last sound entry, in lower-case hexadecimal; empty when there is none.</param>
/// <param name="Fault">The first thing that is wrong, with its position; null when the chain is whole.</param>
internal sealed record LedgerVerdict(long Entries, string HeadHash, string? Fault)
{
    /// <summary>What no walk over the chain can find out; said wherever a verdict is shown.</summary>
    public const string CannotSee =
        "A whole chain shows that no entry was edited, moved, inserted or removed from the middle. It cannot show that entries were cut off "
        + "at the end, or that the whole chain was written anew: compare the number of entries and the last hash with a copy kept off this host.";
}

/// <summary>Another entry was appended first.</summary>
internal sealed class LedgerMovedException : Exception
{
    public LedgerMovedException()
    {
    }

    public LedgerMovedException(string message)
        : base(message)
    {
    }

    public LedgerMovedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>The ledger cannot be read or written now; its message names cause and cure. Worth another try later.</summary>
internal class LedgerUnavailableException : Exception
{
    public LedgerUnavailableException()
    {
    }

    public LedgerUnavailableException(string message)
        : base(message)
    {
    }

    public LedgerUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>Another Reconciler has the ledger: this one must not run beside it.</summary>
internal sealed class LedgerInUseException : LedgerUnavailableException
{
    public LedgerInUseException()
    {
    }

    public LedgerInUseException(string message)
        : base(message)
    {
    }

    public LedgerInUseException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>There is no ledger at its place.</summary>
internal sealed class LedgerMissingException : LedgerUnavailableException
{
    public LedgerMissingException()
    {
    }

    public LedgerMissingException(string message)
        : base(message)
    {
    }

    public LedgerMissingException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>This user may not read or write the ledger.</summary>
internal sealed class LedgerForbiddenException : LedgerUnavailableException
{
    public LedgerForbiddenException()
    {
    }

    public LedgerForbiddenException(string message)
        : base(message)
    {
    }

    public LedgerForbiddenException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
