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
    public void Due_AfterARestart_IsStillThere()
    {
        _ledger.Append(new LedgerEvent.Resumed(), Actor.Daemon, null, [Status("building")]);
        _ledger.Dispose();
        _ledger = SqliteLedger.Open(File, Clock);

        Assert.Equal(Status("building"), Assert.Single(_outbox.Due(10)).Message);
    }

    [Fact]
    public void Open_OfALedgerWithoutOutbox_AddsOneAndKeepsFactsAndVersion()
    {
        _ledger.Append(new LedgerEvent.Resumed(), Actor.Daemon);
        _ledger.Dispose();
        var before = Number("PRAGMA user_version");
        Change("DROP TABLE outbox; DROP TABLE outbox_forge");

        _ledger = SqliteLedger.Open(File, Clock);

        Assert.Equal((1, before), (_ledger.Position, Number("PRAGMA user_version")));
        Assert.Null(_ledger.Verify().Fault);
        Assert.Empty(_outbox.Due(10));
    }

    [Fact]
    public void Due_GivesUpAMessageNobodyKnows_AndGivesTheOthers()
    {
        _ledger.Append(new LedgerEvent.Resumed(), Actor.Daemon, null, [Status("building")]);
        Change("""UPDATE outbox SET message = '{"kind":"telegram"}', subject = 'telegram'""");
        _outbox.Add([Status("on trial")]);

        Assert.Equal(Status("on trial"), Assert.Single(_outbox.Due(10)).Message);

        Assert.Contains("Message 1 of the outbox cannot be read", _outbox.State().LastGivenUp, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ForAnotherForge_GivesUpWhatWaits_AndForgetsWhatWasTold()
    {
        _ledger.Dispose();
        var plan = new ForgeMessage.PlanReported(7, A.Revision("r7"), new PlanReport.Failed(new Failure.BuildFailed(""), TimeSpan.Zero));
        using (var first = new PatientLedger(File, Clock, "https://api.github.com acme/infra"))
        {
            var outbox = new SqliteOutbox(() => first.Opened, Clock);
            outbox.Add([plan]);
            outbox.Sent(1, null, []);
            first.Append(new LedgerEvent.Resumed(), Actor.Daemon, null, [Status("building")]);
        }

        using (var same = new PatientLedger(File, Clock, "https://api.github.com acme/infra"))
        {
            Assert.Single(new SqliteOutbox(() => same.Opened, Clock).Due(10));
        }

        using var other = new PatientLedger(File, Clock, "https://codeberg.org/api/v1 acme/infra");
        var moved = new SqliteOutbox(() => other.Opened, Clock);

        Assert.Empty(moved.Due(10));
        Assert.Null(moved.Newest(plan.Subject));
        Assert.Equal("it was meant for another forge or repository", moved.State().LastGivenUp);
        Assert.Equal(1, other.Position);
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

        _outbox.Sent(_outbox.Due(1)[0].Number, null, []);

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
