using System.Collections.Immutable;
using Reconciler.History;
using Reconciler.Model;
using static Reconciler.Planning.HostStep;

namespace Reconciler.Planning;

/// <summary>Decides on systems that are tried by booting them once, and on the way back from them.</summary>
/// <remarks>
/// The boot default stays the last confirmed system until the gate has passed, so that each boot but the one asked for lands there. One reboot
/// is asked for a deployment: a host that came up on the system before is evidence against the new one, whatever the cause was.
/// </remarks>
internal static class RebootPlanning
{
    /// <summary>How long an announcement counts; when the reboot could not follow it by then, it is made again.</summary>
    private static readonly TimeSpan Stale = TimeSpan.FromMinutes(10);

    /// <summary>What takes effect only after a boot, when a planned deployment is to be tried by one; null when it is to be activated.</summary>
    public static ImmutableArray<string>? ReasonsToStage(HostView host, Deployment deployment)
    {
        var reasons = deployment.Plan?.RebootReasons ?? [];
        return deployment.Source is DeploymentSource.Commit
            && (host.Policy.Reboot.When == RebootWhen.Always || (host.Policy.Reboot.When == RebootWhen.WhenNeeded && !reasons.IsEmpty))
            ? reasons
            : null;
    }

    /// <summary>Staging what a running system cannot be switched to; null when no reboot is allowed.</summary>
    public static HostStep? InsteadOfActivating(HostView host, Deployment deployment) =>
        host.Policy.Reboot.When == RebootWhen.Never ? null : new Stage(deployment, deployment.Toplevel!.Value, ["init"]);

    /// <summary>What to do with a staged deployment that nothing speaks against.</summary>
    public static HostStep Await(HostView host, Deployment deployment)
    {
        var policy = host.Policy.Reboot;
        if (ClosedUntil(policy, host.Now) is { } opens)
        {
            return new Hold(new HoldReason.OutsideRebootWindow(deployment.Revision, opens));
        }

        if (Inhibited(host, deployment) is { } inhibited)
        {
            return inhibited;
        }

        if (policy.WaitForUsers && !host.Obstacles.Users.IsEmpty)
        {
            return new Hold(new HoldReason.UsersLoggedIn(deployment.Revision, host.Obstacles.Users, host.Now + policy.AskAgainAfter));
        }

        return (policy.Notice, host.RebootAnnouncedAt) switch
        {
            ({ Ticks: 0 }, _) => new Reboot(deployment, deployment.Toplevel!.Value),
            (var notice, { } announced) when host.Now < announced + notice => new Hold(new HoldReason.RebootAnnounced(deployment.Revision, announced + notice)),
            (var notice, { } announced) when host.Now < announced + notice + Stale => new Reboot(deployment, deployment.Toplevel!.Value),
            (var notice, _) => new AnnounceReboot(deployment, host.Now + notice),
        };
    }

    /// <summary>Taking up that the host came up on a staged deployment; null when it did not.</summary>
    public static HostStep? CameUp(HostView host, Deployment deployment) => IsBooted(host, deployment)
        ? new TakeUpBoot(deployment, host.Now + host.Policy.ConfirmationWindow)
        : null;

    /// <summary>What to do once a reboot was asked for.</summary>
    public static HostStep Reboots(HostView host, Deployment deployment, DeploymentPhase.Rebooting phase)
    {
        var policy = host.Policy.Reboot;
        if (host.Host.BootId != deployment.Trial!.BootId)
        {
            return CameUp(host, deployment) ?? new RollBack(deployment, deployment.RollBackTo, new Failure.BootFailed(""));
        }

        return host.Now < phase.Since + policy.Patience
            ? new Hold(new HoldReason.RebootUnderWay(deployment.Revision, phase.Since, phase.Since + policy.Patience))
            : new Postpone(deployment, NotGoneDown(policy), host.Now + RetryAfter(host.Policy, deployment));
    }

