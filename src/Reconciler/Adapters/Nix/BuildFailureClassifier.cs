using System.Globalization;
using System.Text.RegularExpressions;
using Reconciler.Model;

namespace Reconciler.Adapters.Nix;

/// <summary>Decides from the output of a failed build whose fault it was.</summary>
/// <remarks>
/// The output holds text of the repository and of builders, so anything in it may be forged. The worst a forged line can do is to have a bad
/// revision tried again with growing pauses instead of set aside. Lines of builders count less than Nix's own: a test suite that prints
/// "Connection refused" says nothing about this host's network.
/// </remarks>
internal static partial class BuildFailureClassifier
{
    private const int Killed = 128 + 9;
    private const int Interrupted = 128 + 2;
    private const int Terminated = 128 + 15;

    /// <summary>Names the failure of <c>nixos-rebuild build</c>.</summary>
    /// <param name="exitCode">Its exit code; 128 + n for signal n.</param>
    /// <param name="output">The end of what it wrote on standard error.</param>
    /// <param name="memoryLimit">How many bytes of memory it was held to; null for no limit.</param>
    public static Failure Classify(int exitCode, string output, long? memoryLimit = null)
    {
        var all = output.Split('\n').Select(line => PlainText.Line(line).Trim()).Where(line => line.Length > 0 && !IsWarning(line)).ToList();
        var own = all.Where(line => !IsQuotedLog(line)).ToList();
        var builderFailed = own.Any(line => BuilderFailed().IsMatch(line));
        var excerpt = Excerpt.OfBuild(output);

        if (all.Any(line => DiskFull().IsMatch(line)))
        {
            return new Failure.BuildInterrupted(WorldTrouble.DiskFull, excerpt);
        }

        // Held to a limit, it is the kernel that kills; without one it may be anybody.
        if (all.Any(line => OutOfMemory().IsMatch(line)) || (exitCode == Killed && memoryLimit is not null))
        {
            return new Failure.BuildInterrupted(WorldTrouble.OutOfMemory, memoryLimit is { } bytes ? $"{MemoryEnd(bytes)}\n{excerpt}".TrimEnd() : excerpt);
        }

        if (exitCode is Killed or Interrupted or Terminated || own.Any(line => KilledFromOutside().IsMatch(line)))
        {
            return new Failure.BuildInterrupted(WorldTrouble.Killed, excerpt);
        }

        if (own.Any(line => StoreDamaged().IsMatch(line)))
        {
            return new Failure.BuildInterrupted(WorldTrouble.StoreDamaged, excerpt);
        }

        if (own.Any(line => NixUnavailable().IsMatch(line)))
        {
            return new Failure.BuildInterrupted(WorldTrouble.NixUnavailable, excerpt);
        }

        if (own.Select(line => TimedOut().Match(line)).FirstOrDefault(match => match.Success) is { } late)
        {
            return new Failure.BuildTimedOut(TimeSpan.FromSeconds(long.Parse(late.Groups["seconds"].ValueSpan, CultureInfo.InvariantCulture)));
        }

        if (own.Any(line => WrongHash().IsMatch(line)))
        {
            return new Failure.BuildFailed(excerpt);
        }

        if (own.Any(line => Substituter().IsMatch(line)))
        {
            return new Failure.BuildInterrupted(WorldTrouble.Substituter, excerpt);
        }

        if (IsNetwork(all, own, builderFailed))
        {
            return new Failure.BuildInterrupted(WorldTrouble.Network, excerpt);
        }

        if (builderFailed)
        {
            return new Failure.BuildFailed(excerpt);
        }

        return IsHostTool(own) ? new Failure.HostToolFailed("nixos-rebuild", HostToolDetail(exitCode, own)) : new Failure.EvaluationFailed(excerpt);
    }

    private static string MemoryEnd(long bytes) =>
        string.Create(CultureInfo.InvariantCulture, $"The build was held to {bytes / (1024.0 * 1024):0} MiB of memory, and ran out of it.");

