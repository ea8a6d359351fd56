using System.Collections.Immutable;
using Reconciler.History;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Reconciling;

/// <summary>A ledger that puts into the outbox, with each fact, what is to be told of it.</summary>
/// <param name="ledger">Keeps facts and messages.</param>
/// <param name="reader">Its fold.</param>
/// <param name="tell">What a fact gives to tell, by the history before it and with it.</param>
/// <param name="clock">The time.</param>
/// <param name="wake">Is signalled when there is something to send.</param>
internal sealed class TellingLedger(
    ILedger ledger, LedgerReader reader, Func<HostHistory, HostHistory, LedgerEvent, ImmutableArray<ForgeMessage>> tell, TimeProvider clock, TriggerQueue wake) : ILedger
{
    /// <inheritdoc/>
    public long Position => ledger.Position;

    /// <inheritdoc/>
    public string HeadHash => ledger.HeadHash;

    /// <inheritdoc/>
    public LedgerEntry Append(LedgerEvent fact, Actor actor, long? onlyAfter = null, ImmutableArray<ForgeMessage> messages = default)
    {
        while (true)
        {
            // The messages are those of this history: should another fact come first, they are made anew.
            var before = reader.Read();
            if (onlyAfter is { } expected && expected != before.Position)
            {
                throw new LedgerMovedException($"The ledger is at entry {before.Position}, not at {expected}: another entry was appended first.");
            }

            var after = before.Then(new LedgerEntry(before.Position + 1, clock.GetUtcNow(), actor, fact));
            var told = tell(before, after, fact);
            try
            {
                var entry = ledger.Append(fact, actor, before.Position, messages.IsDefault ? told : messages.AddRange(told));
                if (!told.IsEmpty)
                {
                    wake.Signal("told");
                }

                return entry;
            }
            catch (LedgerMovedException) when (onlyAfter is null)
            {
                // Somebody spoke in this instant.
            }
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<LedgerEntry> ReadAfter(long position) => ledger.ReadAfter(position);

    /// <inheritdoc/>
    public LedgerVerdict Verify() => ledger.Verify();
}
