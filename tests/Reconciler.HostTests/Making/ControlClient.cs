using System.Net.Sockets;

namespace Reconciler.HostTests.Making;

/// <summary>Asks the daemon of a machine over its socket, which costs next to nothing, where tests ask ten times a second.</summary>
internal sealed class ControlClient(Machine machine)
{
    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        PooledConnectionLifetime = TimeSpan.Zero,
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(machine.PathOf("/run/reconciler/control.sock")), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    })
    { BaseAddress = new Uri("http://reconciler/"), Timeout = TimeSpan.FromSeconds(20) };

    /// <summary>The status; null while the daemon does not answer.</summary>
    public async Task<string?> StatusAsync()
    {
        try
        {
            return await _client.GetStringAsync(new Uri("v1/status", UriKind.Relative));
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }
}
