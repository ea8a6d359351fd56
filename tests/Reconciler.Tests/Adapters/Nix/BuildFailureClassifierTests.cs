using Reconciler.Adapters.Nix;
using Reconciler.Model;
using Xunit;

namespace Reconciler.Tests.Adapters.Nix;

public sealed class BuildFailureClassifierTests
{
    private const string Builder = "\nerror: builder for '/nix/store/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-app-1.0.drv' failed with exit code 1;\n       last 3 log lines:\n       > {0}\n       For full logs, run 'nix log /nix/store/x-app-1.0.drv'.\nerror: 1 dependencies of derivation '/nix/store/x-nixos-system.drv' failed to build";

    [Theory]
    [InlineData("error: undefined variable 'pkgz'\n\n       at /nix/store/x-source/configuration.nix:3:5:")]
    [InlineData("error: syntax error, unexpected '}', expecting ';'")]
    [InlineData("error: attribute 'web9' missing")]
    [InlineData("error: flake 'git+file:///var/lib/reconciler/tree' does not provide attribute 'nixosConfigurations.web1.config.system.build.toplevel'")]
    [InlineData("error:\n       … while calling the 'head' builtin\n\n       error: The option `services.ngnix' does not exist. Definition values:\n       - In `/nix/store/x/configuration.nix'")]
    [InlineData("error:\n       … while evaluating the attribute 'config'\n       error: Failed assertions:\n       - The ‘fileSystems’ option does not specify your root file system.")]
    [InlineData("error: infinite recursion encountered")]
    [InlineData("error: stack overflow (possible infinite recursion)")]
    [InlineData("error: Package ‘foo-1.0’ in /nix/store/x/foo.nix:3 has an unfree license (‘unfree’), refusing to evaluate.")]
    [InlineData("error: getting status of '/nix/store/x-source/hosts/web1.nix': No such file or directory")]
    [InlineData("error: unable to download 'https://github.com/o/r/archive/abc.tar.gz': HTTP error 404\n\n       response body:\n\n       Not Found")]
    [InlineData("error: file 'nixpkgs' was not found in the Nix search path (add it using $NIX_PATH or -I)")]
    [InlineData("error: access to absolute path '/etc/secret' is forbidden in pure evaluation mode (use '--impure' to override)")]
    [InlineData("warning: error: unable to download 'https://cache.nixos.org/nix-cache-info': Could not resolve hostname (6); retrying in 264 ms\nerror: undefined variable 'x'")]
    [InlineData("error:\n       … while fetching the input 'git+https://example.org/a'\n       error: Cannot find Git revision 'abc' in ref 'refs/heads/main' of repository 'https://example.org/a'!")]
    [InlineData("fatal: couldn't find remote ref refs/heads/gone\nerror: program 'git' failed with exit code 128")]
    public void EvaluationError_IsTheRevisions(string output) => Assert.IsType<Failure.EvaluationFailed>(Classify(output));

    [Theory]
    [InlineData("make: *** [all] Error 2")]
    [InlineData("FAIL: test_connect: Connection refused")]
    [InlineData("requests.exceptions.ConnectionError: Could not resolve host example.org")]
    [InlineData("curl: (22) The requested URL returned error: 404\n       > error: cannot download foo-1.0.tar.gz from any mirror")]
    [InlineData("error: Connection timed out in the test suite")]
    public void BuilderFailure_IsTheRevisions(string lastLogLine) => Assert.IsType<Failure.BuildFailed>(Classify(Of(lastLogLine)));

    [Fact]
    public void BuilderOutputThatIsNotQuoted_CountsLessThanNixsOwnWords() =>
        Assert.IsType<Failure.BuildFailed>(Classify(
            "test_connect ... Connection refused\nerror: Failed to connect to localhost\nerror: builder for '/nix/store/x-app.drv' failed with exit code 1"));

