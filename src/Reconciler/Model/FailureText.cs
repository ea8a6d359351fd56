using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;

namespace Reconciler.Model;

/// <summary>The words for each failure: one line that names the cause, and one that names the cure.</summary>
internal static class FailureText
{
    /// <summary>What went wrong, in one line.</summary>
    public static string Headline(Failure failure) => failure switch
    {
        Failure.EvaluationFailed => "the configuration does not evaluate",
        Failure.BuildFailed => "the system does not build",
        Failure.BuildTimedOut f => $"the build took longer than {Duration(f.Limit)}",
        Failure.BuildInterrupted f => $"the build was stopped by {Trouble(f.Trouble)}",
        Failure.CheckoutFailed f => $"the commit could not be checked out: {f.Detail}",
        Failure.NotEnoughSpace f => $"too little room on {f.Where}: {Bytes(f.FreeBytes)} free, {Bytes(f.NeededBytes)} wanted",
        Failure.AnotherSwitchRuns f => $"another switch of the system is running ({f.Unit})",
        Failure.HostToolFailed f => $"{f.Tool} failed: {f.Detail}",
        Failure.PreSwitchCheckFailed => "the new system refused to be activated",
        Failure.SwitchInhibited f => $"the change cannot be made while the system runs ({string.Join(", ", f.Inhibitors)})",
        Failure.RebootRequired f => $"it takes effect only after a reboot: {f.Reason}",
        Failure.OneShotBootFailed f => $"it could not be staged for one boot: {f.Detail}",
        Failure.BootFailed { Detail: "" } => "the host was rebooted into it and came up on the system before",
        Failure.BootFailed f => $"the host was rebooted into it and came up on the system before: {f.Detail}",
        Failure.ActivationFailed f => $"activation failed ({f.HowEnded})",
        Failure.Unhealthy f => $"{Checks(f.Failing)} kept failing",
        Failure.NotConfirmedInTime f when f.LastResults.Any(r => r is { Required: true, Passed: false }) =>
            $"the confirmation window ended while {Checks([.. f.LastResults.Where(r => r is { Required: true, Passed: false })])} failed",
        Failure.NotConfirmedInTime => "the confirmation window ended before the checks had passed often enough",
        Failure.RepositoryLost f => $"the repository could no longer be reached: {f.Detail}",
        Failure.SameSystemFailed f => $"it leads to the very system that failed as {f.Revision.Short} (deployment {f.Deployment})",
        Failure.Unattended f => $"the daemon did not end the trial (it was gone, or could not write it down), so the dead-man's switch put the host back at {f.At.UtcDateTime.ToString("HH:mm:ss'Z'", CultureInfo.InvariantCulture)}",
        Failure.InterruptedByReboot f => $"the host restarted during the trial, {Times(f.Attempts)}",
        Failure.DisplacedDuringTrial f => $"something else activated {f.Running.Name} during the trial",
        Failure.BootEntryFailed f => $"the boot entry could not be moved: {f.Detail}",
        Failure.RefusedByOperator f => $"{f.Operator} ended the trial",
        Failure.GaveWay f => $"{Checks(f.Failing)} failed when {f.Newer.Short} came to take its place",
        _ => throw new UnreachableException(),
    };

