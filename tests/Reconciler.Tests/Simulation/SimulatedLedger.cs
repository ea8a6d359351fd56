using System.Collections.Immutable;
using Reconciler.History;
using Reconciler.Model;
using Reconciler.Ports;
using Reconciler.Tests.Fakes;

namespace Reconciler.Tests.Simulation;

/// <summary>A ledger in memory that survives the daemon, with a disk that may be full and a daemon that may die on either side of an append.</summary>
internal sealed class SimulatedLedger(TimeProvider clock, Chance chance, FakeOutbox outbox) : ILedger
{
    private readonly List<LedgerEntry> _entries = [];

    /// <summary>The time of the daemon that has it open.</summary>
    public TimeProvider Clock { get; set; } = clock;

    public IReadOnlyList<LedgerEntry> Entries => _entries;

    public long Position => _entries.Count;

    public string HeadHash => $"{_entries.Count:x8}";

    public LedgerEntry Append(LedgerEvent fact, Actor actor, long? onlyAfter = null, ImmutableArray<ForgeMessage> messages = default)
    {
        if (onlyAfter is { } position && position != Position)
        {
            throw new LedgerMovedException($"{Position} is not {position}");
        }

        StrikeAt(true, fact);
        if (chance.Of(chance.LedgerTrouble))
        {
            throw new LedgerUnavailableException("the disk is full");
        }

        var entry = new LedgerEntry(Position + 1, Clock.GetUtcNow(), actor, fact);
        _entries.Add(entry);
        outbox.Take(messages);
        StrikeAt(false, fact);
        return entry;
    }

    public IReadOnlyList<LedgerEntry> ReadAfter(long position) => _entries.GetRange((int)position, _entries.Count - (int)position);

    public LedgerVerdict Verify() => new(Position, HeadHash, null);

    // An append cannot be left hanging as an awaited port can.
    private void StrikeAt(bool before, LedgerEvent fact)
    {
        if (chance.Strikes("at an append"))
        {
            chance.Die($"{chance.Death} ({(before ? "before" : "after")} {fact.GetType().Name})");
            throw new Crash(chance.Death!);
        }
    }
}
