using Reconciler.Adapters.Processes;

namespace Reconciler.Adapters.Nix;

/// <summary>Runs programs as transient units of systemd.</summary>
/// <remarks>
/// A unit that has ended stays loaded, and with it its exit code, until the next run is started: a daemon that died in between finds it again
/// by name. Output goes to a file, since the reader may be another process than the starter.
/// </remarks>
internal sealed partial class SystemdRuns(string folder, IProcessRunner runner, TimeProvider clock, ILogger logger) : IDetachedRuns
{
    private const double Lateness = 0.1;
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    /// <summary>systemd does not answer while it re-executes itself; after this time without an answer the wait is given up.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <inheritdoc/>
    public async Task<DetachedEnd> RunAsync(DetachedRun run, LineLog log, CancellationToken cancellationToken)
    {
        var (finding, listing) = (FindAsync(run.Unit, cancellationToken), runner.RunAsync(NixCommands.ListDetached(), cancellationToken));
        await Task.WhenAll(finding, listing);
        switch (await finding)
        {
            case DetachedSighting.Running:
                LogJoined(run.Unit);
                return await AwaitAsync(run.Unit, log, cancellationToken);
            case DetachedSighting.Unknown unknown:
                LogNotStarted(run.Unit, unknown.Detail);
                return new DetachedEnd.NotStarted(unknown.Detail);
        }

        await ClearAsync(run.Unit, await listing, cancellationToken);
        if (PrepareFolder() is { } trouble)
        {
            LogNotStarted(run.Unit, trouble);
            return new DetachedEnd.NotStarted(trouble);
        }

        var request = NixCommands.StartDetached(run, OutputPath(run.Unit), Environment.GetEnvironmentVariable("LOCALE_ARCHIVE"));
        var started = await runner.RunAsync(request, cancellationToken);

        // Whatever systemd-run says, the unit is the truth: it may have failed only in telling.
        if (!started.IsSuccess && await FindAsync(run.Unit, cancellationToken) is not (DetachedSighting.Running or DetachedSighting.Ended))
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
        var began = clock.GetTimestamp();
        for (var lastAnswer = began; ;)
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

            await Task.Delay(PauseAfter(clock.GetElapsedTime(began)), clock, cancellationToken);
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

    // Each look starts a program, so a run is looked at the more rarely the longer it takes: its end is seen late by a small part of its length.
    private static TimeSpan PauseAfter(TimeSpan elapsed) =>
        TimeSpan.FromTicks(Math.Clamp((elapsed * Lateness).Ticks, ShortestPause.Ticks, LongestPause.Ticks));

    private string OutputPath(string unit) => Path.Combine(folder, unit + ".log");

    // Unloads our units that have ended; one that runs is left alone.
    private async Task ClearAsync(string unit, ProcessOutcome listing, CancellationToken cancellationToken)
    {
        var units = listing is ProcessOutcome.Exited { Succeeded: true } listed ? listed.Output : "";
        var (exited, failed) = (DetachedUnits.Exited(units), DetachedUnits.Failed(units));
        if (exited.Count > 0)
        {
            await runner.RunAsync(NixCommands.StopUnits(exited), cancellationToken);
        }

        if (failed.Count > 0)
        {
            await runner.RunAsync(NixCommands.ResetFailed(failed), cancellationToken);
        }

        string[] ended = [.. exited, .. failed];
        if (ended.Length > 0)
        {
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
