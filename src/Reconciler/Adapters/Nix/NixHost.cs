using System.Collections.Immutable;
using Polly;
using Reconciler.Adapters.Processes;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Adapters.Nix;

/// <summary>A NixOS host.</summary>
internal sealed partial class NixHost : INixHost
{
    private const int MostDeletedAtOnce = 200;

    private readonly NixHostSettings _settings;
    private readonly IProcessRunner _runner;
    private readonly TimeProvider _clock;
    private readonly StoreMark _mark;
    private readonly ILogger<NixHost> _logger;
    private readonly SystemLinks _links;
    private readonly SystemProfile _profile;
    private readonly HostPreview _preview;
    private readonly IDetachedRuns _runs;
    private readonly DebugRoots _debugRoots;
    private readonly ResiliencePipeline<ProcessOutcome> _retries;

    /// <summary>Makes the host of these paths. Where systemd runs, activations are units of their own; elsewhere they are children of the daemon.</summary>
    public NixHost(NixHostSettings settings, IProcessRunner runner, TimeProvider clock, ILogger<NixHost> logger)
    {
        _settings = settings;
        _runner = runner;
        _clock = clock;
        _mark = new StoreMark(settings);
        _logger = logger;
        _retries = NixRetries.Of(clock);
        _links = new SystemLinks(settings);
        _profile = new SystemProfile(settings.Profile, settings.StoreDirectory);
        _preview = new HostPreview(settings, _links, runner);
        _debugRoots = new DebugRoots(settings.GcRootDirectory, settings.KeepFailed);
        _runs = Directory.Exists(settings.SystemdDirectory)
            ? new SystemdRuns(Path.Combine(settings.StateDirectory, "activations"), runner, clock, logger, services: settings.ServicesControlGroup)
            : new DirectRuns(runner, clock);
    }

    /// <inheritdoc/>
    public HostState Observe() => _links.Read();

    /// <inheritdoc/>
    public IReadOnlyList<Generation> Generations() => _profile.Read();

    /// <inheritdoc/>
    public Task<PreviewOutcome> PreviewAsync(Toplevel toplevel, IDeploymentLog log, CancellationToken cancellationToken) =>
        _preview.RunAsync(toplevel, log, cancellationToken);

    /// <inheritdoc/>
    public async Task<Failure?> FlushStoreAsync(CancellationToken cancellationToken)
    {
        var paths = new[] { _settings.StoreDirectory, Path.GetDirectoryName(_settings.Profile)!, _settings.BootDirectory };
        var began = _clock.GetUtcNow();
        var outcome = await _runner.RunAsync(ProcessRequest.Sync(paths.Where(Directory.Exists)), cancellationToken);
        if (outcome.IsSuccess)
        {
            _mark.Flushed(began);
        }

        return outcome.IsSuccess ? null : new Failure.HostToolFailed("sync", PlainText.Line(outcome.Describe("sync"), 400));
    }

    /// <inheritdoc/>
    public async Task<ActivationOutcome> ActivateAsync(ActivationName name, Toplevel toplevel, IDeploymentLog log, CancellationToken cancellationToken)
    {
        var run = new DetachedRun(
            DetachedUnits.NameOf(name), $"Reconciler: {name.Purpose} of deployment {name.Deployment}",
            NixCommands.SwitchProgram(toplevel), ["test"], _settings.ActivationTimeout);
        var end = await _runs.RunAsync(run, new LineLog(log), cancellationToken);
        if (end is DetachedEnd.NotStarted trouble)
        {
            log.Write($"the activation could not be started: {trouble.Detail}");
            LogFailed("the activation could not be started", trouble.Detail);
        }

        return SwitchExit.Outcome(end);
    }