    /// <summary>Whether a line begins Nix's account of what went wrong, rather than of what followed from it.</summary>
    public static bool IsCause(string line) => line.StartsWith("error:", StringComparison.Ordinal) || line.StartsWith("fatal:", StringComparison.Ordinal);

    private static bool IsWarning(string line) => line.StartsWith("warning:", StringComparison.Ordinal) || line.StartsWith("evaluation warning:", StringComparison.Ordinal);

    // Nix quotes the end of a failed builder's log with this sign.
    private static bool IsQuotedLog(string line) => line.StartsWith('>');

    // With a failed builder in sight only what a fetcher prints counts; without one, any complaint about a connection.
    private static bool IsNetwork(List<string> all, List<string> own, bool builderFailed)
    {
        if (own.Any(line => GoneForGood().IsMatch(line)) || all.Any(line => FetcherGoneForGood().IsMatch(line)))
        {
            return false;
        }

        return all.Any(line => FetcherTrouble().IsMatch(line)) || (!builderFailed && own.Any(line => Network().IsMatch(line)));
    }

    // Neither an evaluation nor a build was reached.
    private static bool IsHostTool(List<string> own) =>
        own.Any(line => HostTool().IsMatch(line)) || !own.Any(line => line.StartsWith("error:", StringComparison.Ordinal));

    private static string HostToolDetail(int exitCode, List<string> own)
    {
        var last = own.LastOrDefault(line => HostTool().IsMatch(line)) ?? own.LastOrDefault() ?? "it said nothing";
        return $"exit {exitCode}: {PlainText.Line(last, 300)}";
    }

    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking;

    [GeneratedRegex(@"No space left on device|\bENOSPC\b|database or disk is full|Disk quota exceeded", Options)]
    private static partial Regex DiskFull();

    [GeneratedRegex(
        @"\bCannot allocate memory|^error: out of memory|std::bad_alloc|failed due to signal 9\b|failed with signal 9\b|killed by signal 9\b"
        + @"|Signals\.SIGKILL|(^|[ >:])Killed$|: line [0-9]+: +[0-9]+ Killed\b|virtual memory exhausted|Killed signal terminated program"
        + @"|^(GC Warning|Out of memory)|GC: out of memory|Too many heap sections|oom-kill",
        Options)]
    private static partial Regex OutOfMemory();

    [GeneratedRegex(@"^error: interrupted by the user|Signals\.SIG(TERM|INT|HUP)|failed due to signal (1|2|15)\b|^Terminated$", Options)]
    private static partial Regex KilledFromOutside();

    [GeneratedRegex(
        @"cannot connect to (socket|daemon)|cannot open connection to remote store|daemon disconnected|^error: unexpected end-of-file"
        + @"|database (file )?('[^']*' )?is (busy|locked)|database '[^']*' is (busy|locked)|unable to open database|database disk image is malformed|disk I/O error"
        + @"|opening lock file|^error: (opening|creating|cannot open|could not open|writing|creating directory) .*(Read-only file system|Input/output error)"
        + @"|^error: path '[^']*\.drv' is not valid|^error: writing to file: Broken pipe|Too many open files",
        Options)]
    private static partial Regex NixUnavailable();

    // A derivation that Nix itself wrote and cannot read any more; a path that is not what was registered.
    [GeneratedRegex(
        @"^(error: )*(… )?error parsing derivation '|^error: .*expected string 'D'|^(error: )?path '[^']*' (was modified! expected hash|disappeared)"
        + @"|^error: .*derivation '[^']*' (is corrupt|has incorrect output)",
        Options)]
    private static partial Regex StoreDamaged();

    [GeneratedRegex(@"timed out after (?<seconds>[0-9]{1,9}) seconds", Options)]
    private static partial Regex TimedOut();

