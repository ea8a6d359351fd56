using System.Globalization;

namespace Reconciler.Adapters.Systemd;

/// <summary>Tells systemd that the daemon is alive for as long as its loop is, so that a daemon that hangs is restarted.</summary>
/// <param name="patience">How long systemd waits between two signs of life; null when it does not watch.</param>
/// <param name="notice">The way to systemd.</param>
/// <param name="isAlive">Whether the loop still turns. It must answer at once.</param>
/// <param name="clock">The time between two looks.</param>
/// <param name="logger">Hears when the loop is found hanging.</param>
internal sealed partial class Watchdog(TimeSpan? patience, ReadinessNotice notice, Func<bool> isAlive, TimeProvider clock, ILogger<Watchdog> logger)
{
    /// <summary>How long systemd waits between two signs of life; null when it does not watch.</summary>
    public TimeSpan? Patience => patience;

    /// <summary>Takes the time from the environment, and takes it out of there, since it is not meant for programs the daemon starts.</summary>
    public static Watchdog FromEnvironment(ReadinessNotice notice, Func<bool> isAlive, TimeProvider clock, ILogger<Watchdog> logger)
    {
        var patience = PatienceOf(
            Environment.GetEnvironmentVariable("WATCHDOG_USEC"),
            Environment.GetEnvironmentVariable("WATCHDOG_PID"),
            Environment.ProcessId);
        Environment.SetEnvironmentVariable("WATCHDOG_USEC", null);
        Environment.SetEnvironmentVariable("WATCHDOG_PID", null);
        return new Watchdog(patience, notice, isAlive, clock, logger);
    }

    /// <summary>Gives signs of life, twice in the time systemd waits, until cancelled. Ends at once when systemd does not watch.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (patience is not { } wait || !notice.IsHeard)
        {
            return;
        }

        using var timer = new PeriodicTimer(wait / 2, clock);
        var wasAlive = true;
        try
        {
            do
            {
                var alive = isAlive();
                if (alive)
                {
                    notice.Alive();
                }
                else if (wasAlive)
                {
                    LogHanging(logger, wait);
                }

                wasAlive = alive;
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException)
        {
            // The daemon ends.
        }
    }

    /// <summary>What the two variables say: null when they are missing, mean another process, or make no sense.</summary>
    internal static TimeSpan? PatienceOf(string? microseconds, string? processId, int ownProcessId)
    {
        var isForUs = string.IsNullOrEmpty(processId) || processId == ownProcessId.ToString(CultureInfo.InvariantCulture);
        return isForUs
            && long.TryParse(microseconds, NumberStyles.None, CultureInfo.InvariantCulture, out var wait)
            && wait is >= 10_000 and <= 86_400_000_000
                ? TimeSpan.FromMicroseconds(wait)
                : null;
    }
}
