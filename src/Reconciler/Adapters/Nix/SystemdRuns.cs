using Reconciler.Adapters.Processes;

namespace Reconciler.Adapters.Nix;

/// <summary>Runs programs as transient units of systemd.</summary>
/// <remarks>
/// A unit that has ended stays loaded, and with it its exit code, until the next run is started: a daemon that died in between finds it again
/// by name. Output goes to a file, since the reader may be another process than the starter.
/// </remarks>
internal sealed partial class SystemdRuns(
    string folder, IProcessRunner runner, TimeProvider clock, ILogger logger, string processes = "/proc", string services = "/sys/fs/cgroup/system.slice") : IDetachedRuns
{
    private const double Lateness = 0.1;
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    /// <summary>systemd does not answer while it re-executes itself; after this time without an answer the wait is given up.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>As above, while nothing has been started yet and giving up loses nothing.</summary>
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(1);

    /// <summary>systemd is asked at least this often about a run that goes on.</summary>
    private static readonly TimeSpan LongestUnasked = TimeSpan.FromSeconds(10);

    /// <summary>The process of a unit that was just started is looked for this often before systemd is asked for it.</summary>
    private const int Looks = 10;

    private readonly ProcessWatch _watch = new(processes, clock);
    private readonly UnitProcesses _services = new(services);

    // Those of ours that have ended and are still loaded, when no other is; null when that is not known and systemd must be asked.
    private IReadOnlyList<EndedUnit>? _ended;

    /// <inheritdoc/>
    public async Task<DetachedEnd> RunAsync(DetachedRun run, LineLog log, CancellationToken cancellationToken)
    {
        var known = _ended;
        _ended = null;
        var end = known is not null && known.All(unit => unit.Name != run.Unit) && PrepareFolder() is null && (await StartAsync(run, known, cancellationToken)).IsSuccess
            ? await AwaitStartedAsync(run.Unit, log, cancellationToken)
            : await LookAndRunAsync(run, log, cancellationToken);
        _ended = end is DetachedEnd.Exited ? [new EndedUnit(run.Unit, HasFailed: false)] : null;
        return end;
    }

    // After all of an earlier daemon's have ended.
    private async Task<DetachedEnd> LookAndRunAsync(DetachedRun run, LineLog log, CancellationToken cancellationToken)
    {
        var listing = runner.RunAsync(NixCommands.ListDetached(), cancellationToken);
        var sighting = await SightAsync(run.Unit, cancellationToken);
        var first = await listing;
        switch (sighting)
        {
            case DetachedSighting.Running when run.IsUnique:
                LogJoined(run.Unit);
                return await AwaitAsync(run.Unit, log, cancellationToken);
            case DetachedSighting.Running:
                LogWaiting(run.Unit, run.Unit);
                await AwaitAsync(run.Unit, log, cancellationToken);
                first = await runner.RunAsync(NixCommands.ListDetached(), cancellationToken);
                break;
            case DetachedSighting.Unknown unknown:
                LogNotStarted(run.Unit, unknown.Detail);
                return new DetachedEnd.NotStarted(unknown.Detail);
        }

        var (hindrance, ended) = await WaitForOthersAsync(run, first, log, cancellationToken);
        if (hindrance is not null)
        {
            return hindrance;
        }

        await ClearAsync(ended.Where(unit => unit.Name == run.Unit), cancellationToken);
        if (PrepareFolder() is { } trouble)
        {
            LogNotStarted(run.Unit, trouble);
            return new DetachedEnd.NotStarted(trouble);
        }

        var started = await StartAsync(run, ended.Where(unit => unit.Name != run.Unit), cancellationToken);

        // Whatever systemd-run says, the unit is the truth: it may have failed only in telling.
        // Only a clear "there is none" means that nothing was done.
        if (!started.IsSuccess && await SightAsync(run.Unit, cancellationToken) is DetachedSighting.NotFound)
        {
            var detail = PlainText.Line(started.Describe("systemd-run"), 400);
            LogNotStarted(run.Unit, detail);
            return new DetachedEnd.NotStarted(detail);
        }

        return await AwaitStartedAsync(run.Unit, log, cancellationToken);
    }

    private async Task<ProcessOutcome> StartAsync(DetachedRun run, IEnumerable<EndedUnit> ended, CancellationToken cancellationToken)
    {
        Delete(OutputPath(run.Unit));
        var starting = runner.RunAsync(
            NixCommands.StartDetached(run, OutputPath(run.Unit), Environment.GetEnvironmentVariable("LOCALE_ARCHIVE")), cancellationToken);
        await Task.WhenAll(starting, ClearAsync(ended, cancellationToken));
        return await starting;
    }

    // The kernel tells the process of a unit that was just started, so systemd need not be asked for it.
    private async Task<DetachedEnd> AwaitStartedAsync(string unit, LineLog log, CancellationToken cancellationToken)
    {
        LogStarted(unit);
        var output = new OutputFile(OutputPath(unit), log.Write);
        var began = clock.GetTimestamp();
        for (var look = 0; look < Looks && _services.Any(unit) is { } isSeen; look++)
        {
            if (isSeen && _services.First(unit) is > 0 and var process)
            {
                await _watch.UntilGoneAsync(process, began, LongestUnasked, () => output.Read(), cancellationToken);
                break;
            }

            await Task.Delay(ShortestPause, clock, cancellationToken);
        }

        return await AwaitAsync(unit, output, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<DetachedEnd> AwaitAsync(string unit, LineLog log, CancellationToken cancellationToken) =>
        AwaitAsync(unit, new OutputFile(OutputPath(unit), log.Write), cancellationToken);

    private async Task<DetachedEnd> AwaitAsync(string unit, OutputFile output, CancellationToken cancellationToken)
    {
        var lastAnswer = clock.GetTimestamp();
        var began = clock.GetTimestamp();
        var asking = began;
        while (true)
        {
            var sighting = await FindAsync(unit, cancellationToken);
            output.Read(isLast: sighting is DetachedSighting.Ended);
            switch (sighting)
            {
                case DetachedSighting.Ended ended:
                    return ended.End;
                case DetachedSighting.NotFound:
                    return new DetachedEnd.Cut("its unit was removed", OutputFile.Tail(OutputPath(unit)));
                case DetachedSighting.Unknown unknown when clock.GetElapsedTime(lastAnswer) > Patience:
                    return new DetachedEnd.Cut("lost from sight", unknown.Detail);
                case DetachedSighting.Unknown unknown:
                    LogUnknown(unit, unknown.Detail);
                    break;
                default:
                    lastAnswer = clock.GetTimestamp();
                    break;
            }

            // systemd has heard of the end by the time the process is gone from the kernel's list, so it is asked only then.
            if (sighting is DetachedSighting.Running { MainProcess: > 0 and var process }
                && await _watch.UntilGoneAsync(process, began, LongestUnasked, () => output.Read(), cancellationToken))
            {
                asking = clock.GetTimestamp();
                continue;
            }

            await Task.Delay(PauseAfter(clock.GetElapsedTime(asking)), clock, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async Task<DetachedSighting> FindAsync(string unit, CancellationToken cancellationToken)
    {
        var outcome = await runner.RunAsync(NixCommands.ShowUnit(unit), cancellationToken);
        return outcome is ProcessOutcome.Exited { Succeeded: true } shown && UnitState.Parse(shown.Output) is { } state
            ? state.Sighting(() => OutputFile.Tail(OutputPath(unit)))
            : new DetachedSighting.Unknown(PlainText.Line(outcome.Describe("systemctl show"), 300));
    }

    // Asks again while nobody can say.
    private async Task<DetachedSighting> SightAsync(string unit, CancellationToken cancellationToken)
    {
        var begun = clock.GetTimestamp();
        for (var pause = FirstPause; ; pause = Longer(pause))
        {
            var sighting = await FindAsync(unit, cancellationToken);
            if (sighting is not DetachedSighting.Unknown unknown || clock.GetElapsedTime(begun) > StartPatience)
            {
                return sighting;
            }

            LogUnknown(unit, unknown.Detail);
            await Task.Delay(pause, clock, cancellationToken);
        }
    }

    // No hindrance when none of ours is under way any more, and which of ours have ended.
    private async Task<(DetachedEnd? Hindrance, IReadOnlyList<EndedUnit> Ended)> WaitForOthersAsync(
        DetachedRun run, ProcessOutcome listing, LineLog log, CancellationToken cancellationToken)
    {
        var begun = clock.GetTimestamp();
        var lastAnswer = begun;
        var told = "";
        for (var pause = FirstPause; ; pause = Longer(pause))
        {
            if (listing is ProcessOutcome.Exited { Succeeded: true } listed)
            {
                lastAnswer = clock.GetTimestamp();
                var others = DetachedUnits.UnderWay(listed.Output).Where(unit => unit != run.Unit).ToList();
                if (others.Count == 0)
                {
                    return (null, DetachedUnits.Ended(listed.Output));
                }

                if (clock.GetElapsedTime(begun) > run.Timeout)
                {
                    LogStillBusy(run.Unit, others[0]);
                    return (new DetachedEnd.Busy(others[0]), []);
                }

                if (told != others[0])
                {
                    told = others[0];
                    LogWaiting(run.Unit, told);
                    log.Write($"waiting for {told}, which an earlier daemon left running");
                }
            }
            else if (clock.GetElapsedTime(lastAnswer) > StartPatience)
            {
                var detail = PlainText.Line(listing.Describe("systemctl list-units"), 400);
                LogNotStarted(run.Unit, detail);
                return (new DetachedEnd.NotStarted(detail), []);
            }

            await Task.Delay(pause, clock, cancellationToken);
            listing = await runner.RunAsync(NixCommands.ListDetached(), cancellationToken);
        }
    }

    // For when the process is not known: the end is seen late by at most a tenth of the time the run took.
    private static TimeSpan PauseAfter(TimeSpan elapsed) =>
        TimeSpan.FromTicks(Math.Clamp((elapsed * Lateness).Ticks, ShortestPause.Ticks, LongestPause.Ticks));

    private static TimeSpan Longer(TimeSpan pause) => pause * 1.5 is var longer && longer < LongestPause ? longer : LongestPause;

    private string OutputPath(string unit) => Path.Combine(folder, unit + ".log");

    // Each kind has its own way of being unloaded, and complains about the other.
    private async Task ClearAsync(IEnumerable<EndedUnit> ended, CancellationToken cancellationToken)
    {
        foreach (var kind in ended.GroupBy(unit => unit.HasFailed, unit => unit.Name))
        {
            List<string> units = [.. kind];
            await runner.RunAsync(kind.Key ? NixCommands.ResetFailed(units) : NixCommands.StopUnits(units), cancellationToken);
            units.ForEach(unit => Delete(OutputPath(unit)));
            LogCleared(string.Join(' ', units));
        }
    }

    private string? PrepareFolder()
    {
        try
        {
            Directory.CreateDirectory(folder);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"the output folder: {PlainText.Line(e.Message, 300)}";
        }
    }

    private static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Then the new output is appended to the old.
        }
    }
}
