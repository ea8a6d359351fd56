using System.Diagnostics;
using System.Globalization;
using Reconciler.Model;

namespace Reconciler.Planning;

/// <summary>The words for each reason why nothing moves: the state in one line, and what an operator can do.</summary>
internal static class HoldText
{
    /// <summary>Why nothing moves, in one line.</summary>
    public static string Headline(HoldReason reason) => reason switch
    {
        HoldReason.UpToDate { Branch: not BranchKind.Testing, RebootFor: { } parts } r => $"up to date at {r.Revision.Short}; reboot needed: {parts}",
        HoldReason.UpToDate { Branch: BranchKind.Testing } r => $"up to date with the testing branch at {r.Revision.Short}; the next boot lands on the last confirmed system",
        HoldReason.UpToDate r => $"up to date at {r.Revision.Short}",
        HoldReason.NothingFetchedYet => "the repository was not read yet",
        HoldReason.RepositoryUnreachable r => $"remote '{r.Remote}' cannot be read: {r.Detail}",
        HoldReason.BranchMissing r => $"remote '{r.Remote}' has no branch of the configured name",
        HoldReason.BranchWentBack { Lineage: Lineage.Behind } r => $"the branch on '{r.Remote}' was rewound to {r.Tip.Short}, which is older than the confirmed {r.Confirmed.Short}",
        HoldReason.BranchWentBack r => $"the branch on '{r.Remote}' was force-pushed to {r.Tip.Short}, which does not contain the confirmed {r.Confirmed.Short}",
        HoldReason.Unsigned r => $"commit {r.Commit.Short} is not signed as required: {r.Detail}",
        HoldReason.SignaturesUnknown r => $"the signatures up to {r.Wanted.Short} could not be checked: {r.Detail}",
        HoldReason.Suspended { Why: "" } r => $"suspended by {r.By} since {Time(r.Since)}",
        HoldReason.Suspended r => $"suspended by {r.By} since {Time(r.Since)}: {r.Why}",
        HoldReason.Quarantined { Cause: null } r => $"{r.Revision.Short} was left by an operator's rollback (deployment {r.Deployment})",
        HoldReason.Quarantined r => $"{r.Revision.Short} is quarantined: {FailureText.Headline(r.Cause!)} (deployment {r.Deployment})",
        HoldReason.OutsideMaintenanceWindow r => $"{r.Revision?.Short ?? "the generation"} is built and waits for the maintenance window, which opens {Time(r.Opens)}",
        HoldReason.OutsideRebootWindow r => $"{What(r.Revision)} is staged and waits for the reboot window, which opens {Time(r.Opens)}",
        HoldReason.RebootInhibited { Trouble: { } trouble, AnywayAt: { } at } r =>
            $"the reboot back from {What(r.Revision)} waits until {Time(at)}: it could not be found out whether a program inhibits it: {trouble}",
        HoldReason.RebootInhibited { AnywayAt: { } at } r => $"the reboot back from {What(r.Revision)} waits until {Time(at)}, inhibited by {Inhibitors(r)}",
        HoldReason.RebootInhibited { Trouble: { } trouble } r => $"the reboot for {What(r.Revision)} waits: it could not be found out whether a program inhibits it: {trouble}",
        HoldReason.RebootInhibited r => $"the reboot for {What(r.Revision)} is inhibited by {Inhibitors(r)}",
        HoldReason.UsersLoggedIn r => $"the reboot for {What(r.Revision)} waits until nobody is logged in; now: {string.Join(", ", r.Users)}",
        HoldReason.RebootAnnounced r => $"the host is rebooted for {What(r.Revision)} at {Time(r.At)}",
        HoldReason.RebootUnderWay r => $"the machine was asked at {Time(r.Since)} to reboot for {What(r.Revision)}, and is going down",
        HoldReason.BackingOff r => $"{FailureText.Headline(r.Cause)}; attempt {r.Attempts + 1} at {Time(r.Until)}",
        HoldReason.AwaitingHealth { Failing.IsEmpty: true } r => $"on trial, healthy so far; confirmed or rolled back by {Time(r.Deadline)}",
        HoldReason.AwaitingHealth r => $"on trial, failing: {string.Join(", ", r.Failing.Select(f => f.Check))}; rolled back by {Time(r.Deadline)} unless it heals",
        HoldReason.Drifted { Boots: { } boots } r => $"drifted: the next boot lands on {boots}, not on the confirmed system",
        HoldReason.Drifted { RepairAt: { } at } r => $"drifted: {r.Running.NameBeside(r.Expected)} runs instead of {r.Expected.NameBeside(r.Running)}; the repair is tried again at {Time(at)}",
        HoldReason.Drifted { TakesReboot: true } r => $"drifted: {r.Running.NameBeside(r.Expected)} runs instead of {r.Expected.NameBeside(r.Running)}, which boots next: going back takes a reboot",
        HoldReason.Drifted r => $"drifted: {r.Running.NameBeside(r.Expected)} runs, {r.Expected.NameBeside(r.Running)} was confirmed",
        HoldReason.TestingEndedByBoots r => $"the testing branch at {r.Revision.Short} was accepted {r.Times} times within a day, and each time a boot ended it",
        HoldReason.BeingPutBack r => $"the dead-man's switch is putting the host back to {r.RollBackTo.Name}, since nobody ended the trial of deployment {r.Deployment} in time",
        HoldReason.StoreDamaged r => $"{Damage(r.Damage)}, and cannot be built anew while {(r.Damage.OfSystem ? "a system that runs or boots is made of it" : "something else on the host holds it")}",
        HoldReason.NeedsOperator r => $"NEEDS OPERATOR: the rollback to {r.RollBackTo.Name} failed: {r.Detail}",
        HoldReason.NoSystemToReturnTo => "no running NixOS system was found, so there is nothing to come back to",
        _ => throw new UnreachableException(),
    };

