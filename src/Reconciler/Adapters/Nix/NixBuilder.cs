using Reconciler.Adapters.Processes;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Adapters.Nix;

/// <summary>Builds with <c>nixos-rebuild build</c>.</summary>
/// <remarks>
/// The build runs as a child of the daemon, in its control group: stopping or losing the daemon ends it, and what was built stays in the store.
/// With <see cref="NixBuildSettings.Limits"/> it runs in a scope of its own, which ends with the daemon too.
/// Each purpose builds in a folder of its own, whose <c>result</c> link keeps the outcome from garbage collection until the next build there.
/// </remarks>
internal sealed partial class NixBuilder(
    NixBuildSettings settings, BuildPurpose purpose, IProcessRunner runner, TimeProvider clock, ILogger<NixBuilder> logger) : INixBuilder
{
    private readonly string _name = purpose switch
    {
        BuildPurpose.Deployment => "deployment",
        BuildPurpose.Plan => "plan",
        BuildPurpose.PullRequest => "pull-request",
        _ => throw new ArgumentOutOfRangeException(nameof(purpose)),
    };

    private string Folder => Path.Combine(settings.StateDirectory, "build", _name);

    private string Scope => $"reconciler-{_name}-build.scope";

    private string Result => Path.Combine(Folder, "result");

    /// <inheritdoc/>
    public async Task<BuildOutcome> BuildAsync(string workTree, IDeploymentLog log, CancellationToken cancellationToken)
    {
        LogBuilding(workTree, purpose);
        var began = clock.GetTimestamp();
        try
        {
            Directory.CreateDirectory(Folder);
            File.Delete(Result); // what an earlier build left must not pass for this one's
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Fail(IsDiskFull(e)
                ? new Failure.BuildInterrupted(WorldTrouble.DiskFull, e.Message)
                : new Failure.HostToolFailed("the build folder", e.Message));
        }

        // The ledger, confirming and rolling back need room too: what nobody has agreed to yet must leave it.
        if (settings.Limits is { } space && FreeSpace.Lacking(space.StoreDirectory, space.MinimumStoreFree) is { } lacking)
        {
            return Fail(lacking);
        }

        var lines = new LineLog(log);
        var request = CommandFor(workTree).WithNixEnvironment() with { WorkingDirectory = Folder, OnLine = line => lines.Write(line.Text) };
        return await RunAsync(request, cancellationToken) switch
        {
            ProcessOutcome.Exited { Succeeded: true } => await ReadAsync(clock.GetElapsedTime(began), cancellationToken),
            ProcessOutcome.Exited e => Fail(WithCure(BuildFailureClassifier.Classify(e.Code, e.Error, settings.Limits?.MemoryBytes))),
            ProcessOutcome.TimedOut t => Fail(new Failure.BuildTimedOut(t.Limit)),
            ProcessOutcome.NotStarted n => Fail(new Failure.HostToolFailed("nixos-rebuild", PlainText.Line(n.Detail, 300))),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private async Task<ProcessOutcome> RunAsync(ProcessRequest build, CancellationToken cancellationToken)
    {
        if (settings.Limits is not { } limits)
        {
            return await runner.RunAsync(build, cancellationToken);
        }

        if (!Directory.Exists(limits.SystemdDirectory))
        {
            return await runner.RunAsync(NixCommands.Yielding(build), cancellationToken);
        }

        try
        {
            return await runner.RunAsync(NixCommands.InScope(build, limits, Scope, ControlGroup.OwnService(limits.ControlGroupFile)), cancellationToken);
        }
        finally
        {
            // What was not below the build in the tree of processes lives on in the scope, and would keep its name. Mostly the scope is gone already.
            await runner.RunAsync(NixCommands.StopUnits(Scope), CancellationToken.None);
        }
    }

    private static Failure WithCure(Failure failure) => failure is Failure.EvaluationFailed f && f.Excerpt.Contains("forbidden in restricted mode", StringComparison.Ordinal)
        ? f with { Excerpt = f.Excerpt + "\nBefore it is merged, a configuration without flakes reads its own files, the search path, and what forge.plans.readable names." }
        : failure;

    private ProcessRequest CommandFor(string workTree) => purpose == BuildPurpose.PullRequest
        ? NixCommands.BuildUntrusted(
            SettingsFor(workTree), workTree,
            [.. settings.Readable, .. NixSearchPath.Ends(Environment.GetEnvironmentVariable("NIX_PATH"), settings.ExtraArguments)])
        : NixCommands.Build(SettingsFor(workTree), workTree);

    private NixBuildSettings SettingsFor(string workTree) => settings.Kind != NixBuildKind.Auto
        ? settings
        : settings with { Kind = File.Exists(Path.Combine(workTree, "flake.nix")) ? NixBuildKind.Flake : NixBuildKind.Plain };

    private async Task<BuildOutcome> ReadAsync(TimeSpan took, CancellationToken cancellationToken)
    {
        if (!Toplevel.TryParse(Links.Read(Result), out var toplevel))
        {
            return Fail(new Failure.HostToolFailed("nixos-rebuild", "it succeeded and left no result"));
        }

        if (Lacking(toplevel) is { } lacking)
        {
            // Nix takes for built what is registered, also when a power cut emptied it.
            var whole = await runner.RunAsync(NixCommands.VerifyPaths([toplevel.Path]).WithNixEnvironment(), cancellationToken);
            if (whole is ProcessOutcome.Exited { Succeeded: false } e && StoreVerdicts.Modified(e.Error).Contains(toplevel.Path))
            {
                return Fail(new Failure.BuildInterrupted(WorldTrouble.StoreDamaged, $"{toplevel.Path} is not what Nix has registered"));
            }

            return Fail(new Failure.BuildFailed($"{toplevel.Name} is no system that can be activated: it has no {lacking}"));
        }

        LogBuilt(toplevel, took);
        return new BuildOutcome.Built(toplevel);
    }

    private static string? Lacking(Toplevel toplevel)
    {
        const UnixFileMode executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        var program = NixCommands.SwitchProgram(toplevel);
        return !File.Exists(program) || (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(program) & executable) == 0) ? "bin/switch-to-configuration (is system.switch.enable off?)"
            : !File.Exists(toplevel.Path + "/nixos-version") ? "nixos-version"
            : null;
    }

    private BuildOutcome.Failed Fail(Failure failure)
    {
        LogFailed(FailureText.Headline(failure));
        return new BuildOutcome.Failed(failure);
    }

    private static bool IsDiskFull(Exception e) => (e.HResult & 0xFFFF) == 28 || e.Message.Contains("No space left", StringComparison.Ordinal);
}
