using Microsoft.Data.Sqlite;
using Reconciler.Adapters.Sqlite;
using Reconciler.History;
using Reconciler.Model;
using Reconciler.Ports;
using Reconciler.Tests.Contracts;
using Reconciler.Tests.Making;
using Xunit;

namespace Reconciler.Tests.Adapters.Sqlite;

public sealed class SqliteOutboxTests : OutboxContract, IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly SqliteOutbox _outbox;
    private SqliteLedger _ledger;

    public SqliteOutboxTests()
    {
        _ledger = SqliteLedger.Open(File, Clock);
        _outbox = new SqliteOutbox(() => _ledger, Clock);
    }

    private protected override IOutbox Outbox => _outbox;

    private protected override ILedger Ledger => _ledger;

    private string File => Path.Combine(_folder.Path, "ledger.db");

    [Fact]
    public void Waiting_AfterARestart_IsStillThere()
    {
        _ledger.Append(new LedgerEvent.Resumed(), Actor.Daemon, null, [Status("building")]);
        _ledger.Dispose();
        _ledger = SqliteLedger.Open(File, Clock);

        Assert.Equal(Status("building"), Assert.Single(_outbox.Waiting(10)).Message);
    }

    [Fact]
    public void Open_OfALedgerWithoutOutbox_AddsOneAndKeepsTheFacts()
    {
        _ledger.Append(new LedgerEvent.Resumed(), Actor.Daemon);
        _ledger.Dispose();
        Change("DROP TABLE outbox; PRAGMA user_version = 1");

        _ledger = SqliteLedger.Open(File, Clock);

        Assert.Equal(1, _ledger.Position);
        Assert.Null(_ledger.Verify().Fault);
        Assert.Empty(_outbox.Waiting(10));
    }

    [Fact]
    public void Waiting_OfAMessageNobodyKnows_SaysWhichAndChangesNothing()
    {
        _ledger.Append(new LedgerEvent.Resumed(), Actor.Daemon, null, [Status("building")]);
        Change("""UPDATE outbox SET message = '{"kind":"telegram"}'""");

        var trouble = Assert.Throws<InvalidLedgerException>(() => _outbox.Waiting(10));

        Assert.Contains("Message 1 of the outbox cannot be read", trouble.Message, StringComparison.Ordinal);
        Assert.Equal(1, _outbox.State().Waiting);
    }

    [Fact]
    public void Sent_KeepsTheListShort_AndTheNewestOfEachSubject()
    {
        var first = new ForgeMessage.PlanReported(7, A.Revision("r7"), new PlanReport.Failed(new Failure.BuildFailed(""), TimeSpan.Zero));
        _outbox.Add([first]);
        _outbox.Sent(1, null, []);
        for (var i = 0; i < 2_100; i++)
        {
            _outbox.Add([Status($"round {i}")]);
        }

        _outbox.Sent(_outbox.Waiting(1)[0].Number, null, []);

        Assert.Equal(first.Head, Assert.IsType<ForgeMessage.PlanReported>(_outbox.Newest(first.Subject)!.Message).Head);
        Assert.InRange(Number("SELECT count(*) FROM outbox"), 1_900, 2_010);
    }

    public void Dispose()
    {
        _ledger.Dispose();
        _folder.Dispose();
    }

    private static ForgeMessage.CommitStatus Status(string description) =>
        new(A.Revision("r1"), StatusKind.Deployment, CommitState.Pending, description, null);

    private void Change(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        connection.Execute(sql);
    }

    private long Number(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        return connection.Number(sql);
    }
}
