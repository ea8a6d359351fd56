using System.Collections.Immutable;
using Reconciler.History;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Adapters.Sqlite;

/// <summary>
/// A ledger that is opened when it is first needed, and again after it could not be. A daemon whose disk is full or whose file is damaged can so
/// start, say what is wrong, and go on by itself once that is mended.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="clock">The time.</param>
/// <param name="forge">Which forge and repository its outbox is for; empty for none.</param>
internal sealed class PatientLedger(string path, TimeProvider clock, string forge = "") : ILedger, IDisposable
{
    private readonly Lock _lock = new();
    private SqliteLedger? _ledger;

    /// <inheritdoc/>
    public long Position => Opened.Position;

    /// <inheritdoc/>
    public string HeadHash => Opened.HeadHash;

    /// <summary>The ledger itself.</summary>
    /// <exception cref="LedgerUnavailableException">It cannot be opened now.</exception>
    /// <exception cref="InvalidLedgerException">It is damaged, or something else.</exception>
    public SqliteLedger Opened
    {
        get
        {
            lock (_lock)
            {
                return _ledger ??= Open();
            }
        }
    }

    /// <inheritdoc/>
    public LedgerEntry Append(LedgerEvent fact, Actor actor, long? onlyAfter = null, ImmutableArray<ForgeMessage> messages = default) =>
        Opened.Append(fact, actor, onlyAfter, messages);

    /// <inheritdoc/>
    public IReadOnlyList<LedgerEntry> ReadAfter(long position) => Opened.ReadAfter(position);

    /// <inheritdoc/>
    public LedgerVerdict Verify() => Opened.Verify();

    /// <inheritdoc/>
    public void Dispose() => _ledger?.Dispose();

    private SqliteLedger Open()
    {
        SqliteLedger? opened = null;
        try
        {
            opened = SqliteLedger.Open(path, clock);
            opened.Transact(connection => OutboxTable.BelongTo(connection, forge, clock.GetUtcNow().ToUnixTimeMilliseconds()));
            var ledger = opened;
            opened = null;
            return ledger;
        }
        finally
        {
            opened?.Dispose();
        }
    }
}
