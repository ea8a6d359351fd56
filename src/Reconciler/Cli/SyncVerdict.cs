using Reconciler.Wire;

namespace Reconciler.Cli;

/// <summary>How what <c>sync --wait</c> followed came out.</summary>
/// <param name="ExitCode">What the program exits with.</param>
/// <param name="Document">What is said of it.</param>
internal sealed record SyncVerdict(int ExitCode, SyncDocument Document)
{
    /// <summary>The time given was up before there was an end.</summary>
    public static SyncVerdict OutOfTime(TimeSpan timeout, string headline, DeploymentSummary? followed) => new(
        Cli.ExitCode.TimedOut,
        new SyncDocument(
            "timedOut",
            $"no end within {Configuration.DurationText.Format(timeout)}; the last seen: {headline}",
            "It goes on without being watched: `reconciler status --watch`.",
            followed));
}
