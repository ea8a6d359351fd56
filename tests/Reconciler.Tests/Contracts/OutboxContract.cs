using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using Reconciler.History;
using Reconciler.Model;
using Reconciler.Ports;
using Reconciler.Tests.Making;
using Xunit;

namespace Reconciler.Tests.Contracts;

/// <summary>What every outbox keeps to.</summary>
public abstract class OutboxContract
{
    private protected FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero));

    private protected abstract IOutbox Outbox { get; }

    private protected abstract ILedger Ledger { get; }

    [Fact]
    public void Due_WhenEmpty_IsEmpty()
    {
        Assert.Empty(Outbox.Due(10));
        Assert.Equal(OutboxState.Empty, Outbox.State());
        Assert.Null(Outbox.Newest("status/x"));
    }

    [Fact]
    public void Append_PutsItsMessagesIn_InOrder()
    {
        Append(Status("r1", "building"), Status("r2", "building"));

        Assert.Equal([Status("r1", "building"), Status("r2", "building")], Messages());
        Assert.Equal(1, Ledger.Position);
    }

    [Fact]
    public void Append_ThatIsRefused_PutsNothingIn()
    {
        Append();

        Assert.Throws<LedgerMovedException>(() => Ledger.Append(new LedgerEvent.Resumed(), Actor.Daemon, onlyAfter: 7, [Status("r1", "building")]));

        Assert.Empty(Outbox.Due(10));
    }

    [Fact]
    public void EveryKindOfMessage_IsReadBackAsItWas()
    {
        var all = EveryCase.Of<ForgeMessage>().ToImmutableArray();
        foreach (var message in all)
        {
            Append(message);
            var kept = Outbox.Newest(message.Subject)!;

            Assert.Equal(InFull.Of(message), InFull.Of(kept.Message));
            Assert.Equal((0, Clock.GetUtcNow(), null), (kept.Attempts, kept.AddedAt, kept.SentAt));
        }

        Assert.NotEmpty(all);
    }

    [Fact]
    public void Append_OfTheSameSubject_OvertakesWhatWaits()
    {
        Append(Status("r1", "building"));
        Append(Status("r2", "building"));
        Append(Status("r1", "on trial"));

        Assert.Equal([Status("r2", "building"), Status("r1", "on trial")], Messages());
    }

    [Fact]
    public void Append_DoesNotTakeBackWhatWasSent()
    {
        Append(Status("r1", "building"));
        Outbox.Sent(Outbox.Due(1)[0].Number, null, []);
        Append(Status("r1", "building"));

        Assert.Single(Outbox.Due(10));
        Assert.NotNull(Outbox.State().SentAt);
    }

    [Fact]
    public void Add_OfWhatTheNewestSaysAlready_AddsNothing()
    {
        Outbox.Add([Status("r1", "held")]);
        Outbox.Add([Status("r1", "held")]);
        Assert.Single(Outbox.Due(10));

        Outbox.Sent(Outbox.Due(1)[0].Number, null, []);
        Outbox.Add([Status("r1", "held")]);
        Assert.Empty(Outbox.Due(10));

        Outbox.Add([Status("r1", "building")]);
        Outbox.Add([Status("r1", "held")]);
        Assert.Equal([Status("r1", "held")], Messages());
    }

    [Fact]
    public void Sent_KeepsTheLinkAndPutsInWhatFollows()
    {
        Append(Status("r1", "building"));
        var link = new Uri("https://github.example/acme/infra/pull/7");
        Clock.Advance(TimeSpan.FromSeconds(5));

        Outbox.Sent(Outbox.Due(1)[0].Number, link, [Status("r2", "next")]);

        Assert.Equal([Status("r2", "next")], Messages());
        var sent = Outbox.Newest(Status("r1", "").Subject)!;
        Assert.Equal((link, Clock.GetUtcNow()), (sent.Link, sent.SentAt));
        Assert.Equal(Clock.GetUtcNow(), Outbox.State().SentAt);
    }

    [Fact]
    public void Sent_OfWhatWasOvertakenMeanwhile_CountsAsSentAndLeavesTheNewerWaiting()
    {
        Append(Status("r1", "building"));
        var first = Outbox.Due(1)[0].Number;
        Append(Status("r1", "on trial"));

        Outbox.Sent(first, null, []);

        Assert.Equal([Status("r1", "on trial")], Messages());
        Assert.NotNull(Outbox.State().SentAt);
    }

    [Fact]
    public void Postpone_CountsAndMakesItDueLater_BehindWhatIsDueBefore()
    {
        Append(Status("r1", "building"), Status("r2", "building"));
        var later = Clock.GetUtcNow() + TimeSpan.FromMinutes(3);
        Outbox.Postpone(1, "no answer", later);
        Outbox.Postpone(1, "no answer again", later);

        Assert.Equal(2, Assert.Single(Outbox.Due(10)).Number);
        var state = Outbox.State();
        Assert.Equal((2, "no answer again", 0, Clock.GetUtcNow()), (state.Waiting, state.Trouble, state.GivenUp, state.DueAt));

        Clock.Advance(TimeSpan.FromMinutes(3));
        Append(Status("r3", "building"));

        Assert.Equal([2L, 1, 3], Outbox.Due(10).Select(entry => entry.Number));
        var first = Outbox.Due(10)[1];
        Assert.Equal((2, later, "no answer again"), (first.Attempts, first.DueAt, first.Trouble));
    }

    [Fact]
    public void GiveUp_EndsTheMessageAndSaysWhy()
    {
        Append(Status("r1", "building"));

        Outbox.GiveUp(1, "no such commit");

        Assert.Empty(Outbox.Due(10));
        Assert.Null(Outbox.Newest(Status("r1", "").Subject));
        Assert.Equal((1, "no such commit"), (Outbox.State().GivenUp, Outbox.State().LastGivenUp));
    }

    [Fact]
    public void Due_GivesNoMoreThanAsked()
    {
        Append(Status("r1", "a"), Status("r2", "a"), Status("r3", "a"));

        Assert.Equal([1L, 2], Outbox.Due(2).Select(entry => entry.Number));
    }

    private static ForgeMessage.CommitStatus Status(string revision, string description) =>
        new(A.Revision(revision), StatusKind.Deployment, CommitState.Pending, description, null);

    private void Append(params ForgeMessage[] messages) => Ledger.Append(new LedgerEvent.Resumed(), Actor.Daemon, null, [.. messages]);

    private IEnumerable<ForgeMessage> Messages() => Outbox.Due(100).Select(entry => entry.Message);
}
