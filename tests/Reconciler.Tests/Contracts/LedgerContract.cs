using Microsoft.Extensions.Time.Testing;
using Reconciler.History;
using Reconciler.Model;
using Reconciler.Ports;
using Reconciler.Tests.Making;
using Xunit;

namespace Reconciler.Tests.Contracts;

/// <summary>What every ledger keeps to.</summary>
public abstract class LedgerContract
{
    private static readonly LedgerEvent Fact = new LedgerEvent.Suspended("maintenance");

    private protected FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero));

    private protected abstract ILedger Ledger { get; }

    [Fact]
    public void Position_WhenEmpty_IsZero()
    {
        Assert.Equal(0, Ledger.Position);
        Assert.Equal("", Ledger.HeadHash);
        Assert.Empty(Ledger.ReadAfter(0));
        Assert.Equal(new LedgerVerdict(0, "", null), Ledger.Verify());
    }

    [Fact]
    public void Append_CountsFromOneWithoutGaps()
    {
        for (var i = 1; i <= 5; i++)
        {
            Assert.Equal(i, Ledger.Append(Fact, Actor.Daemon).Position);
            Assert.Equal(i, Ledger.Position);
        }

        Assert.Equal([1L, 2, 3, 4, 5], Ledger.ReadAfter(0).Select(e => e.Position));
    }

    [Fact]
    public void Append_EveryKindOfFact_IsReadBackAsItWasReturned()
    {
        var returned = EveryCase.Of<LedgerEvent>().Select((fact, i) => Ledger.Append(fact, i % 2 == 0 ? Actor.Daemon : Actor.Operator("ada"))).ToList();

        Assert.Equal(returned.Select(InFull.Of), Ledger.ReadAfter(0).Select(InFull.Of));
        Assert.Null(Ledger.Verify().Fault);
    }

    [Fact]
    public void Append_EveryKindOfFact_KeepsItExactly()
    {
        foreach (var fact in EveryCase.Of<LedgerEvent>())
        {
            Assert.Equal(InFull.Of(fact), InFull.Of(Ledger.Append(fact, Actor.Daemon).Fact));
        }
    }

    [Fact]
    public void Append_CutsItsTimeToMilliseconds()
    {
        Clock.Advance(TimeSpan.FromTicks(12_345_678));

        var entry = Ledger.Append(Fact, Actor.Daemon);

        Assert.Equal(new DateTimeOffset(2026, 3, 1, 8, 0, 1, 234, TimeSpan.Zero), entry.At);
        Assert.Equal(entry.At, Assert.Single(Ledger.ReadAfter(0)).At);
    }

    [Fact]
    public void Append_WithAClockSetBack_KeepsTheOrderOfPositions()
    {
        Ledger.Append(Fact, Actor.Daemon);
        Clock.AdjustTime(Clock.GetUtcNow() - TimeSpan.FromHours(1));
        Ledger.Append(Fact, Actor.Daemon);

        var entries = Ledger.ReadAfter(0);
        Assert.True(entries[1].At < entries[0].At);
        Assert.Null(Ledger.Verify().Fault);
    }

    [Fact]
    public void Append_OnlyAfterAnOlderPosition_ThrowsAndWritesNothing()
    {
        Ledger.Append(Fact, Actor.Daemon);
        Ledger.Append(Fact, Actor.Daemon, onlyAfter: 1);

        Assert.Throws<LedgerMovedException>(() => Ledger.Append(Fact, Actor.Daemon, onlyAfter: 1));
        Assert.Throws<LedgerMovedException>(() => Ledger.Append(Fact, Actor.Daemon, onlyAfter: 3));

        Assert.Equal(2, Ledger.Position);
        Assert.Equal(3, Ledger.Append(Fact, Actor.Daemon, onlyAfter: 2).Position);
    }

    [Fact]
    public void ReadAfter_GivesOnlyWhatIsNewer()
    {
        for (var i = 0; i < 3; i++)
        {
            Ledger.Append(Fact, Actor.Daemon);
        }

        Assert.Equal([2L, 3], Ledger.ReadAfter(1).Select(e => e.Position));
        Assert.Empty(Ledger.ReadAfter(3));
        Assert.Empty(Ledger.ReadAfter(99));
    }

    [Fact]
    public void HeadHash_ChangesWithEachAppend_AndIsTheVerdicts()
    {
        var hashes = new HashSet<string>();
        for (var i = 0; i < 3; i++)
        {
            Ledger.Append(Fact, Actor.Daemon);
            Assert.Matches("^[0-9a-f]{64}$", Ledger.HeadHash);
            Assert.True(hashes.Add(Ledger.HeadHash));
            Assert.Equal(new LedgerVerdict(i + 1, Ledger.HeadHash, null), Ledger.Verify());
        }
    }

    [Fact]
    public async Task Append_FromManyThreads_LosesNothing()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(t => Task.Run(() =>
        {
            for (var i = 0; i < 25; i++)
            {
                Ledger.Append(new LedgerEvent.Suspended($"{t}/{i}"), Actor.Daemon);
                Ledger.ReadAfter(Ledger.Position - 1);
            }
        })));

        var entries = Ledger.ReadAfter(0);
        Assert.Equal(Enumerable.Range(1, 100).Select(i => (long)i), entries.Select(e => e.Position));
        Assert.Equal(100, entries.Select(e => ((LedgerEvent.Suspended)e.Fact).Reason).Distinct().Count());
        Assert.Null(Ledger.Verify().Fault);
    }
}
