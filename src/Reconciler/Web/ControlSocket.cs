using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Reconciler.Model;
using Reconciler.Wire;

namespace Reconciler.Web;

/// <summary>The Unix socket of the control API: who may connect, and who did.</summary>
internal static partial class ControlSocket
{
    private const UnixFileMode Usable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    private const UnixFileMode Reachable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private const int SolSocket = 1;
    private const int SoPeerCred = 17;
    private const int NameBuffer = 64 * 1024;

    /// <summary>Makes the control socket, for root and one group. Its permissions are right before anybody can connect.</summary>
    /// <exception cref="IOException">It cannot be made; the message names cause and cure.</exception>
    public static Socket Bind(EndPoint endpoint, string? group, ILogger logger) => Bind(endpoint, group, "control socket", "control.socket", logger);

    /// <summary>Makes a socket, for root and one group. Its permissions are right before anybody can connect.</summary>
    /// <param name="endpoint">Its path.</param>
    /// <param name="group">The group; null for root only.</param>
    /// <param name="what">What it is, for people.</param>
    /// <param name="setting">The setting that names its path.</param>
    /// <param name="logger">Is told when the group cannot be given.</param>
    /// <exception cref="IOException">It cannot be made; the message names cause and cure.</exception>
    public static Socket Bind(EndPoint endpoint, string? group, string what, string setting, ILogger logger)
    {
        var path = endpoint.ToString()!;
        RemoveStale(path, what, setting);
        Socket? socket = null;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!, Reachable);
            socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Bind(endpoint);

            // Until the server listens, connecting is refused: nobody slips in between these two lines.
            File.SetUnixFileMode(path, group is null ? UnixFileMode.UserRead | UnixFileMode.UserWrite : Usable);
            GiveTo(path, group, logger);
            return socket;
        }
        catch (Exception e) when (e is SocketException or UnauthorizedAccessException or IOException)
        {
            socket?.Dispose();
            throw new IOException($"The {what} {path} cannot be made: {e.Message} Check that its directory can be written ({setting} in the configuration).", e);
        }
    }

    /// <summary>Who is at the other end, as the kernel says.</summary>
    public static Actor PeerOf(Socket connection)
    {
        Span<byte> credentials = stackalloc byte[12];
        connection.GetRawSocketOption(SolSocket, SoPeerCred, credentials);
        var user = BinaryPrimitives.ReadUInt32LittleEndian(credentials[4..]);
        return Actor.Operator(NameOf(user));
    }

    private static void RemoveStale(string path, string what, string setting)
    {
        if (!File.Exists(path))
        {
            return;
        }

        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionRefused)
        {
            // What a daemon that was killed leaves behind.
            File.Delete(path);
            return;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AccessDenied)
        {
            throw new IOException($"{path} is there and belongs to another user. The daemon is to be run by root; is one running already? See: systemctl status reconciler", e);
        }
        catch (SocketException e)
        {
            throw new IOException($"{path} is there and is not a {what} ({e.Message}). Remove it, or set {setting} to another path.", e);
        }

        throw new IOException($"Another daemon serves {path}. Stop it first: systemctl stop reconciler");
    }

    private static void GiveTo(string path, string? group, ILogger logger)
    {
        if (group is null)
        {
            return;
        }

        if (GroupId(group) is not { } id)
        {
            LogNoSuchGroup(logger, path, group);
            return;
        }

        if (chown(Text(path), uint.MaxValue, id) != 0)
        {
            LogGroupNotSet(logger, path, group, Marshal.GetLastPInvokeErrorMessage());
        }
    }

    private static string NameOf(uint user) => LookUp(user) ?? $"uid {user}";

    // The name services of the machine are asked, not only /etc/passwd: operators may come from a directory.
    private static string? LookUp(uint user)
    {
        var record = new byte[256];
        var buffer = GC.AllocateArray<byte>(NameBuffer, pinned: true);
        return getpwuid_r(user, record, buffer, NameBuffer, out var found) == 0 && found != 0
            ? Marshal.PtrToStringUTF8((nint)MemoryMarshal.Read<long>(record))
            : null;
    }

    private static uint? GroupId(string group)
    {
        var record = new byte[256];
        var buffer = GC.AllocateArray<byte>(NameBuffer, pinned: true);

        // struct group: name, password, then the id.
        return getgrnam_r(Text(group), record, buffer, NameBuffer, out var found) == 0 && found != 0
            ? MemoryMarshal.Read<uint>(record.AsSpan(2 * nint.Size))
            : null;
    }

    private static byte[] Text(string text) => [.. Encoding.UTF8.GetBytes(text), 0];

    [LoggerMessage(Level = LogLevel.Warning, Message = "There is no group {Group}, so only root may use {Path}; make the group or set the group of the socket to another")]
    private static partial void LogNoSuchGroup(ILogger logger, string path, string group);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} could not be given to group {Group}, so only its owner may use it: {Reason}")]
    private static partial void LogGroupNotSet(ILogger logger, string path, string group, string reason);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int chown(byte[] path, uint owner, uint group);

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int getpwuid_r(uint user, byte[] record, byte[] buffer, nint length, out nint found);

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int getgrnam_r(byte[] name, byte[] record, byte[] buffer, nint length, out nint found);
}