    /// <summary>Whether a reboot leads back to the system before: what was booted is left by booting, and so is what cannot be switched away from.</summary>
    public static bool MustReturnByReboot(HostPolicy policy, HostState host, Deployment deployment) =>
        (deployment.Staged is not null && host.Booted == deployment.Toplevel && host.Booted != deployment.RollBackTo)
        || (deployment.Postponed?.Cause is Failure.RebootRequired && policy.Reboot.When != RebootWhen.Never && host.Running != deployment.RollBackTo);

    /// <summary>What keeps the host from being rebooted to come back; null when nothing does, or no reboot is needed.</summary>
    /// <remarks>No window is waited for, and nobody for ever: a host on a system that failed should not stay there.</remarks>
    public static HostStep? HeldFromReturning(HostView host, Deployment deployment)
    {
        var policy = host.Policy.Reboot;
        if (!MustReturnByReboot(host.Policy, host.Host, deployment))
        {
            return null;
        }

        return deployment.Return is { } asked && asked.BootId == host.Host.BootId && host.Now < asked.Since + policy.Patience
            ? new Hold(new HoldReason.RebootUnderWay(deployment.Revision, asked.Since, asked.Since + policy.Patience))
            : Inhibited(host, deployment, ReturnsAnywayAt(host.Policy, deployment));
    }

    /// <summary>Whether the way back has waited long enough for whoever asks for no reboot.</summary>
    public static bool ReturnsAnyway(HostPolicy policy, Deployment deployment, DateTimeOffset now) => now >= ReturnsAnywayAt(policy, deployment);

    /// <summary>How long to wait after a reboot that did not begin.</summary>
    public static TimeSpan RetryAfter(HostPolicy policy, Deployment deployment) => policy.Backoff.After(deployment.RebootFailures + 1);

    /// <summary>That the machine was asked to reboot and did not go down.</summary>
    public static Failure.HostToolFailed NotGoneDown(RebootPolicy policy) =>
        new(Failure.HostToolFailed.Reboot, $"the machine was asked to reboot and did not go down within {FailureText.Duration(policy.Patience)}");

    /// <summary>Whether anybody has to be asked what stands in the way of a reboot.</summary>
    public static bool IsDue(HostPolicy policy, HostState host, Deployment? latest) => latest switch
    {
        { Phase: DeploymentPhase.AwaitingReboot } => true,
        { Phase: DeploymentPhase.RollingBack or DeploymentPhase.NeedsOperator } => MustReturnByReboot(policy, host, latest),
        _ => false,
    };

    private static bool IsBooted(HostView host, Deployment deployment) =>
        host.Host.Booted == deployment.Toplevel && host.Host.Running == deployment.Toplevel && deployment.Toplevel != deployment.RollBackTo;

    private static DateTimeOffset ReturnsAnywayAt(HostPolicy policy, Deployment deployment) =>
        (deployment.Timeline.LastOrDefault(entered => entered.Event == TimelineWords.RollbackBegan)?.At ?? deployment.Began) + policy.Reboot.ReturnPatience;

    private static Hold? Inhibited(HostView host, Deployment deployment, DateTimeOffset? anywayAt = null) =>
        host.Policy.Reboot.RespectInhibitors && host.Obstacles is ({ Trouble: not null } or { Inhibitors.IsEmpty: false }) && !(host.Now >= anywayAt)
            ? new Hold(new HoldReason.RebootInhibited(
                deployment.Revision, host.Obstacles.Inhibitors, host.Obstacles.Trouble, host.Now + host.Policy.Reboot.AskAgainAfter, anywayAt))
            : null;

    private static DateTimeOffset? ClosedUntil(RebootPolicy policy, DateTimeOffset now) =>
        policy.Windows.IsEmpty || policy.Windows.Any(window => window.IsOpen(now)) ? null : policy.Windows.Min(window => window.NextOpening(now));
}
