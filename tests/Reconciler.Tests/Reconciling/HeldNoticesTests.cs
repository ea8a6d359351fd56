using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Reconciling;
using Reconciler.Tests.Fakes;
using Reconciler.Tests.Making;
using Xunit;

namespace Reconciler.Tests.Reconciling;

public sealed class HeldNoticesTests : IDisposable
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private readonly VirtualTime _clock = new();
    private readonly FakeOutbox _outbox;
    private readonly HeldNotices _held;

    public HeldNoticesTests()
    {
        _outbox = new FakeOutbox(_clock);
        _held = new HeldNotices(_outbox, [new NoticeChannel("all", [.. Enum.GetValues<NoticeKind>()])], Hour, new TriggerQueue(), _clock);
    }

    private IEnumerable<string> Told => _outbox.Entries.Select(entry => ((ForgeMessage.Notice)entry.Message).Headline);

    public void Dispose() => _held.Dispose();

    [Fact]
    public void Reason_ThatHoldsForLong_IsToldOnce()
    {
        _held.Hear(new HoldReason.BranchMissing("origin"));
        _clock.Advance(Hour - TimeSpan.FromSeconds(1));
        Assert.Empty(Told);

        _clock.Advance(TimeSpan.FromHours(5));
        Assert.Equal([HoldText.Headline(new HoldReason.BranchMissing("origin"))], Told);
    }

    [Fact]
    public void Reason_ThatEnds_IsNotTold()
    {
        _held.Hear(new HoldReason.BranchMissing("origin"));
        _clock.Advance(Hour / 2);
        _held.Hear(new HoldReason.UpToDate(A.Revision(), BranchKind.Main));
        _clock.Advance(Hour * 3);

        Assert.Empty(Told);
    }

    [Fact]
    public void Reason_OfTheSameKind_KeepsItsTime_AndIsToldAsItIsThen()
    {
        _held.Hear(new HoldReason.BackingOff(new Failure.HostToolFailed("sync", "a"), 1, A.Start));
        _clock.Advance(Hour / 2);
        var now = new HoldReason.BackingOff(new Failure.HostToolFailed("sync", "b"), 2, A.Start);
        _held.Hear(now);
        _clock.Advance(Hour / 2);

        Assert.Equal([HoldText.Headline(now)], Told);
    }
}
