using System.Collections.Immutable;
using System.Globalization;
using Reconciler.Adapters.Processes;
using Reconciler.Model;

namespace Reconciler.Adapters.Nix;

/// <summary>Every command line of this adapter, as values.</summary>
internal static class NixCommands
{
    /// <summary>A unit of an earlier <c>nixos-rebuild</c> carries this name.</summary>
    public const string RebuildUnit = "nixos-rebuild-switch-to-configuration.service";

    private static readonly TimeSpan Short = TimeSpan.FromSeconds(30);

    /// <summary>Every exit code and signal is a clean end to systemd, so that an activation that failed is not itself listed as a failed unit; which it was is kept.</summary>
    private static readonly string AnyEnd = "SuccessExitStatus=" + string.Join(' ', Enumerable.Range(1, 255))
        + " SIGKILL SIGABRT SIGSEGV SIGBUS SIGILL SIGFPE SIGQUIT SIGTRAP SIGSYS";

    /// <summary>Builds the system of a work tree; <c>./result</c> in the folder it runs in then protects it.</summary>
    /// <remarks>
    /// A flake is named by its plain path: Nix sees the git work tree there, counts tracked files only and knows the commit.
    /// A lock file that is missing or stale must not be written there: the tree would no longer be the commit.
    /// <c>build</c> runs no code of the repository's own <c>nixos-rebuild</c>, so nothing has to be said about that.
    /// </remarks>
    public static ProcessRequest Build(NixBuildSettings settings, string workTree) =>
        ProcessRequest.Of("nixos-rebuild", ["build", .. Source(settings, workTree), .. settings.ExtraArguments]) with { Timeout = settings.Timeout };

    /// <summary>
    /// The build of a work tree nobody has agreed to yet. Its own <c>nixConfig</c> counts for nothing, whatever the host says: with it a flake
    /// could name hooks that nix runs as root. And it reads nothing of the host: a flake cannot, and anything else is evaluated in Nix's restricted
    /// mode, where only the search path can be read, and fetched only what is encrypted on its way.
    /// </summary>
    /// <param name="settings">How systems are built.</param>
    /// <param name="workTree">The work tree.</param>
    /// <param name="readable">Folders and files it may read besides the search path as it is written; see <see cref="NixSearchPath"/>.</param>
    public static ProcessRequest BuildUntrusted(NixBuildSettings settings, string workTree, IEnumerable<string> readable)
    {
        var build = Build(settings, workTree);
        ImmutableArray<string> restriction = settings.Kind == NixBuildKind.Flake
            ? []
            :
            [
                "--option", "restrict-eval", "true", "--option", "allowed-uris", "https:// github: gitlab: git+https:// tarball+https://",
                .. readable.Prepend(workTree).Distinct(StringComparer.Ordinal).SelectMany((path, number) => new[] { "-I", string.Create(CultureInfo.InvariantCulture, $"reconciler-{number}={path}") }),
            ];
        return build with { Arguments = build.Arguments.AddRange("--option", "accept-flake-config", "false").AddRange(restriction) };
    }

    /// <summary>Runs a build within limits: in a scope of systemd, where the kernel holds it to them.</summary>
    /// <remarks>
    /// systemd-run makes the scope and then becomes the program, so output, exit code, environment, working directory and process id stay the
    /// same. Being in the scope, the build is no longer in the daemon's control group: <c>BindsTo</c> ends it with the daemon all the same. All its
    /// processes are killed at once when memory runs out (<c>OOMPolicy</c>), so that the exit code tells it.
    /// </remarks>
    public static ProcessRequest InScope(ProcessRequest build, NixBuildLimits limits, string scope, string? service) =>
        build with
        {
            Program = "systemd-run",
            Arguments =
            [
                "--scope", "--quiet", "--no-ask-password", "--collect", "--unit=" + scope, "--slice=" + limits.Slice,
                "--property=MemoryMax=" + limits.MemoryBytes.ToString(CultureInfo.InvariantCulture), "--property=MemorySwapMax=0",
                "--property=OOMPolicy=kill", "--property=CPUWeight=10", "--property=IOWeight=10", "--property=TimeoutStopSec=5",
                .. service is null ? ImmutableArray<string>.Empty : ["--property=BindsTo=" + service],
                "--", .. Yielding(build).Arguments.Insert(0, "nice"),
            ],
        };