    [Theory]
    [InlineData("error: hash mismatch in fixed-output derivation '/nix/store/x-src.tar.gz.drv':\n         specified: sha256-AAAA\n            got:    sha256-BBBB")]
    [InlineData("error: NAR hash mismatch in input 'github:o/r/abc' (/nix/store/x-source), expected 'sha256-A', got 'sha256-B'")]
    [InlineData("error: Cannot build '/nix/store/x-app.drv'.\n       Reason: builder failed with exit code 2.")]
    [InlineData("error: builder for '/nix/store/x-app.drv' failed to produce output path for output 'out'")]
    [InlineData("error: a 'aarch64-linux' with features {} is required to build '/nix/store/x.drv', but I am a 'x86_64-linux' with features {kvm}")]
    [InlineData("error: build of '/nix/store/x-etc.drv' failed")]
    [InlineData("error: build of '/nix/store/x.drv' on 'ssh://builder' failed: builder for '/nix/store/x.drv' failed with exit code 1")]
    [InlineData("error: builder for '/nix/store/x.drv' failed due to signal 11 (Segmentation fault)")]
    public void BuildError_IsTheRevisions(string output) => Assert.IsType<Failure.BuildFailed>(Classify(output));

    [Theory]
    [InlineData("error: unable to download 'https://api.github.com/repos/NixOS/nixpkgs/commits/HEAD': Could not resolve hostname (6) Could not resolve host: api.github.com")]
    [InlineData("error: unable to download 'https://github.com/NixOS/nixpkgs/archive/x.tar.gz': Couldn't resolve host name (6)")]
    [InlineData("error: unable to download 'https://github.com/x.tar.gz': Couldn't connect to server (7)")]
    [InlineData("error: unable to download 'https://github.com/x.tar.gz': SSL connect error (35)")]
    [InlineData("error: unable to download 'https://github.com/x.tar.gz': Problem with the SSL CA cert (path? access rights?) (77)")]
    [InlineData("error: unable to download 'https://github.com/x.tar.gz': Timeout was reached (28) Operation too slow. Less than 1 bytes/sec transferred the last 300 seconds")]
    [InlineData("error: unable to download 'https://github.com/x.tar.gz': HTTP error 503")]
    [InlineData("error: unable to download 'https://api.github.com/repos/o/r/commits/main': HTTP error 403\n\n       response body:\n       {\"message\":\"API rate limit exceeded for 203.0.113.1.\"}")]
    [InlineData("error: unable to download 'https://api.github.com/repos/o/r': HTTP error 429")]
    [InlineData("error:\n       … while updating the lock file of flake 'git+file:///tree'\n       … while fetching the input 'github:NixOS/nixpkgs'\n\n       error: unable to download 'https://x/': Couldn't resolve host name (6)")]
    [InlineData("fatal: unable to access 'https://git.example.org/r.git/': Could not resolve host: git.example.org\nerror: program 'git' failed with exit code 128")]
    [InlineData("ssh: connect to host git.example.org port 22: Connection timed out\nfatal: Could not read from remote repository.\nerror: Failed to fetch git repository 'ssh://git@git.example.org/r'")]
    [InlineData("git@git.example.org: Permission denied (publickey).\nerror: program 'git' failed with exit code 128")]
    [InlineData("error: failed to start SSH connection to 'builder1'")]
    [InlineData("error: cannot download foo-1.0.tar.gz from any mirror")]
    public void Network_IsTheWorlds(string output) => Assert.Equal(WorldTrouble.Network, Trouble(Classify(output)));

    [Theory]
    [InlineData("curl: (6) Could not resolve host: ftp.gnu.org\n       > error: cannot download hello-2.12.tar.gz from any mirror")]
    [InlineData("fatal: unable to access 'https://github.com/o/r/': Could not resolve host: github.com\n       > Unable to checkout 0123 from https://github.com/o/r.")]
    [InlineData("fatal: unable to access 'https://github.com/o/r/': The requested URL returned error: 503")]
    [InlineData("error: RPC failed; curl 56 GnuTLS recv error\n       > fatal: early EOF")]
    public void NetworkInAFetcher_IsTheWorlds(string lastLogLine) => Assert.Equal(WorldTrouble.Network, Trouble(Classify(Of(lastLogLine))));

