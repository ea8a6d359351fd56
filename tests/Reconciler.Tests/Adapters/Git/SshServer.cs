using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Reconciler.Tests.Adapters.Git;

/// <summary>A real sshd on a free port that only serves git, to one key. Needs root and openssh-server.</summary>
internal sealed class SshServer : IDisposable
{
    private const string Program = "/usr/sbin/sshd";
    private readonly Process _process;
    private readonly string _folder;

    private SshServer(Process process, string folder, int port) => (_process, _folder, Port) = (process, folder, port);

    public static bool IsInstalled => File.Exists(Program) && Environment.UserName == "root";

    public int Port { get; }

    public string KeyFile => _folder + "/key";

    public string KnownHostsFile => _folder + "/known_hosts";

    public static async Task<SshServer> StartAsync(GitSandbox sandbox)
    {
        var folder = sandbox.PathOf("ssh");
        Directory.CreateDirectory(folder);
        Directory.CreateDirectory("/run/sshd");
        int port;
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        foreach (var name in new[] { "host", "key", "stranger" })
        {
            using var keygen = Process.Start("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", $"{folder}/{name}"]);
            await keygen.WaitForExitAsync();
        }

        var key = await File.ReadAllTextAsync(folder + "/key.pub");
        await File.WriteAllTextAsync(folder + "/authorized", $"command=\"git -c safe.directory=* shell -c \\\"$SSH_ORIGINAL_COMMAND\\\"\" {key}");
        await File.WriteAllTextAsync(folder + "/known_hosts", $"[127.0.0.1]:{port.ToString(CultureInfo.InvariantCulture)} {await File.ReadAllTextAsync(folder + "/host.pub")}");
        await File.WriteAllTextAsync(
            folder + "/config",
            $"ListenAddress 127.0.0.1\nPort {port.ToString(CultureInfo.InvariantCulture)}\nHostKey {folder}/host\nAuthorizedKeysFile {folder}/authorized\nStrictModes no\n"
            + $"UsePAM no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin yes\nPidFile none\n");
        var process = Process.Start(new ProcessStartInfo(Program, ["-D", "-e", "-f", folder + "/config"]) { RedirectStandardError = true })!;
        while (await process.StandardError.ReadLineAsync() is { } line && !line.Contains("Server listening", StringComparison.Ordinal))
        {
        }

        _ = process.StandardError.ReadToEndAsync();
        return new SshServer(process, folder, port);
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }
}
