using System.Collections.Immutable;
using Reconciler.Adapters.Nix;
using Reconciler.Adapters.Processes;
using Xunit;

namespace Reconciler.Tests.Adapters.Nix;

/// <summary>A Nix store of its own in a temporary folder, with two derivations in it: <c>program</c> refers to <c>library</c>. Skips its test where there is no Nix.</summary>
internal sealed class RealStore : IDisposable, IProcessRunner
{
    private const string Expression =
        """
        let
          make = name: script: derivation { inherit name; system = builtins.currentSystem; builder = "/bin/sh"; args = [ "-c" "PATH=/usr/bin:/bin; ${script}" ]; };
          library = make "library" "mkdir -p $out/lib; echo code > $out/lib/code; echo 'echo hi' > $out/lib/run; chmod +x $out/lib/run; ln -s code $out/lib/link; : > $out/lib/empty";
        in make "program" "echo ${library} > $out"
        """;

    private readonly NixFolder _folder = new();
    private readonly ProcessRunner _real = new(TimeProvider.System);
    private readonly ImmutableDictionary<string, string?> _environment;

    public RealStore()
    {
        Assert.SkipUnless((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "nix-store"))), "there is no nix here");
        Directory.CreateDirectory(_folder.At("etc"));
        File.WriteAllText(_folder.At("etc/nix.conf"), "sandbox = false\nsubstituters =\nbuild-users-group =\n");
        File.WriteAllText(_folder.At("program.nix"), Expression);
        _environment = new Dictionary<string, string?>
        {
            ["NIX_STORE_DIR"] = _folder.At("store"),
            ["NIX_STATE_DIR"] = _folder.At("var"),
            ["NIX_LOG_DIR"] = _folder.At("log"),
            ["NIX_LOCALSTATE_DIR"] = _folder.At("local"),
            ["NIX_CONF_DIR"] = _folder.At("etc"),
            ["NIX_REMOTE"] = null,
            ["HOME"] = _folder.Root,
            ["USER"] = "root",
        }.ToImmutableDictionary();
    }

    public NixHostSettings Settings => _folder.Settings;

    public string Link => _folder.At("result");

    public Task<ProcessOutcome> RunAsync(ProcessRequest request, CancellationToken cancellationToken) =>
        _real.RunAsync(request with { Environment = request.Environment.SetItems(_environment) }, cancellationToken);

    public void Restart() => File.WriteAllText(_folder.At("boot_id"), Guid.NewGuid().ToString());

    public Task<ProcessOutcome> BuildAsync() =>
        RunAsync(ProcessRequest.Of("nix-build", _folder.At("program.nix"), "--out-link", Link), CancellationToken.None);

    public async Task<ProcessOutcome.Exited> AskAsync(string program, params string[] arguments) =>
        Assert.IsType<ProcessOutcome.Exited>(await RunAsync(ProcessRequest.Of(program, arguments), CancellationToken.None));

    /// <summary>The path in the store whose name ends so.</summary>
    public string PathOf(string end) => Directory.GetFileSystemEntries(_folder.At("store"), "*-" + end).Single();

    /// <summary>Empties a file that counts as valid, as a power cut does.</summary>
    public static void Empty(string file)
    {
        var folder = new DirectoryInfo(Path.GetDirectoryName(file)!);
        if (!OperatingSystem.IsWindows())
        {
            folder.UnixFileMode |= UnixFileMode.UserWrite;
            File.SetUnixFileMode(file, File.GetUnixFileMode(file) | UnixFileMode.UserWrite);
        }

        using (File.Open(file, FileMode.Truncate))
        {
        }

        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, File.GetUnixFileMode(file) & ~UnixFileMode.UserWrite);
            if (!file.StartsWith(folder.FullName + "/", StringComparison.Ordinal) || folder.Name != "store")
            {
                folder.UnixFileMode &= ~UnixFileMode.UserWrite;
            }
        }
    }

    public void Dispose()
    {
        foreach (var folder in Directory.GetDirectories(_folder.Root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }))
        {
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.UserWrite);
            }
        }

        _folder.Dispose();
    }
}
