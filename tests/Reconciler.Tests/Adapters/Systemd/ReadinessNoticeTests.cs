using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Reconciler.Adapters.Systemd;
using Xunit;

namespace Reconciler.Tests.Adapters.Systemd;

public sealed class ReadinessNoticeTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Notices_ArriveAtEitherKindOfSocket(bool isAbstract)
    {
        using var systemd = new NoticeSocket(isAbstract);
        var notice = NoticeTo(systemd.Address);

        notice.Ready();
        notice.Status("on trial");
        notice.Stopping();

        Assert.True(notice.IsHeard);
        Assert.Equal(["READY=1", "STATUS=on trial", "STOPPING=1"], [systemd.Next(), systemd.Next(), systemd.Next()]);
    }

    [Fact]
    public void Status_HostileText_StaysOneBoundedField()
    {
        using var systemd = new NoticeSocket(isAbstract: false);

        NoticeTo(systemd.Address).Status("bad\nMAINPID=1\u001b[2J" + new string('x', 5000));

        var sent = systemd.Next();
        Assert.StartsWith("STATUS=bad MAINPID=1 [2Jx", sent, StringComparison.Ordinal);
        Assert.True(sent.Length <= 307);
    }

    [Fact]
    public void Reloading_TellsTheMonotonicInstant()
    {
        using var systemd = new NoticeSocket(isAbstract: false);
        var clock = new FakeTimeProvider();
        var expected = clock.GetTimestamp() / (clock.TimestampFrequency / 1_000_000);

        new ReadinessNotice(systemd.Address, clock, NullLogger<ReadinessNotice>.Instance).Reloading();

        Assert.Equal($"RELOADING=1\nMONOTONIC_USEC={expected}", systemd.Next());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("@")]
    [InlineData("/")]
    [InlineData("relative")]
    [InlineData("vsock:2:1234")]
    public void Notices_WithoutASocketWeKnow_AreNotSent(string? address)
    {
        var notice = NoticeTo(address);

        notice.Ready();

        Assert.False(notice.IsHeard);
    }

    [Fact]
    public void Notices_NobodyListens_AreLostWithoutHarm() => NoticeTo("/nonexistent/notify").Ready();

    [Fact]
    public void FromEnvironment_TakesTheSocketOutOfTheEnvironment()
    {
        Environment.SetEnvironmentVariable("NOTIFY_SOCKET", "/run/systemd/notify");

        var notice = ReadinessNotice.FromEnvironment(TimeProvider.System, NullLogger<ReadinessNotice>.Instance);

        Assert.True(notice.IsHeard);
        Assert.Null(Environment.GetEnvironmentVariable("NOTIFY_SOCKET"));
    }

    private static ReadinessNotice NoticeTo(string? address) => new(address, TimeProvider.System, NullLogger<ReadinessNotice>.Instance);
}