    [Theory]
    [InlineData("error: unable to download 'https://cache.nixos.org/aaaaaaaa.narinfo': HTTP error 500")]
    [InlineData("error: unable to download 'https://cache.nixos.org/nix-cache-info': Could not resolve hostname (6)")]
    [InlineData("error: unable to download 'https://cache.nixos.org/nar/0abc.nar.xz': Transferred a partial file (18)")]
    [InlineData("error: some substitutes for the outputs of derivation '/nix/store/x.drv' failed (usually happens due to networking issues); try '--fallback' to build derivation from source")]
    [InlineData("error: file 'nar/abc.nar.xz' does not exist in binary cache 'https://cache.example.org'")]
    [InlineData("error: cannot add path '/nix/store/x' because it lacks a signature by a trusted key")]
    public void Substituter_IsTheWorlds(string output) => Assert.Equal(WorldTrouble.Substituter, Trouble(Classify(output)));

    [Theory]
    [InlineData("error: writing to file: No space left on device")]
    [InlineData("error: executing SQLite statement: database or disk is full, database or disk is full (in '/nix/var/nix/db/db.sqlite')")]
    [InlineData("error: creating directory '/tmp/nix-build-x-0': Disk quota exceeded")]
    [InlineData("error: builder for '/nix/store/x.drv' failed with exit code 1;\n       last 2 log lines:\n       > cc1: fatal error: error writing to /build/x.s: No space left on device\n       > compilation terminated.")]
    public void DiskFull_IsTheWorlds(string output) => Assert.Equal(WorldTrouble.DiskFull, Trouble(Classify(output)));

    [Theory]
    [InlineData("error: out of memory")]
    [InlineData("error: unable to fork: Cannot allocate memory")]
    [InlineData("terminate called after throwing an instance of 'std::bad_alloc'")]
    [InlineData("error: builder for '/nix/store/x-llvm.drv' failed due to signal 9 (Killed)")]
    [InlineData("subprocess.CalledProcessError: Command '['nix', 'build']' died with <Signals.SIGKILL: 9>.")]
    [InlineData("error: builder for '/nix/store/x.drv' failed with exit code 1;\n       last 1 log lines:\n       > c++: fatal error: Killed signal terminated program cc1plus")]
    [InlineData("/run/current-system/sw/bin/nixos-rebuild: line 400: 1234 Killed")]
    [InlineData("/run/current-system/sw/bin/nixos-rebuild: line 400:  1234 Killed                  nix build \"$@\"")]
    public void OutOfMemory_IsTheWorlds(string output) => Assert.Equal(WorldTrouble.OutOfMemory, Trouble(Classify(output)));

