using Reconciler.Ports;
using Reconciler.Tests.Fakes;

namespace Reconciler.Tests.Contracts;

public sealed class FakeOutboxTests : OutboxContract
{
    private readonly FakeOutbox _outbox;

    public FakeOutboxTests() => (_outbox, Ledger) = Make(Clock);

    private protected override IOutbox Outbox => _outbox;

    private protected override ILedger Ledger { get; }

    private static (FakeOutbox Outbox, FakeLedger Ledger) Make(TimeProvider clock)
    {
        var outbox = new FakeOutbox(clock);
        return (outbox, new FakeLedger(clock, outbox));
    }
}