    [GeneratedRegex(@"^error: (hash mismatch|NAR hash mismatch)|^error: .*(NAR hash|narHash) mismatch|^error: .*hash mismatch in (file|fixed-output|input)", Options)]
    private static partial Regex WrongHash();

    [GeneratedRegex(
        @"^error: unable to download '[^']*(\.narinfo|/nix-cache-info|\.nar(\.[a-z0-9]+)?|/nar/[^']*)'|^error: some (substitutes|outputs) .*(failed|not valid, so checking)"
        + @"|does not exist in binary cache|^error: .*substituter|^error: .*binary cache|lacks a (valid )?signature|is not signed by any of the keys",
        Options)]
    private static partial Regex Substituter();

    [GeneratedRegex(
        @"^error: unable to download '[^']*': HTTP error (404|410|451)|couldn't find remote ref|Remote branch .* not found|not our ref"
        + @"|^error: .*(Cannot find Git revision|cannot find branch|path '[^']*' does not exist)|does not exist in the repository",
        Options)]
    private static partial Regex GoneForGood();

    [GeneratedRegex(@"(^|> ?)(curl: \(22\) .*(404|410|451)|fatal: .*(couldn't find remote ref|not our ref|reference is not a tree))", Options)]
    private static partial Regex FetcherGoneForGood();

    [GeneratedRegex(
        @"^error: .*cannot download .* from any mirror|(^|> ?)error: cannot download .* from any mirror"
        + @"|(^|> ?)fatal: unable to access .*: (Could not resolve|Couldn't resolve|Failed to connect|Couldn't connect|Recv failure|SSL|gnutls|OpenSSL|The requested URL returned error: (403|429|5[0-9]{2})|Operation timed out|Connection)"
        + @"|(^|> ?)ssh: (connect to host|Could not resolve hostname)|(^|> ?)fatal: (early EOF|the remote end hung up)|(^|> ?)error: RPC failed"
        + @"|failed to start SSH connection|Failed to find a machine for remote build",
        Options)]
    private static partial Regex FetcherTrouble();

    [GeneratedRegex(
        @"(Couldn't|Could not) resolve (host|proxy)|Temporary failure in name resolution|Name or service not known|Failed to connect to|(Couldn't|Could not|Failed to) connect"
        + @"|Connection (refused|reset|timed out|was reset|closed)|Timeout was reached|Operation (timed out|too slow)|Network is unreachable|No route to host"
        + @"|SSL (connect error|peer certificate|certificate problem|routines)|Problem with the SSL CA cert|TLS (connect|handshake)|certificate verify failed"
        + @"|Could not read from remote repository|Host key verification failed|Permission denied \(publickey|HTTP error (401|403|407|408|429|5[0-9]{2})"
        + @"|^error: unable to download|^error: unable to fetch|^error: [Ff]ailed to fetch|^error: program 'git' failed|remote error: upload-pack"
        + @"|Transferred a partial file|HTTP/2 (stream|framing)|Failure when receiving data|error in the HTTP2 framing layer|rate limit",
        Options)]
    private static partial Regex Network();

    [GeneratedRegex(
        @"^error: (builder for '|Cannot build '|build of '|build log of '|[0-9]+ dependenc(y|ies) (of derivation|couldn't)|Build failed|derivation '[^']*' may not be deterministic)"
        + @"|^error: .*(builder .*failed with exit code|failed to produce output path|dependencies of derivation .* failed to build|is required to build '|failed due to signal)"
        + @"|^(Reason: builder failed|.*[0-9]+ dependencies failed)",
        Options)]
    private static partial Regex BuilderFailed();

    [GeneratedRegex(
        @"^nixos-rebuild: |^error: experimental (Nix )?feature '|^error: unrecogni[sz]ed (flag|option)|^ModuleNotFoundError|^Traceback \(most recent|command not found$|^error: executing '",
        Options)]
    private static partial Regex HostTool();
}