    [Theory]
    [InlineData(137, "building the system configuration...")]
    [InlineData(1, "error: builder for '/nix/store/x-llvm.drv' failed due to signal 9 (Killed)")]
    public void KilledWithinALimit_IsOutOfMemory(int exitCode, string output)
    {
        var failure = Assert.IsType<Failure.BuildInterrupted>(BuildFailureClassifier.Classify(exitCode, output, memoryLimit: 2L << 30));

        Assert.Equal(WorldTrouble.OutOfMemory, failure.Trouble);
        Assert.StartsWith("The build was held to 2048 MiB of memory, and ran out of it.", failure.Excerpt, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(137, "building the system configuration...")]
    [InlineData(143, "")]
    [InlineData(130, "error: interrupted by the user")]
    [InlineData(1, "error: interrupted by the user")]
    [InlineData(1, "Command '['nix']' died with <Signals.SIGTERM: 15>.")]
    public void KilledFromOutside_IsTheWorlds(int exitCode, string output) =>
        Assert.Equal(WorldTrouble.Killed, Trouble(BuildFailureClassifier.Classify(exitCode, output)));

    [Theory]
    [InlineData("error: error parsing derivation '/nix/store/x.drv': expected string 'D'")]
    [InlineData("error: error parsing derivation '/nix/store/x.drv': error: expected string 'Derive(['")]
    [InlineData("path '/nix/store/x-glibc' was modified! expected hash 'sha256:1', got 'sha256:2'")]
    [InlineData("path '/nix/store/x-glibc' disappeared, but it still has valid referrers!")]
    public void DamagedStore_IsTheWorlds(string output) => Assert.Equal(WorldTrouble.StoreDamaged, Trouble(Classify(output)));

    [Fact]
    public void DamageThatABuilderTellsOf_IsTheCommits() =>
        Assert.IsType<Failure.BuildFailed>(Classify("error: builder for '/nix/store/x-app.drv' failed with exit code 1;\n       > error: error parsing derivation '/nix/store/x.drv': expected string 'D'"));

    [Theory]
    [InlineData("error: cannot connect to socket at '/nix/var/nix/daemon-socket/socket': Connection refused")]
    [InlineData("error: cannot open connection to remote store 'daemon': error: unexpected end-of-file")]
    [InlineData("error: unexpected end-of-file")]
    [InlineData("error: Nix daemon disconnected unexpectedly (maybe it crashed?)")]
    [InlineData("error: SQLite database '/nix/var/nix/db/db.sqlite' is busy")]
    [InlineData("error: executing SQLite query: database is locked (in '/nix/var/nix/db/db.sqlite')")]
    [InlineData("error: cannot open SQLite database '/nix/var/nix/db/db.sqlite': unable to open database file")]
    [InlineData("error: opening lock file '/nix/var/nix/db/big-lock': Read-only file system")]
    [InlineData("error: opening file '/nix/store/x': Input/output error")]
    [InlineData("error: path '/nix/store/x-app.drv' is not valid")]
    public void NixUnavailable_IsTheWorlds(string output) => Assert.Equal(WorldTrouble.NixUnavailable, Trouble(Classify(output)));

    [Theory]
    [InlineData(2, "nixos-rebuild: error: unrecognized arguments: --frobnicate")]
    [InlineData(1, "nixos-rebuild: unknown option `--frobnicate'")]
    [InlineData(1, "error: experimental Nix feature 'flakes' is disabled; add '--extra-experimental-features flakes' to enable it")]
    [InlineData(1, "Traceback (most recent call last):\nModuleNotFoundError: No module named 'nixos_rebuild'")]
    [InlineData(1, "error: unrecognised flag '--frobnicate'")]
    [InlineData(127, "")]
    public void ToolTrouble_IsTheWorlds(int exitCode, string output)
    {
        var failure = Assert.IsType<Failure.HostToolFailed>(BuildFailureClassifier.Classify(exitCode, output));
        Assert.Equal("nixos-rebuild", failure.Tool);
        Assert.StartsWith($"exit {exitCode}: ", failure.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void NixsOwnTimeLimit_CountsAsTimedOut() =>
        Assert.Equal(
            new Failure.BuildTimedOut(TimeSpan.FromHours(1)),
            Classify("error: building of '/nix/store/x-app.drv' timed out after 3600 seconds"));

    [Fact]
    public void Excerpt_BeginsWithTheCauseAndLeavesNoiseOut()
    {
        var failure = Assert.IsType<Failure.BuildFailed>(Classify(
            "building the system configuration...\nthese 3 derivations will be built:\n\e[31;1merror:\e[0m builder for '/nix/store/x-app.drv' failed with exit code 1;\n       last 1 log lines:\n       > \abad\u202e line\nCommand 'nix build' returned non-zero exit status 1."));

        Assert.Equal("error: builder for '/nix/store/x-app.drv' failed with exit code 1;\n       last 1 log lines:\n       > bad line", failure.Excerpt);
    }

    [Fact]
    public void Excerpt_IsBounded()
    {
        var failure = Assert.IsType<Failure.EvaluationFailed>(Classify("error: start\n" + string.Concat(Enumerable.Repeat(new string('x', 5000) + "\n", 500)) + "the end"));

        Assert.True(failure.Excerpt.Length <= 4096);
        Assert.True(failure.Excerpt.Split('\n').Length <= 30);
        Assert.EndsWith("the end", failure.Excerpt, StringComparison.Ordinal);
    }

    [Fact]
    public void Excerpt_OfManyLines_KeepsTheFirstAndTheLast()
    {
        var failure = Assert.IsType<Failure.EvaluationFailed>(Classify("error: start\n" + string.Concat(Enumerable.Range(1, 100).Select(i => $"  line {i}\n"))));

        var lines = failure.Excerpt.Split('\n');
        Assert.Equal(30, lines.Length);
        Assert.Equal("error: start", lines[0]);
        Assert.Contains("…", lines);
        Assert.Equal("  line 100", lines[^1]);
    }

    private static string Of(string lastLogLine) => Builder.Replace("{0}", lastLogLine, StringComparison.Ordinal);

    private static Failure Classify(string output) => BuildFailureClassifier.Classify(1, output);

    private static WorldTrouble Trouble(Failure failure) => Assert.IsType<Failure.BuildInterrupted>(failure).Trouble;
}
