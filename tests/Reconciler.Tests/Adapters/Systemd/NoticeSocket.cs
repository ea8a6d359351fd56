using System.Net.Sockets;
using System.Text;
using Reconciler.Tests.Making;

namespace Reconciler.Tests.Adapters.Systemd;

/// <summary>The end of the line systemd listens at: a real datagram socket.</summary>
internal sealed class NoticeSocket : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 10_000 };

    public NoticeSocket(bool isAbstract)
    {
        var path = $"{_folder.Path}/notify";
        Address = isAbstract ? $"@{path}" : path;
        _socket.Bind(new UnixDomainSocketEndPoint(isAbstract ? $"\0{path}" : path));
    }

    public string Address { get; }

    public bool HasMore => _socket.Available > 0;

    public string Next()
    {
        var buffer = new byte[4096];
        return Encoding.UTF8.GetString(buffer, 0, _socket.Receive(buffer));
    }

    public void Dispose()
    {
        _socket.Dispose();
        _folder.Dispose();
    }
}
