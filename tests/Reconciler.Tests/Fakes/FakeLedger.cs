using System.Collections.Immutable;
using Reconciler.History;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Tests.Fakes;

/// <summary>A ledger in memory. It outlives whoever writes to it, as a disk does, and can be made to fail at any append.</summary>
internal sealed class FakeLedger(TimeProvider clock, FakeOutbox? outbox = null) : ILedger
{
    private readonly Lock _gate = new();
    private readonly List<LedgerEntry> _entries = [];

    /// <summary>Called before a fact is kept; what it throws leaves the ledger as it was.</summary>
    public Action<LedgerEvent>? BeforeAppend { get; set; }

    /// <summary>Called after a fact is kept and before its writer hears of it; what it throws is a crash between the two.</summary>
    public Action<LedgerEvent>? AfterAppend { get; set; }

    /// <summary>All entries, in order.</summary>
    public IReadOnlyList<LedgerEntry> Entries => _entries;

    public long Position => _entries.Count;

    public string HeadHash => _entries.Count == 0 ? "" : _entries.Count.ToString("x64");

    public LedgerEntry Append(LedgerEvent fact, Actor actor, long? onlyAfter = null, ImmutableArray<ForgeMessage> messages = default)
    {
        lock (_gate)
        {
            if (onlyAfter is { } expected && expected != Position)
            {
                throw new LedgerMovedException($"The ledger is at entry {Position}, not at {expected}.");
            }

            BeforeAppend?.Invoke(fact);
            var at = DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());
            var entry = new LedgerEntry(Position + 1, at, actor, fact);
            _entries.Add(entry);
            outbox?.Take(messages);
            AfterAppend?.Invoke(fact);
            return entry;
        }
    }

    public IReadOnlyList<LedgerEntry> ReadAfter(long position)
    {
        lock (_gate)
        {
            return position >= _entries.Count ? [] : _entries.GetRange((int)position, _entries.Count - (int)position);
        }
    }

    public LedgerVerdict Verify() => new(Position, HeadHash, Fault: null);
}
