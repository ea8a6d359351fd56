using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Reconciler.Model;

namespace Reconciler.Adapters.Systemd;

/// <summary>Tells systemd how the daemon is (the protocol of sd_notify). Does nothing when systemd did not ask to be told.</summary>
/// <param name="address">The socket, as in <c>NOTIFY_SOCKET</c>: an absolute path, or <c>@name</c> in the abstract namespace; null for none.</param>
/// <param name="clock">Dates a reload.</param>
/// <param name="logger">Hears of notices that could not be sent; the daemon goes on without.</param>
internal sealed partial class ReadinessNotice(string? address, TimeProvider clock, ILogger<ReadinessNotice> logger)
{
    // Sending must not hold up the loop: systemd reads at once, or is in worse trouble than a lost notice.
    private const int PatienceMilliseconds = 2000;

    private readonly UnixDomainSocketEndPoint? _endPoint = EndPointOf(address);

    /// <summary>Whether there is anyone to tell.</summary>
    public bool IsHeard => _endPoint is not null;

    /// <summary>Takes the socket from the environment, and takes it out of there, so that no program the daemon starts can speak in its name.</summary>
    public static ReadinessNotice FromEnvironment(TimeProvider clock, ILogger<ReadinessNotice> logger)
    {
        var address = Environment.GetEnvironmentVariable("NOTIFY_SOCKET");
        Environment.SetEnvironmentVariable("NOTIFY_SOCKET", null);
        return new ReadinessNotice(address, clock, logger);
    }

    /// <summary>The daemon has started, or finished reloading.</summary>
    public void Ready() => Send("READY=1");

    /// <summary>What the daemon is doing, for <c>systemctl status</c>; one line, cut when long.</summary>
    public void Status(string text) => Send($"STATUS={OneLine.Of(text)}");

    /// <summary>The daemon reloads its configuration; <see cref="Ready"/> must follow.</summary>
    public void Reloading()
    {
        // systemd wants the instant on the monotonic clock, which is what timestamps are on Linux.
        var microseconds = (Int128)clock.GetTimestamp() * 1_000_000 / clock.TimestampFrequency;
        Send(string.Create(CultureInfo.InvariantCulture, $"RELOADING=1\nMONOTONIC_USEC={microseconds}"));
    }

    /// <summary>The daemon is about to end.</summary>
    public void Stopping() => Send("STOPPING=1");

    /// <summary>The daemon is alive.</summary>
    public void Alive() => Send("WATCHDOG=1");

    private static UnixDomainSocketEndPoint? EndPointOf(string? address) => address switch
    {
        ['/', _, ..] => new UnixDomainSocketEndPoint(address),
        ['@', _, ..] => new UnixDomainSocketEndPoint($"\0{address[1..]}"),
        _ => null,
    };

    private void Send(string notice)
    {
        if (_endPoint is null)
        {
            return;
        }

        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { SendTimeout = PatienceMilliseconds };
            socket.SendTo(Encoding.UTF8.GetBytes(notice), _endPoint);
        }
        catch (SocketException e)
        {
            LogNotSent(logger, notice.Split('=')[0], e.Message);
        }
    }
}