    /// <inheritdoc/>
    public async Task<ActivationSighting> FindActivationAsync(ActivationName name, CancellationToken cancellationToken) =>
        await _runs.FindAsync(DetachedUnits.NameOf(name), cancellationToken) switch
        {
            DetachedSighting.Running => new ActivationSighting.Running(),
            DetachedSighting.Ended ended => new ActivationSighting.Ended(SwitchExit.Outcome(ended.End)),
            DetachedSighting.NotFound => new ActivationSighting.NotFound(),

            // Awaiting it asks again and again, which is what an unanswered question needs; taking it for lost would start it twice.
            DetachedSighting.Unknown => new ActivationSighting.Running(),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    /// <inheritdoc/>
    public async Task<ActivationOutcome> AwaitActivationAsync(ActivationName name, IDeploymentLog log, CancellationToken cancellationToken) =>
        SwitchExit.Outcome(await _runs.AwaitAsync(DetachedUnits.NameOf(name), new LineLog(log), cancellationToken));

    /// <inheritdoc/>
    public async Task<ProfileOutcome> SetProfileAsync(Toplevel toplevel, CancellationToken cancellationToken)
    {
        if (_profile.Current() is { } current && current.Toplevel == toplevel)
        {
            return new ProfileOutcome.Set(current.Number);
        }

        var outcome = await TryAsync(NixCommands.SetProfile(_settings.Profile, toplevel), cancellationToken);
        if (_profile.Current() is { } now && now.Toplevel == toplevel)
        {
            LogProfileSet(now.Number, toplevel);
            return new ProfileOutcome.Set(now.Number);
        }

        var detail = PlainText.Line(outcome.IsSuccess ? $"nix-env succeeded, and {_settings.Profile} still points elsewhere" : outcome.Describe("nix-env"), 400);
        LogFailed("the profile could not be moved", detail);
        return new ProfileOutcome.Failed(new Failure.BootEntryFailed(detail));
    }

    /// <inheritdoc/>
    public async Task<Failure?> WriteBootEntryAsync(Toplevel toplevel, IDeploymentLog log, CancellationToken cancellationToken)
    {
        var lines = new LineLog(log);

        // One that a dead daemon left may be for another system: let it end, then write ours.
        var run = new DetachedRun(
            DetachedUnits.BootEntry, $"Reconciler: boot entry of {toplevel.Name}", NixCommands.SwitchProgram(toplevel), ["boot"], _settings.ActivationTimeout)
        {
            IsUnique = false,
        };
        var failure = SwitchExit.BootEntry(await _runs.RunAsync(run, lines, cancellationToken));
        if (failure is not null)
        {
            LogFailed("the boot entry could not be written", FailureText.Headline(failure));
        }

        return failure;
    }

    /// <inheritdoc/>
    public Task KeepToReturnToAsync(Toplevel toplevel, CancellationToken cancellationToken)
    {
        try
        {
            _debugRoots.SetReturn(toplevel);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotKept(toplevel, e.Message);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task KeepForDebuggingAsync(DeploymentId deployment, Toplevel toplevel, CancellationToken cancellationToken)
    {
        try
        {
            _debugRoots.Add(deployment, toplevel);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotKept(toplevel, e.Message);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task PruneGenerationsAsync(IReadOnlyCollection<Toplevel> protect, CancellationToken cancellationToken)
    {
        var host = Observe();
        HashSet<Toplevel> kept = [.. protect, .. new[] { host.Running, host.Booted, host.BootDefault }.OfType<Toplevel>()];
        foreach (var numbers in GenerationPruning.Choose(Generations(), _settings.KeepGenerations, kept).Chunk(MostDeletedAtOnce))
        {
            try
            {
                var outcome = await TryAsync(NixCommands.DeleteGenerations(_settings.Profile, numbers), cancellationToken);
                if (!outcome.IsSuccess)
                {
                    LogNotPruned(PlainText.Line(outcome.Describe("nix-env"), 400));
                    return;
                }

                LogPruned(string.Join(' ', numbers));
            }
            catch (OperationCanceledException)
            {
                return; // The next confirmation prunes again.
            }
        }
    }

    private async Task<ProcessOutcome> TryAsync(ProcessRequest request, CancellationToken cancellationToken) =>
        await _retries.ExecuteAsync(async token => await _runner.RunAsync(request.WithNixEnvironment(), token), cancellationToken);
}
