using Reconciler.Adapters.Processes;

namespace Reconciler.Adapters.Nix;

/// <summary>Runs programs as transient units of systemd.</summary>
/// <remarks>
/// A unit that has ended stays loaded, and with it its exit code, until the next run is started: a daemon that died in between finds it again
/// by name. Output goes to a file, since the reader may be another process than the starter.
/// </remarks>
internal sealed partial class SystemdRuns(string folder, IProcessRunner runner, TimeProvider clock, ILogger logger) : IDetachedRuns
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    /// <summary>systemd does not answer while it re-executes itself; after this time without an answer the wait is given up.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>As above, while nothing has been started yet and giving up loses nothing.</summary>
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public async Task<DetachedEnd> RunAsync(DetachedRun run, LineLog log, CancellationToken cancellationToken)
    {
        switch (await SightAsync(run.Unit, cancellationToken))
        {
            case DetachedSighting.Running:
                LogJoined(run.Unit);
                return await AwaitAsync(run.Unit, log, cancellationToken);
            case DetachedSighting.Unknown unknown:
                LogNotStarted(run.Unit, unknown.Detail);
                return new DetachedEnd.NotStarted(unknown.Detail);
        }

        if (await WaitForOthersAsync(run, log, cancellationToken) is { } hindrance)
        {
            return hindrance;
        }

        await ClearAsync(run.Unit, cancellationToken);
        if (PrepareFolder() is { } trouble)
        {
            LogNotStarted(run.Unit, trouble);
            return new DetachedEnd.NotStarted(trouble);
        }

        var request = NixCommands.StartDetached(run, OutputPath(run.Unit), Environment.GetEnvironmentVariable("LOCALE_ARCHIVE"));
        var started = await runner.RunAsync(request, cancellationToken);

        // Whatever systemd-run says, the unit is the truth: it may have failed only in telling.
        // Only a clear "there is none" means that nothing was done.
        if (!started.IsSuccess && await SightAsync(run.Unit, cancellationToken) is DetachedSighting.NotFound)
        {
            var detail = PlainText.Line(started.Describe("systemd-run"), 400);
            LogNotStarted(run.Unit, detail);
            return new DetachedEnd.NotStarted(detail);
        }

        LogStarted(run.Unit);
        return await AwaitAsync(run.Unit, log, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<DetachedEnd> AwaitAsync(string unit, LineLog log, CancellationToken cancellationToken)
    {
        var output = new OutputFile(OutputPath(unit), log.Write);
        var lastAnswer = clock.GetTimestamp();
        for (var pause = FirstPause; ; pause = Longer(pause))
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

            await Task.Delay(pause, clock, cancellationToken);
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

    // Null when none of ours is under way any more.
    private async Task<DetachedEnd?> WaitForOthersAsync(DetachedRun run, LineLog log, CancellationToken cancellationToken)
    {
        var begun = clock.GetTimestamp();
        var lastAnswer = begun;
        var told = "";
        for (var pause = FirstPause; ; pause = Longer(pause))
        {
            var listing = await runner.RunAsync(NixCommands.ListDetached(), cancellationToken);
            if (listing is ProcessOutcome.Exited { Succeeded: true } listed)
            {
                lastAnswer = clock.GetTimestamp();
                var others = DetachedUnits.UnderWay(listed.Output).Where(unit => unit != run.Unit).ToList();
                if (others.Count == 0)
                {
                    return null;
                }

                if (clock.GetElapsedTime(begun) > run.Timeout)
                {
                    LogStillBusy(run.Unit, others[0]);
                    return new DetachedEnd.Busy(others[0]);
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
                return new DetachedEnd.NotStarted(detail);
            }

            await Task.Delay(pause, clock, cancellationToken);
        }
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 1.5 is var longer && longer < LongestPause ? longer : LongestPause;

    private string OutputPath(string unit) => Path.Combine(folder, unit + ".log");

    // Unloads our units that have ended; one that runs is left alone.
    private async Task ClearAsync(string unit, CancellationToken cancellationToken)
    {
        var listing = await runner.RunAsync(NixCommands.ListDetached(), cancellationToken);
        var ended = listing is ProcessOutcome.Exited { Succeeded: true } listed ? DetachedUnits.Ended(listed.Output) : [];
        if (ended.Count > 0)
        {
            // Either may complain about units the other has unloaded.
            await runner.RunAsync(NixCommands.StopUnits(ended), cancellationToken);
            await runner.RunAsync(NixCommands.ResetFailed(ended), cancellationToken);
            LogCleared(string.Join(' ', ended));
        }

        foreach (var gone in ended.Append(unit))
        {
            Delete(OutputPath(gone));
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
