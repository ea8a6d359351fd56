using Reconciler.History;
using Reconciler.Model;
using Reconciler.Ports;
using Reconciler.Tests.Fakes;
using Xunit;

namespace Reconciler.Tests.Contracts;

public sealed class FakeLedgerTests : LedgerContract
{
    private readonly FakeLedger _ledger;

    public FakeLedgerTests() => _ledger = new FakeLedger(Clock);

    private protected override ILedger Ledger => _ledger;

    [Fact]
    public void BeforeAppend_ThatThrows_LeavesTheLedgerAsItWas()
    {
        _ledger.BeforeAppend = _ => throw new LedgerUnavailableException("full");

        Assert.Throws<LedgerUnavailableException>(() => _ledger.Append(new LedgerEvent.Resumed(), Actor.Daemon));

        Assert.Empty(_ledger.Entries);
    }

    [Fact]
    public void AfterAppend_ThatThrows_HasKeptTheFact()
    {
        _ledger.AfterAppend = _ => throw new InvalidOperationException("crash");

        Assert.Throws<InvalidOperationException>(() => _ledger.Append(new LedgerEvent.Resumed(), Actor.Daemon));

        Assert.Single(_ledger.Entries);
    }
}
