using System.Collections.Immutable;
using Reconciler.Adapters.Processes;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Adapters.Nix;

/// <summary>Finds and removes damaged paths of a Nix store, without a network.</summary>
/// <remarks>
/// Nix does not flush what it builds, while its database is flushed: after a power cut paths may be registered and empty. <c>nix-store --verify --repair</c>
/// needs a binary cache; a path that is deleted with all that refers to it is simply built again.
/// </remarks>
internal sealed partial class StoreCare : IStoreCare
{
    private const int AtOnce = 100;
    private const int Named = 5;

    // The clock may have been set since, and a path is registered some time after it was built.
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan FarewellFlush = TimeSpan.FromSeconds(30);

    private readonly NixHostSettings _settings;
    private readonly IProcessRunner _runner;
    private readonly TimeProvider _clock;
    private readonly ILogger<StoreCare> _logger;
    private readonly StoreMark _mark;
    private readonly StoreRoots _roots;

    /// <summary>Begins to look after the store.</summary>
    public StoreCare(NixHostSettings settings, IProcessRunner runner, TimeProvider clock, ILogger<StoreCare> logger)
    {
        (_settings, _runner, _clock, _logger) = (settings, runner, clock, logger);
        _mark = new StoreMark(settings);
        _roots = new StoreRoots(settings);
        try
        {
            IsSuspect = _mark.Open(clock.GetUtcNow());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNoMark(e.Message);
        }
    }

    /// <inheritdoc/>
    public bool IsSuspect { get; private set; }

    /// <inheritdoc/>
    public async Task<StoreLook> MendAsync(IReadOnlyCollection<Toplevel> keep, bool everything, CancellationToken cancellationToken)
    {
        try
        {
            var suspects = await SuspectsAsync(everything, cancellationToken);
            var damaged = await DamagedAsync(suspects, cancellationToken);
            LogLooked(suspects.Count, damaged.Count);
            return damaged.Count == 0 ? new StoreLook.Done(0, 0, [], null) : await RemoveAsync(damaged, await ClosuresAsync(keep, cancellationToken), cancellationToken);
        }
        catch (NixTroubleException trouble)
        {
            return new StoreLook.Failed(new Failure.HostToolFailed(trouble.Program, trouble.Message));
        }
    }

    /// <inheritdoc/>
    public async Task ConcludeAsync(CancellationToken cancellationToken)
    {
        IsSuspect = false;
        await MarkAsync(isClosed: false, TimeSpan.FromMinutes(10), cancellationToken);
    }

    /// <summary>The daemon ends in order: flushes the store, so that the next start need not look. Never throws.</summary>
    public async Task CloseAsync()
    {
        if (!IsSuspect)
        {
            await MarkAsync(isClosed: true, FarewellFlush, CancellationToken.None);
        }
    }