    /// <summary>Runs a build with the priority of what can wait.</summary>
    public static ProcessRequest Yielding(ProcessRequest build) =>
        build with { Program = "nice", Arguments = ["-n", "15", build.Program, .. build.Arguments] };

    /// <summary>Says which units a system would touch.</summary>
    public static ProcessRequest DryActivate(Toplevel toplevel, TimeSpan timeout) =>
        ProcessRequest.Of(SwitchProgram(toplevel), "dry-activate") with { Timeout = timeout };

    /// <summary>Lists a closure, one store path a line.</summary>
    public static ProcessRequest Closure(Toplevel toplevel) =>
        ProcessRequest.Of("nix-store", "--query", "--requisites", toplevel.Path) with { KeepCharacters = 8 * 1024 * 1024 };

    /// <summary>Lists all valid paths with when they were registered and how large they are, in JSON whose shape depends on the version of Nix.</summary>
    public static ProcessRequest AllPaths() =>
        ProcessRequest.Of("nix", "--extra-experimental-features", "nix-command", "path-info", "--all", "--json") with
        {
            KeepCharacters = 128 * 1024 * 1024,
            Timeout = TimeSpan.FromMinutes(5),
        };

    /// <summary>Reads paths and compares them with the hashes they were registered with.</summary>
    public static ProcessRequest VerifyPaths(IEnumerable<string> paths) =>
        ProcessRequest.Of("nix-store", ["--verify-path", .. paths]) with { Timeout = TimeSpan.FromMinutes(30) };

    /// <summary>Lists paths with all that refers to them, directly or not.</summary>
    public static ProcessRequest Referrers(IEnumerable<string> paths) =>
        ProcessRequest.Of("nix-store", ["--query", "--referrers-closure", .. paths]) with { KeepCharacters = 8 * 1024 * 1024 };

    /// <summary>Removes paths that nothing holds.</summary>
    public static ProcessRequest DeletePaths(IEnumerable<string> paths) =>
        ProcessRequest.Of("nix-store", ["--option", "keep-derivations", "false", "--option", "keep-outputs", "false", "--delete", .. paths]) with { Timeout = TimeSpan.FromMinutes(10) };

    /// <summary>Lists those of these paths that are not registered.</summary>
    public static ProcessRequest InvalidPaths(IEnumerable<string> paths) =>
        ProcessRequest.Of("nix-store", ["--check-validity", "--print-invalid", .. paths]) with { KeepCharacters = 8 * 1024 * 1024 };

    /// <summary>Lists a closure: a line with path and bytes for each.</summary>
    public static ProcessRequest ClosureWithSizes(Toplevel toplevel) =>
        ProcessRequest.Of("nix", "--extra-experimental-features", "nix-command", "path-info", "--recursive", "--size", toplevel.Path) with { KeepCharacters = 8 * 1024 * 1024 };

    /// <summary>Makes a system the profile's current generation.</summary>
    public static ProcessRequest SetProfile(string profile, Toplevel toplevel) =>
        ProcessRequest.Of("nix-env", "--profile", profile, "--set", toplevel.Path) with { Timeout = TimeSpan.FromMinutes(5) };

    /// <summary>Deletes generations by number. Never <c>old</c>, which would delete newer ones too.</summary>
    public static ProcessRequest DeleteGenerations(string profile, IEnumerable<int> numbers) =>
        ProcessRequest.Of("nix-env", ["--profile", profile, "--delete-generations", .. numbers.Select(n => n.ToString(CultureInfo.InvariantCulture))])
            with
        { Timeout = TimeSpan.FromMinutes(5) };

    /// <summary>Starts a program as a unit of its own, which outlives the daemon, and returns at once.</summary>
    /// <remarks>
    /// Not <c>oneshot</c>: its start job would stay queued for as long as the switch runs, and a switch waits for queued jobs. Not waiting here:
    /// the connection is cut when the switch re-executes systemd. <c>RemainAfterExit</c> keeps the exit code readable; <c>OOMPolicy</c> stops
    /// systemd from ending a half-done switch because one process in it ran out of memory.
    /// </remarks>
    public static ProcessRequest StartDetached(DetachedRun run, string outputFile, string? localeArchive) =>
        ProcessRequest.Of(
            "systemd-run",
            [
                "--quiet", "--no-ask-password", "--no-block", "--unit=" + run.Unit, "--description=" + run.Description, "--service-type=exec",
                "--property=RemainAfterExit=yes", "--property=" + AnyEnd,
                "--property=RuntimeMaxSec=" + Seconds(run.Timeout), "--property=TimeoutStopSec=30", "--property=OOMPolicy=continue",
                "--property=StandardOutput=append:" + outputFile, "--property=StandardError=append:" + outputFile,
                "--setenv=NIXOS_INSTALL_BOOTLOADER=0",
                .. localeArchive is null ? ImmutableArray<string>.Empty : ["--setenv=LOCALE_ARCHIVE=" + localeArchive],
                "--", run.Program, .. run.Arguments,
            ]) with
        { Timeout = Short };

