using Microsoft.Data.Sqlite;
using Reconciler.Adapters.Sqlite;
using Reconciler.History;
using Reconciler.Model;
using Reconciler.Ports;
using Reconciler.Tests.Contracts;
using Reconciler.Tests.Making;
using Xunit;

namespace Reconciler.Tests.Adapters.Sqlite;

public sealed class SqliteLedgerTests : LedgerContract, IDisposable
{
    private static readonly LedgerEvent Fact = new LedgerEvent.Suspended("maintenance");

    private readonly TempFolder _folder = new();
    private SqliteLedger _ledger;

    public SqliteLedgerTests() => _ledger = SqliteLedger.Open(LedgerFile, Clock);

    private protected override ILedger Ledger => _ledger;

    private string LedgerFile => _folder.At("state/ledger.db");

    public void Dispose()
    {
        _ledger.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Open_Again_GoesOnWhereItWas()
    {
        _ledger.Append(Fact, Actor.Operator("ada"));
        var head = _ledger.HeadHash;
        Reopen();

        Assert.Equal(1, _ledger.Position);
        Assert.Equal(head, _ledger.HeadHash);
        Assert.Equal(2, _ledger.Append(Fact, Actor.Daemon, onlyAfter: 1).Position);
        Assert.Null(_ledger.Verify().Fault);
    }

    [Fact]
    public void Open_WhileAnotherHasIt_IsRefusedByName()
    {
        var e = Assert.Throws<LedgerInUseException>(() => SqliteLedger.Open(LedgerFile, Clock));

        Assert.Contains("in use by another Reconciler", e.Message, StringComparison.Ordinal);
        Assert.Contains(LedgerFile, e.Message, StringComparison.Ordinal);
        Assert.Equal(1, _ledger.Append(Fact, Actor.Daemon).Position);
    }

    [Fact]
    public void Open_FlushesEachAppend()
    {
        // synchronous belongs to the connection, so the writer's own is asked.
        using var connection = LedgerConnection.Open(LedgerFile);
        Assert.Equal(2, connection.Number("PRAGMA synchronous"));
        using var mode = connection.Command("PRAGMA journal_mode");
        Assert.Equal("wal", mode.ExecuteScalar());
        Assert.Equal(Schema.ApplicationId, connection.Number("PRAGMA application_id"));
        Assert.Equal(Schema.Version, connection.Number("PRAGMA user_version"));
    }

    [Theory]
    [InlineData("UPDATE entry SET at = 0", "never changed")]
    [InlineData("DELETE FROM entry", "never removed")]
    [InlineData("INSERT OR REPLACE INTO entry SELECT * FROM entry WHERE position = 1", "follows the last")]
    [InlineData("INSERT INTO entry SELECT 9, at, actor_kind, actor_name, schema, kind, fact, hash, hash FROM entry WHERE position = 1", "follows the last")]
    [InlineData("INSERT INTO entry SELECT 2, at, actor_kind, actor_name, schema, kind, fact, previous, hash FROM entry WHERE position = 1", "follows the last")]
    public void Triggers_RefuseAnythingButAppending(string sql, string why)
    {
        _ledger.Append(Fact, Actor.Daemon);
        using var connection = Raw(LedgerFile);

        var e = Assert.Throws<SqliteException>(() => connection.Execute(sql));

        Assert.Contains(why, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_OfANewerVersion_IsRefusedWithoutHarm()
    {
        _ledger.Dispose();
        using (var connection = Raw(LedgerFile))
        {
            connection.Execute($"PRAGMA user_version = {Schema.Version + 1}");
        }

        var e = Assert.Throws<InvalidLedgerException>(() => SqliteLedger.Open(LedgerFile, Clock));

        Assert.Contains("written by a newer Reconciler", e.Message, StringComparison.Ordinal);
        Assert.Contains("written by a newer Reconciler", Assert.Throws<InvalidLedgerException>(() => SqliteLedger.OpenReadOnly(LedgerFile, Clock)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_OfAForeignDatabase_IsRefusedAndLeftAsItIs()
    {
        var foreign = _folder.At("foreign.db");
        using (var connection = Raw(foreign, create: true))
        {
            connection.Execute("CREATE TABLE entry (a)");
        }

        var before = File.ReadAllBytes(foreign);
        var e = Assert.Throws<InvalidLedgerException>(() => SqliteLedger.Open(foreign, Clock));

        Assert.Contains("not a Reconciler ledger", e.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(foreign));
    }

    [Fact]
    public void Open_OfAnythingElse_SaysItIsNoLedger()
    {
        var other = _folder.At("other.db");
        File.WriteAllText(other, new string('x', 5000));

        Assert.Contains("is not a ledger", Assert.Throws<InvalidLedgerException>(() => SqliteLedger.Open(other, Clock)).Message, StringComparison.Ordinal);
        Assert.Contains("is not a ledger", Assert.Throws<InvalidLedgerException>(() => SqliteLedger.OpenReadOnly(other, Clock)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadAfter_OfDamagedPages_SaysTheLedgerIsDamaged()
    {
        Fill(50);
        _ledger.Dispose();
        var bytes = File.ReadAllBytes(LedgerFile);
        bytes.AsSpan(4096).Fill(0xAA);
        File.WriteAllBytes(LedgerFile, bytes);

        var e = Assert.Throws<InvalidLedgerException>(() =>
        {
            using var ledger = SqliteLedger.Open(LedgerFile, Clock);
            ledger.ReadAfter(0);
        });

        Assert.Contains("damaged", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadAfter_OfAnUnknownKind_SaysItWasWrittenByANewerReconciler()
    {
        Forge("kind", "'hostTeleported'");

        Assert.Contains("written by a newer Reconciler", Assert.Throws<InvalidLedgerException>(() => _ledger.ReadAfter(0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadAfter_OfANewerShape_SaysItWasWrittenByANewerReconciler()
    {
        Forge("schema", "2");

        Assert.Contains("written by a newer Reconciler", Assert.Throws<InvalidLedgerException>(() => _ledger.ReadAfter(0)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"reason":"x","colour":"red"}""")]
    [InlineData("""{}""")]
    [InlineData("""{"reason":null}""")]
    [InlineData("""{"reason":"\ud800"}""")]
    [InlineData("""{"reason":"a","reason":"b"}""")]
    [InlineData("""{"reason":1}""")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("not json")]
    public void ReadAfter_OfAFactThatIsNone_SaysWhichEntry(string json)
    {
        Forge("fact", $"'{json}'");

        Assert.Contains("Entry 1 ('suspended') cannot be read", Assert.Throws<InvalidLedgerException>(() => _ledger.ReadAfter(0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadAfter_WithAGap_IsRefused()
    {
        Fill(3);
        Tamper("DELETE FROM entry WHERE position = 2");
        Reopen();

        Assert.Contains("gap", Assert.Throws<InvalidLedgerException>(() => _ledger.ReadAfter(0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Append_AfterTheFileWasRemoved_IsRefused()
    {
        Fill(1);
        File.Delete(LedgerFile);

        var e = Assert.Throws<LedgerUnavailableException>(() => _ledger.Append(Fact, Actor.Daemon));

        Assert.Contains("removed", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Append_WhileAnotherWriterHoldsIt_SaysLockedAndGoesOnLater()
    {
        using (var other = Raw(LedgerFile))
        {
            other.Execute("BEGIN IMMEDIATE");
            Assert.Contains("locked by another process", Assert.Throws<LedgerUnavailableException>(() => _ledger.Append(Fact, Actor.Daemon)).Message, StringComparison.Ordinal);
        }

        Assert.Equal(1, _ledger.Append(Fact, Actor.Daemon).Position);
    }

    [Fact]
    public void Append_ByAnotherHand_IsSeenAndChainedOn()
    {
        Fill(1);
        using (var other = Raw(LedgerFile))
        {
            other.Execute("INSERT INTO entry SELECT 2, at, actor_kind, actor_name, schema, kind, fact, hash, 'f' FROM entry WHERE position = 1");
        }

        Assert.Throws<LedgerMovedException>(() => _ledger.Append(Fact, Actor.Daemon, onlyAfter: 1));
        Assert.Equal(2, _ledger.Position);
        Assert.Contains("Entry 2", _ledger.Verify().Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Append_OfBrokenSurrogatesAndEndlessText_IsMendedAndBounded()
    {
        var returned = _ledger.Append(new LedgerEvent.Suspended("a\ud800b" + new string('x', 100_000)), Actor.Operator("e\u001b[31mve\n" + new string('y', 1000)));

        var read = Assert.Single(_ledger.ReadAfter(0));
        Assert.Equal(returned, read);
        var reason = Assert.IsType<LedgerEvent.Suspended>(read.Fact).Reason;
        Assert.StartsWith("a\ufffdbx", reason, StringComparison.Ordinal);
        Assert.Equal(16 * 1024, reason.Length);
        Assert.EndsWith("…", reason, StringComparison.Ordinal);
        Assert.StartsWith("e[31mvey", read.Actor.Name, StringComparison.Ordinal);
        Assert.Equal(128, read.Actor.Name.Length);
    }

    [Fact]
    public void Append_OfAHugeFact_IsCutToWhatFits()
    {
        var lines = Enumerable.Repeat(new string('é', 10_000), 2_000);
        var journal = new JournalExcerpt([new UnitJournal("a.service", [.. lines]), new UnitJournal("b.service", [.. lines])]);

        _ledger.Append(new LedgerEvent.RollbackBegan(new Failure.RebootRequired("kernel"), journal), Actor.Daemon);

        Assert.IsType<LedgerEvent.RollbackBegan>(Assert.Single(_ledger.ReadAfter(0)).Fact);
        Assert.True(new FileInfo(LedgerFile + "-wal").Length < 4 * LedgerLimits.LargestFact);
    }

    [Fact]
    public void Append_OfListsNeverSet_KeepsEmptyLists()
    {
        _ledger.Append(new LedgerEvent.ConfirmBegan(default), Actor.Daemon);
        _ledger.Append(new LedgerEvent.RollbackBegan(new Failure.Unhealthy(default), new JournalExcerpt(default)), Actor.Daemon);

        Assert.False(((LedgerEvent.ConfirmBegan)_ledger.ReadAfter(0)[0].Fact).Results.IsDefault);
        Assert.False(((LedgerEvent.RollbackBegan)_ledger.ReadAfter(0)[1].Fact).Journal.Units.IsDefault);
    }

    [Fact]
    public void Append_OfAFactThatNeverWas_WritesNothing()
    {
        Assert.Throws<InvalidOperationException>(() => _ledger.Append(new LedgerEvent.Pinned(default), Actor.Daemon));

        Assert.Equal(0, _ledger.Position);
    }

    [Theory]
    [InlineData("UPDATE entry SET fact = replace(fact, 'reason 3', 'reason X') WHERE position = 3", "Entry 3 does not match its hash")]
    [InlineData("UPDATE entry SET at = at + 1 WHERE position = 3", "Entry 3 does not match its hash")]
    [InlineData("UPDATE entry SET actor_name = 'eve' WHERE position = 3", "Entry 3 does not match its hash")]
    [InlineData("UPDATE entry SET actor_kind = 'operator' WHERE position = 3", "Entry 3 does not match its hash")]
    [InlineData("UPDATE entry SET kind = 'resumed' WHERE position = 3", "Entry 3 does not match its hash")]
    [InlineData("UPDATE entry SET schema = 2 WHERE position = 3", "Entry 3 does not match its hash")]
    [InlineData("UPDATE entry SET previous = hash WHERE position = 3", "Entry 3 does not match its hash")]
    [InlineData("UPDATE entry SET hash = previous WHERE position = 3", "Entry 3 does not match its hash")]
    [InlineData("UPDATE entry SET fact = CAST(x'7bff7d' AS TEXT) WHERE position = 3", "Entry 3 does not match its hash")]
    [InlineData("UPDATE entry SET position = -3 WHERE position = 3; UPDATE entry SET position = 3 WHERE position = 4; UPDATE entry SET position = 4 WHERE position = -3", "Entry 3 holds what was written as entry 4: entries 3 and 4 were swapped")]
    [InlineData("UPDATE entry SET position = -2 WHERE position = 2; UPDATE entry SET position = 2 WHERE position = 5; UPDATE entry SET position = 5 WHERE position = -2", "Entry 2 holds what was written as entry 5: entries 2 and 5 were swapped")]
    [InlineData("DELETE FROM entry WHERE position = 3", "Entry 3 is missing: it was removed")]
    [InlineData("DELETE FROM entry WHERE position IN (2, 3)", "Entries 2 to 3 are missing")]
    [InlineData("DELETE FROM entry WHERE position = 1", "Entry 1 is missing")]
    [InlineData("DELETE FROM entry WHERE position = 3; UPDATE entry SET position = position - 1 WHERE position > 3", "Entry 3 holds what was written as entry 4: entries before it were removed")]
    [InlineData("UPDATE entry SET position = -position WHERE position > 2; UPDATE entry SET position = 1 - position WHERE position < 0; INSERT INTO entry SELECT 3, at, actor_kind, actor_name, schema, kind, fact, hash, 'forged' FROM entry WHERE position = 2", "Entry 3 does not match its hash: its time, actor or fact was edited, or it was inserted")]
    [InlineData("INSERT INTO entry SELECT 0, at, actor_kind, actor_name, schema, kind, fact, previous, hash FROM entry WHERE position = 1", "Entry 0 has a position no entry can have: it was inserted")]
    [InlineData("INSERT INTO entry SELECT 6, at, actor_kind, actor_name, schema, kind, fact, hash, 'forged' FROM entry WHERE position = 5", "Entry 6 does not match its hash")]
    public void Verify_OfATamperedLedger_NamesWhatWasDone(string sql, string fault)
    {
        Fill(5);
        Tamper(sql);
        Reopen();

        Assert.StartsWith(fault, _ledger.Verify().Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_OfAnInsertedEntryWithAHashOfItsOwn_NamesTheOneThatNoLongerFollows()
    {
        Fill(5);
        var forged = new LedgerRow(3, 0, "daemon", "", 1, "resumed", [.. "{}"u8], Text("SELECT hash FROM entry WHERE position = 2"), "");
        Tamper(
            "UPDATE entry SET position = -position WHERE position > 2; UPDATE entry SET position = 1 - position WHERE position < 0; "
            + $"INSERT INTO entry VALUES (3, 0, 'daemon', '', 1, 'resumed', '{{}}', '{forged.Previous}', '{LedgerChain.HashOf(forged)}')");
        Reopen();

        Assert.StartsWith("Entry 4 holds what was written as entry 3: entries were inserted before it", _ledger.Verify().Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_OfAnEditWithAHashOfItsOwn_NamesTheOneThatNoLongerFollows()
    {
        Fill(5);
        var forged = new LedgerRow(3, 0, "daemon", "", 1, "resumed", [.. "{}"u8], Text("SELECT hash FROM entry WHERE position = 2"), "");
        Tamper($"UPDATE entry SET at = 0, kind = 'resumed', fact = '{{}}', hash = '{LedgerChain.HashOf(forged)}' WHERE position = 3");
        Reopen();

        Assert.StartsWith("Entry 4 does not follow entry 3", _ledger.Verify().Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_OfALedgerWithoutItsTriggers_SaysSo()
    {
        Fill(1);
        Tamper("SELECT 1");
        Reopen();

        Assert.Contains("append-only was taken out", _ledger.Verify().Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_OfACutTail_SeesNothing_AsItsWordsSay()
    {
        Fill(5);
        using (var connection = Raw(LedgerFile))
        {
            connection.Execute("DROP TRIGGER entry_is_never_removed; DELETE FROM entry WHERE position > 3");
            connection.Execute("CREATE TRIGGER entry_is_never_removed BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, ''); END");
        }

        Reopen();

        Assert.Null(_ledger.Verify().Fault);
        Assert.Equal(3, _ledger.Verify().Entries);
        Assert.Contains("cut off at the end", LedgerVerdict.CannotSee, StringComparison.Ordinal);
    }

    [Fact]
    public void OpenReadOnly_BesideTheWriter_SeesWhatItAppends()
    {
        Fill(1);
        using var reader = SqliteLedger.OpenReadOnly(LedgerFile, Clock);
        Assert.Single(reader.ReadAfter(0));

        Fill(1);

        Assert.Equal(2, reader.Position);
        Assert.Equal(_ledger.HeadHash, reader.HeadHash);
        Assert.Single(reader.ReadAfter(1));
        Assert.Null(reader.Verify().Fault);
        Assert.Throws<InvalidOperationException>(() => reader.Append(Fact, Actor.Daemon));
    }

    [Fact]
    public void OpenReadOnly_WithoutTheWriter_SeesEverything()
    {
        Fill(3);
        _ledger.Dispose();

        using var reader = SqliteLedger.OpenReadOnly(LedgerFile, Clock);

        Assert.Equal(3, reader.ReadAfter(0).Count);
    }

    [Fact]
    public void OpenReadOnly_OfNothing_SaysThereIsNone()
    {
        var e = Assert.Throws<LedgerMissingException>(() => SqliteLedger.OpenReadOnly(_folder.At("none.db"), Clock));

        Assert.Contains("There is no ledger", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_AfterAPowerCutTornTheLog_KeepsWhatWasWhole()
    {
        Fill(5);
        var torn = _folder.At("torn.db");
        File.Copy(LedgerFile, torn);
        var log = File.ReadAllBytes(LedgerFile + "-wal");
        File.WriteAllBytes(torn + "-wal", log[..^1000]);

        using var ledger = SqliteLedger.Open(torn, Clock);

        Assert.Equal(4, ledger.Position);
        Assert.Null(ledger.Verify().Fault);
        Assert.Equal(5, ledger.Append(Fact, Actor.Daemon).Position);
        Assert.Null(ledger.Verify().Fault);
    }

    [Fact]
    public void Export_WritesWhatWasHashed()
    {
        _ledger.Append(new LedgerEvent.Suspended("two\nlines \"ε\" 𝄞"), Actor.Operator("ada"));
        using var output = new StringWriter();

        LedgerExport.Write(_ledger, output);

        Assert.Equal(
            """{"position":1,"at":"2026-03-01T08:00:00.000Z","actor":{"kind":"operator","name":"ada"},"schema":1,"kind":"suspended","""
            + $$"""
            "fact":{"reason":"two\nlines \"ε\" 𝄞"},"hash":"{{_ledger.HeadHash}}"}

            """,
            output.ToString());
    }

    private void Fill(int count)
    {
        for (var i = 1; i <= count; i++)
        {
            _ledger.Append(new LedgerEvent.Suspended($"reason {_ledger.Position + 1}"), Actor.Daemon);
        }
    }

    private void Reopen()
    {
        _ledger.Dispose();
        _ledger = SqliteLedger.Open(LedgerFile, Clock);
    }

    /// <summary>Changes the file as someone would who knows SQL, triggers out of the way.</summary>
    private void Tamper(string sql)
    {
        using var connection = Raw(LedgerFile);
        foreach (var trigger in Schema.Triggers)
        {
            connection.Execute($"DROP TRIGGER {trigger}");
        }

        connection.Execute(sql);
    }

    private void Forge(string column, string value)
    {
        Fill(1);
        Tamper($"UPDATE entry SET {column} = {value}");
        Reopen();
    }

    private string Text(string sql)
    {
        using var connection = Raw(LedgerFile);
        using var command = connection.Command(sql);
        return (string)command.ExecuteScalar()!;
    }

    private static SqliteConnection Raw(string path, bool create = false)
    {
        var connection = new SqliteConnection($"Data Source={path};Mode={(create ? "ReadWriteCreate" : "ReadWrite")};Pooling=False");
        connection.Open();
        return connection;
    }
}