    /// <summary>What an operator can do about it; empty when there is nothing to do.</summary>
    public static string Cure(HoldReason reason) => reason switch
    {
        HoldReason.UpToDate { RebootFor: not null } => "Reboot when it suits, or have it done by itself with reboot.when.",
        HoldReason.OutsideRebootWindow => "To have it sooner, run `systemctl reboot` and choose the entry of the profile reconciler_trial in the boot menu.",
        HoldReason.RebootInhibited { Trouble: not null } => "See whether systemd-logind runs; with reboot.respectInhibitors = false it is not asked.",
        HoldReason.RebootInhibited { AnywayAt: not null } =>
            "Wait for it to end, or end it; `systemd-inhibit --list` shows all. It is asked again every minute, and no longer than reboot.returnPatience.",
        HoldReason.RebootInhibited => "Wait for it to end, or end it; `systemd-inhibit --list` shows all. It is asked again every minute.",
        HoldReason.UsersLoggedIn => "Log out; `loginctl` shows who is logged in. With reboot.waitForUsers = false it does not wait.",
        HoldReason.RebootAnnounced => "To stop it, run `reconciler suspend`.",
        HoldReason.RebootUnderWay => "",
        HoldReason.UpToDate or HoldReason.AwaitingHealth or HoldReason.OutsideMaintenanceWindow or HoldReason.NothingFetchedYet or HoldReason.BeingPutBack => "",
        HoldReason.RepositoryUnreachable => "Check address, credentials and network with `reconciler doctor`; it is tried again by itself.",
        HoldReason.BranchMissing => "Push the branch, or set repository.branch in the configuration.",
        HoldReason.BranchWentBack r => $"If it was meant, allow it with `reconciler sync --allow-rewind {r.Tip.Short}`. Otherwise push the branch forward again.",
        HoldReason.Unsigned => "Push commits signed by an allowed signer, or add the signer to the configuration.",
        HoldReason.SignaturesUnknown => "Check the files of signers (repository.signatures in the configuration); it is tried again by itself.",
        HoldReason.Suspended => "Let deployments go on with `reconciler resume`.",
        HoldReason.Quarantined { Cause: null } r => $"Push a newer commit, or go back to it with `reconciler quarantine release {r.Revision.Short}`.",
        HoldReason.Quarantined r => $"Push a newer commit, or try it once more with `reconciler quarantine release {r.Revision.Short}`; `reconciler show {r.Deployment}` tells the story.",
        HoldReason.BackingOff r => FailureText.Cure(r.Cause),
        HoldReason.Drifted { TakesReboot: true } => "Reboot the host: it lands on the confirmed system. To keep what runs, commit it.",
        HoldReason.Drifted => "Commit the change, or return to the confirmed system with `reconciler rollback`; set drift.repair to have it done by itself.",
        HoldReason.TestingEndedByBoots => "If it takes the machine down, push a fix to the testing branch; otherwise it is deployed again when a day has passed.",
        HoldReason.StoreDamaged { Damage: { OfSystem: true, First: var path } } =>
            $"With a network, `nix-store --repair-path {path}` mends it, and `nixos-rebuild switch --repair` the whole system. It is looked at again by itself.",
        HoldReason.StoreDamaged { Damage.First: var path } =>
            $"`nix-store --query --roots {path}` names what holds it; remove that, or mend the path with `nix-store --repair-path {path}`. It is looked at again by itself.",
        HoldReason.NeedsOperator r => $"Put the host right by hand ({r.RollBackTo}/bin/switch-to-configuration test), then `reconciler resume`."
            + (r.TryAgainAt is { } again ? $" It is tried again at {Time(again)}; `reconciler suspend` stops that." : ""),
        HoldReason.NoSystemToReturnTo => "Reconciler must run on NixOS: /run/current-system is missing.",
        _ => throw new UnreachableException(),
    };

    private static string What(Revision? revision) => revision?.Short ?? "the generation";

    private static string Inhibitors(HoldReason.RebootInhibited reason) =>
        string.Join(", ", reason.Inhibitors.Select(inhibitor => inhibitor.Why.Length == 0 ? inhibitor.Who : $"{inhibitor.Who} ({inhibitor.Why})"));

    private static string Damage(StoreDamage damage) => damage.Count == 1
        ? $"the store is damaged: {damage.First} is not what it was"
        : string.Create(CultureInfo.InvariantCulture, $"the store is damaged: {damage.Count} paths are not what they were, {damage.First} among them");

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
