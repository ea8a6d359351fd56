using System.Diagnostics;
using Reconciler.Adapters.Sqlite;
using Reconciler.History;
using Reconciler.Model;
using Reconciler.Tests.Making;
using Xunit;

namespace Reconciler.Tests.Adapters.Sqlite;

/// <summary>What the ledger costs. Asserts nothing about time; run by name to read the numbers.</summary>
public sealed class SqliteLedgerMeasurements(ITestOutputHelper output) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Explicit = true)]
    public void Measure()
    {
        var facts = EveryCase.Of<LedgerEvent>();
        var path = _folder.At("ledger.db");
        using (var ledger = SqliteLedger.Open(path, TimeProvider.System))
        {
            Time("append", 10_000, i => ledger.Append(facts[i % facts.Count], Actor.Daemon));
            Time("read with nothing new", 1_000_000, _ => ledger.ReadAfter(10_000));
            Time("read the last entry", 1_000, _ => ledger.ReadAfter(9_999));
        }

        Time("open", 1, _ => SqliteLedger.Open(path, TimeProvider.System).Dispose());
        using var again = SqliteLedger.Open(path, TimeProvider.System);
        Time("read 10,000 entries, the first time", 1, _ => Assert.Equal(10_000, again.ReadAfter(0).Count));
        Time("read 10,000 entries", 5, _ => again.ReadAfter(0));
        Time("verify 10,000 entries", 5, _ => Assert.Null(again.Verify().Fault));
        output.WriteLine($"size of 10,000 entries: {new FileInfo(path).Length / 1024} KiB");
    }

    private void Time(string what, int count, Action<int> act)
    {
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            act(i);
        }

        output.WriteLine($"{what}: {Stopwatch.GetElapsedTime(began).TotalMicroseconds / count:0.###} µs");
    }
}
