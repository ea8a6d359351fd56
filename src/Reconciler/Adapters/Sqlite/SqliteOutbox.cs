using System.Collections.Immutable;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Adapters.Sqlite;

/// <summary>The outbox in the file of the ledger.</summary>
/// <param name="ledger">Opens the ledger when it is needed.</param>
/// <param name="clock">The time.</param>
internal sealed class SqliteOutbox(Func<SqliteLedger> ledger, TimeProvider clock) : IOutbox
{
    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <inheritdoc/>
    public void Add(ImmutableArray<ForgeMessage> messages) => ledger().Transact(connection =>
    {
        foreach (var message in messages)
        {
            OutboxTable.AddIfNew(connection, message, Now);
        }

        return true;
    });

    /// <inheritdoc/>
    public ImmutableArray<OutboxEntry> Due(int limit) => ledger().Look(connection => OutboxTable.Due(connection, limit, Now));

    /// <inheritdoc/>
    public void Sent(long number, Uri? link, ImmutableArray<ForgeMessage> next) => ledger().Transact(connection =>
    {
        OutboxTable.End(connection, number, "sent", trouble: null, link?.AbsoluteUri, Now);
        foreach (var message in next)
        {
            OutboxTable.Add(connection, message, Now);
        }

        return true;
    });

    /// <inheritdoc/>
    public void Postpone(long number, string detail, DateTimeOffset until) => ledger().Transact(connection =>
    {
        OutboxTable.Postpone(connection, number, detail, until.ToUnixTimeMilliseconds());
        return true;
    });

    /// <inheritdoc/>
    public void GiveUp(long number, string reason) => ledger().Transact(connection =>
    {
        OutboxTable.End(connection, number, "given-up", reason, link: null, Now);
        return true;
    });

    /// <inheritdoc/>
    public OutboxEntry? Newest(string subject) => ledger().Look(connection => OutboxTable.Newest(connection, subject));

    /// <inheritdoc/>
    public OutboxState State() => ledger().Look(OutboxTable.State);
}
