using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Reconciler.Adapters.Processes;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Adapters.Nix;

/// <summary>A timer of systemd and a small shell program, which lives in the daemon's state folder and needs nothing else of it.</summary>
/// <remarks>
/// The order is a file that names the timer that may act on it, and for how many seconds that is to wait after its own time. So an order for later
/// costs no new timer. One for earlier starts another timer first and then names that, so there is no instant without; a timer that is not named
/// does nothing. Taking the order back, and acting on it, are both a rename of that file.
/// </remarks>
internal sealed partial class DeadMansSwitch(
    DeadMansSwitchSettings settings, IProcessRunner runner, TimeProvider clock, ILogger<DeadMansSwitch> logger) : IDeadMansSwitch
{
    private const string Program = "put-back.sh";
    private const string CutShort = "cut short";
    private const int LongestReport = 4096;
    private static readonly Failure TooLate = new Failure.HostToolFailed("the dead-man's switch", "it is putting the host back already, or has done so");

    // The program that waits may be killed, a timer cannot: so it does not wait for long.
    private static readonly TimeSpan LongestExtraWait = TimeSpan.FromHours(1);

    // One whose time comes this soon may have found, in this very instant, that nothing names it.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    private Started? _timer;

    private string Order => Path.Combine(settings.Folder, "order");

    private string Withdrawn => Path.Combine(settings.Folder, "withdrawn");

    // Read by the unit reconciler-boot-guard of the system that is booted.
    private string Boot => Path.Combine(settings.Folder, "boot");

    private string Act => Path.Combine(settings.Folder, "act");

    /// <inheritdoc/>
    public Task ReadyAsync(DeadMansOrder order, CancellationToken cancellationToken) => StartAsync(order, cancellationToken);

    /// <inheritdoc/>
    public async Task<Failure?> ArmAsync(DeadMansOrder order, CancellationToken cancellationToken)
    {
        if (HasActed(order.Deployment, order.TakenUp))
        {
            return TooLate;
        }

        var isStale = File.Exists(Act);
        var before = Timer();
        var extra = ExtraWait(order, before);
        if (extra is null && await StartAsync(order, cancellationToken) is { } unstarted)
        {
            return unstarted;
        }

        var timer = _timer!.Name;
        try
        {
            if (isStale)
            {
                File.Delete(Act); // from here on a report is of what was done on this order, or on the one before in this very instant
            }

            await WriteAsync(Order, Text(order, timer, extra ?? TimeSpan.Zero), cancellationToken);
            if (HasActed(order.Deployment, order.TakenUp))
            {
                // The order before was taken in this instant. What it does is taken up; two at once would get in each other's way.
                _timer = null;
                File.Move(Order, Withdrawn, overwrite: true);
                await StopAsync(timer, cancellationToken);
                return TooLate;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Unwritten(e);
        }

        if (before is not null && before != timer)
        {
            await StopAsync(before, cancellationToken);
        }

        return null;
    }

    /// <inheritdoc/>
    public bool Stands(DeploymentId deployment) =>
        Read(Order) is { } order && Value(order, "deployment") == string.Create(CultureInfo.InvariantCulture, $"{deployment}");

    /// <inheritdoc/>
    public bool Disarm(DeploymentId deployment, UnattendedPutBack? takenUp)
    {
        _timer = null;
        try
        {
            File.Move(Order, Withdrawn, overwrite: true);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // It was taken, or never given.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotWithdrawn(e.Message);
            return true; // the host is as it should be, and says so; a switch that acts on it later is seen as drift
        }

        return !HasActed(deployment, takenUp);
    }

    /// <inheritdoc/>
    public async Task ActNowAsync(DeploymentId deployment, CancellationToken cancellationToken)
    {
        if (!Stands(deployment) || Timer() is not { } timer)
        {
            return;
        }

        LogActsNow(deployment);
        try
        {
            await File.WriteAllTextAsync(Now(timer), "", cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogWaits(PlainText.Line(e.Message, 300));
        }

        var started = await runner.RunAsync(NixCommands.StartUnit(timer + ".service"), cancellationToken);
        if (!started.IsSuccess)
        {
            LogWaits(PlainText.Line(started.Describe("systemctl start"), 300));
        }
    }

    /// <inheritdoc/>
    public async Task<DeadMansSighting> LookAsync(DeploymentId deployment, CancellationToken cancellationToken)
    {
        if (Report() is not { } report || report.Deployment != deployment)
        {
            return new DeadMansSighting.Quiet();
        }

        if (report.HowEnded is { } ended)
        {
            return new DeadMansSighting.Acted(new UnattendedPutBack(report.Began, ended));
        }

        var shown = await runner.RunAsync(NixCommands.ShowUnit(report.Timer + ".service"), cancellationToken);
        return shown is ProcessOutcome.Exited { Succeeded: true } e && UnitState.Parse(e.Output) is { IsUnderWay: false }
            ? new DeadMansSighting.Acted(new UnattendedPutBack(report.Began, CutShort))
            : new DeadMansSighting.Acting();
    }

    /// <inheritdoc/>
    public Failure? ArmBoot(Toplevel system, TimeSpan after)
    {
        try
        {
            Directory.CreateDirectory(settings.Folder);
            using var file = File.Create(Boot);
            file.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{system} {(long)Math.Ceiling(after.TotalSeconds)}\n")));
            file.Flush(flushToDisk: true);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Unwritten(e);
        }
    }

    /// <inheritdoc/>
    public void DisarmBoot()
    {
        if (File.Exists(Boot))
        {
            Delete(Boot);
        }
    }

    /// <inheritdoc/>
    public async Task TidyAsync(CancellationToken cancellationToken)
    {
        // One that still stands here could not be withdrawn: its timer must not go off where nothing is at stake.
        foreach (var file in new[] { Withdrawn, Order })
        {
            if (ReadTimer(file) is { } timer)
            {
                await StopAsync(timer, cancellationToken);
                Delete(file);
            }
        }
    }

    private void Delete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotWithdrawn(e.Message);
        }
    }

    // Acts, or has acted, and nobody has taken that up.
    private bool HasActed(DeploymentId deployment, UnattendedPutBack? takenUp) =>
        Report() is { } report && report.Deployment == deployment && (takenUp is null || new UnattendedPutBack(report.Began, report.HowEnded ?? CutShort) != takenUp);

    private async Task<Failure?> StartAsync(DeadMansOrder order, CancellationToken cancellationToken)
    {
        var (now, due) = (clock.GetUtcNow().ToUnixTimeMilliseconds(), clock.GetTimestamp() + (long)(order.After.TotalSeconds * clock.TimestampFrequency));
        var timer = string.Create(CultureInfo.InvariantCulture, $"{NixCommands.DeadMansUnit}-{order.Deployment}-{now}");
        try
        {
            await PrepareAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Unwritten(e);
        }

        var started = await runner.RunAsync(NixCommands.StartDeadMansTimer(timer, Shell(order.PutBack), Arguments(order, timer), order.After), cancellationToken);
        if (!started.IsSuccess)
        {
            return new Failure.HostToolFailed("systemd-run", PlainText.Line(started.Describe("systemd-run"), 400));
        }

        _timer = new Started(timer, order.Deployment, order.PutBack, due);
        return null;
    }

    // How much later than the timer that was started last the order is for; null when that timer cannot serve it.
    private TimeSpan? ExtraWait(DeadMansOrder order, string? named)
    {
        if (_timer is not { } timer || timer.Deployment != order.Deployment || timer.PutBack != order.PutBack)
        {
            return null;
        }

        var left = clock.GetElapsedTime(clock.GetTimestamp(), timer.Due);
        var extra = order.After - left;
        return extra >= TimeSpan.Zero && extra <= LongestExtraWait && (left > Soon || timer.Name == named) ? extra : null;
    }

    private async Task StopAsync(string timer, CancellationToken cancellationToken)
    {
        var stopped = await runner.RunAsync(NixCommands.StopUnits(timer + ".timer"), cancellationToken);
        if (!stopped.IsSuccess)
        {
            LogNotStopped(timer, PlainText.Line(stopped.Describe("systemctl stop"), 300));
        }
    }

    private static Failure.HostToolFailed Unwritten(Exception e) => new("the dead-man's switch", PlainText.Line(e.Message, 400));

    private static string Text(DeadMansOrder order, string timer, TimeSpan extra) => string.Create(
        CultureInfo.InvariantCulture,
        $"deployment {order.Deployment}\ntimer {timer}\nwait {(long)Math.Ceiling(extra.TotalSeconds)}\nboot {(order.BootToo ? "yes" : "no")}\n");

    private ImmutableArray<string> Arguments(DeadMansOrder order, string timer) =>
        [Path.Combine(settings.Folder, Program), settings.Folder, timer, order.PutBack.Path, settings.Profile, settings.Service ?? "", Now(timer)];

    // In memory, so that it can be written when nothing else can.
    private string Now(string timer) => Path.Combine(settings.RunFolder, timer + ".now");

    // The shell of the system to come back to cannot be garbage or broken by the new one; a test host has only its own.
    private static string Shell(Toplevel system) => system.Path + "/sw/bin/sh" is var own && File.Exists(own) ? own : "/bin/sh";

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(settings.Folder);
        using var resource = typeof(DeadMansSwitch).Assembly.GetManifestResourceStream(Program) ?? throw new InvalidOperationException($"{Program} is not in the program.");
        using var reader = new StreamReader(resource, Encoding.UTF8);
        var text = await reader.ReadToEndAsync(cancellationToken);
        var path = Path.Combine(settings.Folder, Program);
        if (!File.Exists(path) || await File.ReadAllTextAsync(path, cancellationToken) != text)
        {
            await WriteAsync(path, text, cancellationToken);
        }
    }

    private static async Task WriteAsync(string path, string text, CancellationToken cancellationToken)
    {
        await File.WriteAllTextAsync(path + ".new", text, cancellationToken);
        File.Move(path + ".new", path, overwrite: true);
    }

    private string? Timer() => ReadTimer(Order);

    private static string? ReadTimer(string file) => Read(file) is { } text ? Value(text, "timer") : null;

    private Acting? Report() =>
        Read(Act) is { } text
        && Value(text, "timer") is { } timer
        && long.TryParse(Value(text, "deployment"), NumberStyles.None, CultureInfo.InvariantCulture, out var deployment)
            ? new Acting(new DeploymentId(deployment), timer, BeganAt(text), Value(text, "ended") is { } ended ? PlainText.Line(ended, 40) : null)
            : null;

    // Before it has written when it began, its file tells.
    private DateTimeOffset BeganAt(string text) =>
        long.TryParse(Value(text, "began"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 253_402_300_000
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : DateTimeOffset.FromUnixTimeSeconds(new DateTimeOffset(File.GetLastWriteTimeUtc(Act)).ToUnixTimeSeconds());

    private static string? Value(string text, string name) => text.Split('\n')
        .Where(line => line.StartsWith(name + ' ', StringComparison.Ordinal))
        .Select(line => line[(name.Length + 1)..].Trim())
        .LastOrDefault(value => value.Length > 0);

    private static string? Read(string file)
    {
        try
        {
            using var stream = File.OpenRead(file);
            var bytes = new byte[LongestReport];
            return Encoding.UTF8.GetString(bytes, 0, stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The dead-man's switch could not be taken back, and will act: {Detail}")]
    private partial void LogNotWithdrawn(string detail);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The timer {Timer} could not be stopped; it will find nothing to do: {Detail}")]
    private partial void LogNotStopped(string timer, string detail);

    [LoggerMessage(Level = LogLevel.Error, Message = "Deployment {Deployment}: nothing can be written down, so the dead-man's switch puts the host back now")]
    private partial void LogActsNow(DeploymentId deployment);

    [LoggerMessage(Level = LogLevel.Error, Message = "The dead-man's switch could not be started now, and acts when its time comes: {Detail}")]
    private partial void LogWaits(string detail);

    private sealed record Acting(DeploymentId Deployment, string Timer, DateTimeOffset Began, string? HowEnded);

    // Due is a timestamp of the clock, which like systemd's counts the time the machine runs.
    private sealed record Started(string Name, DeploymentId Deployment, Toplevel PutBack, long Due);
}

/// <summary>Where the switch keeps its files, and what it is for.</summary>
/// <param name="Folder">A folder of its own.</param>
/// <param name="Profile">The system profile.</param>
/// <param name="Service">The daemon's own service, started when the host was put back; null when it is none.</param>
/// <param name="RunFolder">A folder in memory.</param>
internal sealed record DeadMansSwitchSettings(string Folder, string Profile, string? Service, string RunFolder = "/run");