    /// <summary>How the units of the dead-man's switch are called; a deployment and a number follow.</summary>
    public const string DeadMansUnit = "reconciler-dead-mans-switch";

    /// <summary>Starts a timer that runs a program once, later, whatever becomes of the daemon.</summary>
    /// <remarks>
    /// The time counts while the machine runs: a suspended machine serves nobody, and is not put back while it sleeps. The program may wait for an
    /// hour and then act for as long; killed while it waits it is started again, killed while it acts it finds nothing more to do.
    /// </remarks>
    public static ProcessRequest StartDeadMansTimer(string unit, string program, ImmutableArray<string> arguments, TimeSpan after) =>
        ProcessRequest.Of(
            "systemd-run",
            [
                "--quiet", "--no-ask-password", "--collect", "--unit=" + unit, "--description=Reconciler: puts the host back unless the trial is ended",
                "--on-active=" + Seconds(after) + "s", "--timer-property=AccuracySec=1s", "--timer-property=RemainAfterElapse=no",
                "--service-type=exec", "--property=RuntimeMaxSec=7200", "--property=OOMPolicy=continue", "--property=Restart=on-failure",
                "--", program, .. arguments,
            ]) with
        { Timeout = Short };

    /// <summary>Starts a unit that is loaded, and does not wait for it.</summary>
    public static ProcessRequest StartUnit(string unit) => ProcessRequest.Of("systemctl", "start", "--no-block", unit) with { Timeout = Short };

    /// <summary>Asks for what <see cref="UnitState"/> reads.</summary>
    public static ProcessRequest ShowUnit(string unit) =>
        ProcessRequest.Of("systemctl", "show", "--property=LoadState,ActiveState,SubState,Result,ExecMainCode,ExecMainStatus,MainPID,Job", unit) with { Timeout = Short };

    /// <summary>Lists the units this adapter has started.</summary>
    public static ProcessRequest ListDetached() =>
        ProcessRequest.Of("systemctl", ["list-units", "--all", "--plain", "--no-legend", "--full", .. DetachedUnits.Patterns]) with { Timeout = Short };

    /// <summary>Unloads units that have ended.</summary>
    public static ProcessRequest StopUnits(params IEnumerable<string> units) => ProcessRequest.Of("systemctl", ["stop", .. units]) with { Timeout = TimeSpan.FromMinutes(1) };

    /// <summary>Unloads units that have failed.</summary>
    public static ProcessRequest ResetFailed(IEnumerable<string> units) => ProcessRequest.Of("systemctl", ["reset-failed", .. units]) with { Timeout = Short };

    /// <summary>The switch program of a system.</summary>
    public static string SwitchProgram(Toplevel toplevel) => toplevel.Path + "/bin/switch-to-configuration";

    private static ImmutableArray<string> Source(NixBuildSettings settings, string workTree) => settings switch
    {
        { Kind: NixBuildKind.Flake } => ["--flake", FlakeReference(settings, workTree), "--no-write-lock-file"],
        { File: null, Attribute: null } => ["--no-flake", "-I", $"nixos-config={workTree}/{settings.ConfigurationFile}"],
        { Attribute: null } => ["--file", $"{workTree}/{settings.File}"],
        _ => ["--file", $"{workTree}/{settings.File ?? "default.nix"}", "--attr", settings.Attribute],
    };

    private static string FlakeReference(NixBuildSettings settings, string workTree)
    {
        var tree = settings.FlakeSubmodules ? $"git+file://{Uri.EscapeDataString(workTree).Replace("%2F", "/", StringComparison.Ordinal)}?submodules=1" : workTree;
        return settings.FlakeAttribute is { } attribute ? $"{tree}#{attribute}" : tree;
    }

    private static string Seconds(TimeSpan time) => Math.Max(1, (long)Math.Ceiling(time.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
}