    private async Task MarkAsync(bool isClosed, TimeSpan patience, CancellationToken cancellationToken)
    {
        var began = _clock.GetUtcNow();
        var flushed = await _runner.RunAsync(ProcessRequest.Sync(_settings.StoreDirectory) with { Timeout = patience }, cancellationToken);
        try
        {
            if (flushed.IsSuccess)
            {
                _mark.Write(began, isClosed);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNoMark(e.Message);
        }
    }

    private async Task<List<string>> SuspectsAsync(bool everything, CancellationToken cancellationToken)
    {
        var listed = await AskAsync(NixCommands.AllPaths(), cancellationToken);
        var paths = StorePath.Parse(listed.Output, _settings.StoreDirectory) ?? throw new NixTroubleException("its answer is not understood") { Program = "nix path-info" };
        var since = _mark.FlushedAt - Slack;
        return await Task.Run(
            () => paths.Where(path => path.RegisteredAt >= since || (everything && NarSize.OfPath(path.Path) != path.NarSize)).Select(path => path.Path).ToList(),
            cancellationToken);
    }

    private async Task<List<string>> DamagedAsync(List<string> suspects, CancellationToken cancellationToken)
    {
        var damaged = suspects.Where(path => !Exists(path)).ToList();
        foreach (var some in suspects.Except(damaged).Chunk(AtOnce))
        {
            damaged.AddRange(await DamagedAmongAsync(some, cancellationToken));
        }

        return damaged;
    }

    private async Task<IReadOnlyCollection<string>> DamagedAmongAsync(string[] paths, CancellationToken cancellationToken)
    {
        var verdict = await RunAsync(NixCommands.VerifyPaths(paths), cancellationToken);
        if (verdict.IsSuccess)
        {
            return [];
        }

        if (verdict is not ProcessOutcome.Exited ended)
        {
            throw new NixTroubleException(PlainText.Line(verdict.Describe("nix-store"), 300));
        }

        // It goes on after a path with a wrong hash, and stops at any other trouble: then which one it was is asked of each.
        var modified = StoreVerdicts.Modified(ended.Error);
        var isPlain = modified.Count > 0 && !ended.Error.Contains("error:", StringComparison.Ordinal);
        return isPlain ? modified
            : paths.Length > 1 ? await DamagedOneByOneAsync(paths, cancellationToken)
            : ended.Error.Contains("is not valid", StringComparison.Ordinal) ? []
            : paths;
    }

    private async Task<IReadOnlyCollection<string>> DamagedOneByOneAsync(string[] paths, CancellationToken cancellationToken)
    {
        List<string> damaged = [];
        foreach (var path in paths)
        {
            damaged.AddRange(await DamagedAmongAsync([path], cancellationToken));
        }

        return damaged;
    }

    private async Task<HashSet<string>> ClosuresAsync(IReadOnlyCollection<Toplevel> keep, CancellationToken cancellationToken)
    {
        HashSet<string> closures = [];
        foreach (var toplevel in keep)
        {
            closures.UnionWith(Lines((await AskAsync(NixCommands.Closure(toplevel), cancellationToken)).Output));
        }

        return closures;
    }

    private async Task<StoreLook> RemoveAsync(List<string> damaged, HashSet<string> kept, CancellationToken cancellationToken)
    {
        // What a kept system is made of refers to nothing damaged but what is kept itself, so what refers to the others is no part of it.
        var removable = damaged.Where(path => !kept.Contains(path)).ToList();
        HashSet<string> doomed = [];
        foreach (var some in removable.Chunk(AtOnce))
        {
            doomed.UnionWith(Lines((await AskAsync(NixCommands.Referrers(some), cancellationToken)).Output));
        }

        doomed.ExceptWith(kept);
        _roots.Release(doomed);
        foreach (var some in doomed.Chunk(AtOnce))
        {
            if (!(await RunAsync(NixCommands.DeletePaths(some), cancellationToken)).IsSuccess)
            {
                await DeleteOneByOneAsync(some, cancellationToken);
            }
        }

        var gone = await GoneAsync(doomed, cancellationToken);
        var left = damaged.Where(path => !gone.Contains(path)).ToList();
        return new StoreLook.Done(
            damaged.Count, gone.Count, [.. damaged.Take(Named)],
            left.Count == 0 ? null : new StoreDamage([.. left.OrderByDescending(kept.Contains).Take(Named)], left.Count, left.Any(kept.Contains)));
    }

    private async Task DeleteOneByOneAsync(string[] paths, CancellationToken cancellationToken)
    {
        foreach (var path in paths)
        {
            var deleted = await RunAsync(NixCommands.DeletePaths([path]), cancellationToken);
            if (!deleted.IsSuccess)
            {
                LogNotRemoved(path, PlainText.Line(deleted.Describe("nix-store"), 300));
            }
        }
    }

    private async Task<HashSet<string>> GoneAsync(IEnumerable<string> paths, CancellationToken cancellationToken)
    {
        HashSet<string> gone = [];
        foreach (var some in paths.Chunk(AtOnce))
        {
            gone.UnionWith(Lines((await AskAsync(NixCommands.InvalidPaths(some), cancellationToken)).Output));
        }

        return gone;
    }

    private async Task<ProcessOutcome.Exited> AskAsync(ProcessRequest request, CancellationToken cancellationToken) =>
        await RunAsync(request, cancellationToken) switch
        {
            ProcessOutcome.Exited { Succeeded: true } answer => answer,
            var trouble => throw new NixTroubleException(PlainText.Line(trouble.Describe(request.Program), 300)) { Program = request.Program },
        };

    private Task<ProcessOutcome> RunAsync(ProcessRequest request, CancellationToken cancellationToken) => _runner.RunAsync(request.WithNixEnvironment(), cancellationToken);

    private static bool Exists(string path) => Path.Exists(path) || new FileInfo(path).LinkTarget is not null;

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    [LoggerMessage(Level = LogLevel.Information, Message = "Of the paths in the store {Suspects} were checked; {Damaged} are damaged")]
    private partial void LogLooked(int suspects, int damaged);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The damaged {Path} cannot be removed: {Detail}")]
    private partial void LogNotRemoved(string path, string detail);

    [LoggerMessage(Level = LogLevel.Warning, Message = "When the store was flushed last cannot be written down, so that damage by a power cut may be found late: {Detail}")]
    private partial void LogNoMark(string detail);
}
