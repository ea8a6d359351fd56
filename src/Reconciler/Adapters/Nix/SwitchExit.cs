using System.Diagnostics;
using Reconciler.Model;

namespace Reconciler.Adapters.Nix;

/// <summary>Reads how <c>switch-to-configuration</c> ended.</summary>
internal static class SwitchExit
{
    private const int TryAgain = 11; // EAGAIN: the lock was held, where the program exits with errno

    /// <summary>The outcome of an activation.</summary>
    public static ActivationOutcome Outcome(DetachedEnd end) => end switch
    {
        DetachedEnd.Busy => new ActivationOutcome.LockHeld(),
        DetachedEnd.NotStarted n => new ActivationOutcome.NotStarted(n.Detail),
        DetachedEnd.Cut cut => new ActivationOutcome.Broken(cut.How, Excerpt.OfActivation(cut.Output)),
        DetachedEnd.Exited exited => exited.Code switch
        {
            0 => new ActivationOutcome.Succeeded(),
            _ when IsLockHeld(exited) => new ActivationOutcome.LockHeld(),
            1 => new ActivationOutcome.Refused(Excerpt.OfActivation(exited.Output)),
            2 => new ActivationOutcome.ScriptFailed(Excerpt.OfActivation(exited.Output)),
            4 => new ActivationOutcome.UnitsFailed(Excerpt.OfActivation(exited.Output)),
            100 => new ActivationOutcome.NeedsReboot(),
            _ => new ActivationOutcome.Broken($"exit {exited.Code}", Excerpt.OfActivation(exited.Output)),
        },
        _ => throw new UnreachableException(),
    };

    /// <summary>What kept a boot entry from being written; null when it was.</summary>
    public static Failure? BootEntry(DetachedEnd end) => end switch
    {
        // Some boot loader installers run out of room and say so without failing.
        DetachedEnd.Exited { Code: 0 } e when e.Output.Contains("No space left on device", StringComparison.Ordinal) => Failed("the boot loader's disk is full", e.Output),
        DetachedEnd.Exited { Code: 0 } => null,
        DetachedEnd.Exited e when IsLockHeld(e) => new Failure.AnotherSwitchRuns("switch-to-configuration"),
        DetachedEnd.Exited e => Failed($"exit {e.Code}", e.Output),
        DetachedEnd.Cut cut => Failed(cut.How, cut.Output),
        DetachedEnd.Busy busy => new Failure.AnotherSwitchRuns(busy.Unit),
        DetachedEnd.NotStarted n => new Failure.HostToolFailed("systemd-run", n.Detail),
        _ => throw new UnreachableException(),
    };

    /// <summary>Whether the program ended because another holds the lock. Its exit code is an errno nobody promises; its words are the better sign.</summary>
    public static bool IsLockHeld(DetachedEnd.Exited end) =>
        end.Code == TryAgain
        || (end.Code != 0 && end.Output.Contains("Could not acquire lock", StringComparison.Ordinal)
            && !end.Output.Contains("activating the configuration", StringComparison.Ordinal));

    private static Failure.BootEntryFailed Failed(string how, string output)
    {
        var lines = Excerpt.OfActivation(output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return new Failure.BootEntryFailed(lines.Length == 0 ? how : $"{how}: {string.Join("; ", lines.TakeLast(3))}");
    }
}