    /// <summary>What to do about it, in one line.</summary>
    public static string Cure(Failure failure) => failure switch
    {
        Failure.EvaluationFailed or Failure.BuildFailed => "Push a commit that mends it; this one is not tried again.",
        Failure.BuildTimedOut => "It is tried again; raise build.timeout if builds of this size are expected.",
        Failure.BuildInterrupted { Trouble: WorldTrouble.DiskFull } => "Free space on the store (nix-collect-garbage); it is tried again by itself.",
        Failure.BuildInterrupted { Trouble: WorldTrouble.OutOfMemory } => "Give the host more memory or a remote builder; it is tried again by itself.",
        Failure.BuildInterrupted { Trouble: WorldTrouble.StoreDamaged } =>
            "Damaged paths are removed and built anew by themselves; when that does not help, `nix-store --verify --check-contents` names them.",
        Failure.BuildInterrupted => "It is tried again by itself; the commit is not quarantined for it.",
        Failure.CheckoutFailed => "See the daemon's log; it is tried again by itself, and a broken mirror is fetched anew.",
        Failure.NotEnoughSpace => "Free space there, or lower the limit (preflight.minimumStoreFree, preflight.minimumBootFree); it is tried again by itself.",
        Failure.AnotherSwitchRuns => "Wait for it to end; it is tried again by itself.",
        Failure.HostToolFailed => "See the daemon's log; it is tried again by itself.",
        Failure.PreSwitchCheckFailed => "Read the check's output, push a commit that satisfies it, or release the revision with `reconciler quarantine release`.",
        Failure.SwitchInhibited or Failure.RebootRequired => "Set reboot.when to \"whenNeeded\" and release the revision with `reconciler quarantine release`: the host is then rebooted into it on trial. By hand: `nixos-rebuild boot` with this commit, and reboot when it suits.",
        Failure.OneShotBootFailed => "See docs/reboots.md for what each boot loader needs, or set reboot.when to \"never\"; it is tried again by itself.",
        Failure.BootFailed => "Read the console or `journalctl -b -1`. Push a fix; if the power failed or somebody chose the old entry, release the revision with `reconciler quarantine release`.",
        Failure.ActivationFailed or Failure.Unhealthy or Failure.NotConfirmedInTime => "Merge the revert branch or push a fix; this commit is not tried again unless released with `reconciler quarantine release`.",
        Failure.Unattended => "Look why Reconciler did not run under this system (`journalctl -u reconciler`), push a fix, or release the commit with `reconciler quarantine release`.",
        Failure.InterruptedByReboot => "If the power failed and the commit is sound, release it with `reconciler quarantine release`.",
        Failure.DisplacedDuringTrial => "Suspend before switching by hand (`reconciler suspend`); release the revision to deploy it again.",
        Failure.BootEntryFailed => "Mend the boot loader (is /boot full or read-only?), then release the revision with `reconciler quarantine release`.",
        Failure.RefusedByOperator => "Push a newer commit, or release this one with `reconciler quarantine release`.",
        Failure.RepositoryLost => "It is tried once more when the repository answers again; if that was the commit's doing, push a fix.",
        Failure.SameSystemFailed f => $"Push a commit that changes the system, or release the one that failed with `reconciler quarantine release {f.Revision.Short}`.",
        Failure.GaveWay => "Nothing: the newer commit is deployed next.",
        _ => throw new UnreachableException(),
    };

    /// <summary>The quoted output that belongs to it; empty when there is none.</summary>
    public static string Excerpt(Failure failure) => failure switch
    {
        Failure.EvaluationFailed f => f.Excerpt,
        Failure.BuildFailed f => f.Excerpt,
        Failure.BuildInterrupted f => f.Excerpt,
        Failure.PreSwitchCheckFailed f => f.Excerpt,
        Failure.ActivationFailed f => f.Excerpt,
        _ => "",
    };

    /// <summary>The probes that failed; empty when no probe was the cause.</summary>
    public static ImmutableArray<ProbeResult> FailingChecks(Failure failure) => failure switch
    {
        Failure.Unhealthy f => f.Failing,
        Failure.NotConfirmedInTime f => [.. f.LastResults.Where(result => !result.Passed)],
        Failure.GaveWay f => f.Failing,
        _ => [],
    };

    /// <summary>A length of time for people, such as <c>1 m 30 s</c>.</summary>
    public static string Duration(TimeSpan time) => time switch
    {
        { TotalSeconds: < 10 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s"),
        { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s"),
        { TotalHours: < 1 } => time.Seconds == 0 ? $"{time.Minutes} m" : $"{time.Minutes} m {time.Seconds} s",
        { TotalDays: < 1 } => time.Minutes == 0 ? $"{time.Hours} h" : $"{time.Hours} h {time.Minutes} m",
        _ => $"{time.Days} d {time.Hours} h",
    };

    /// <summary>A size for people, in binary units.</summary>
    public static string Bytes(long bytes)
    {
        ReadOnlySpan<string> units = ["B", "KiB", "MiB", "GiB", "TiB"];
        var size = (double)bytes;
        var unit = 0;
        while (Math.Abs(size) >= 1024 && unit < units.Length - 1)
        {
            size /= 1024;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{size:0.#} {units[unit]}");
    }

    private static string Checks(ImmutableArray<ProbeResult> failing) => failing switch
    {
        [] => "a required check",
        [var one] => $"the check '{one.Check}'",
        _ => $"the checks {string.Join(", ", failing.Select(f => $"'{f.Check}'"))}",
    };

    private static string Times(int count) => count == 1 ? "once" : count == 2 ? "twice" : $"{count} times";

    private static string Trouble(WorldTrouble trouble) => trouble switch
    {
        WorldTrouble.Network => "trouble with the network",
        WorldTrouble.Substituter => "trouble with a binary cache",
        WorldTrouble.DiskFull => "a full disk",
        WorldTrouble.OutOfMemory => "lack of memory",
        WorldTrouble.Killed => "a signal from outside",
        WorldTrouble.NixUnavailable => "an unavailable nix daemon",
        WorldTrouble.StoreDamaged => "a damaged store path",
        _ => throw new UnreachableException(),
    };
}
