using System.Collections.Immutable;
using System.Diagnostics;
using Reconciler.History;
using Reconciler.Model;
using static Reconciler.Model.DeploymentPhase;
using static Reconciler.Planning.HostStep;

namespace Reconciler.Planning;

/// <summary>Decides the next step from one view of the host. Does nothing else.</summary>
internal static class HostPlanner
{
    private const int TestingBoots = 2;
    private static readonly TimeSpan TestingMemory = TimeSpan.FromDays(1);
    private static readonly TimeSpan WhilePutBack = TimeSpan.FromSeconds(2);

    /// <summary>The one next step.</summary>
    public static HostStep Decide(HostView host) => Act(host) switch
    {
        // Telling waits for whatever else can be done, and for no probe: a remote that hangs must delay neither.
        Hold { Reason: not HoldReason.AwaitingHealth } when Untold(host) is { } told => new Tell(told),
        var step => step,
    };

    private static HostStep Act(HostView host) => host.History switch
    {
        { Adopted: null } => Meet(host),
        { Latest: { Phase.IsSettled: false } deployment } => Continue(host, deployment),
        _ => Begin(host),
    };

    private static Deployment? Untold(HostView host) =>
        host.History.Untold is [var first, ..] && !(host.TellAgainAt is { } again && Waits(host, again))
            ? host.History.Deployments[first.Position]
            : null;

    // One that is further away than any wait is long was set by a clock that has been set back since.
    private static bool Waits(HostView host, DateTimeOffset until) => host.Now < until && until <= host.Now + host.Policy.Backoff.Longest;

    private static HostStep Meet(HostView host) => host.Host switch
    {
        { Running: { } running } => new Adopt(running, host.Host.BootDefault ?? running),
        _ => new Hold(new HoldReason.NoSystemToReturnTo()),
    };

    // --- a deployment in flight

    private static HostStep Continue(HostView host, Deployment deployment) => deployment.Phase switch
    {
        { IsAtStake: true } when host.DeadMansSwitch is DeadMansSighting.Acting =>
            new Hold(new HoldReason.BeingPutBack(deployment.Id, deployment.RollBackTo, host.Now + WhilePutBack)),
        { IsAtStake: true } when host.DeadMansSwitch is DeadMansSighting.Acted { Act: var act } && deployment.Unattended != act =>
            new TakeUp(deployment, act),
        DeploymentPhase.OnTrial or Confirming when deployment.Unattended is { } act => new RollBack(deployment, deployment.RollBackTo, new Failure.Unattended(act.At)),
        AwaitingReboot when RebootPlanning.CameUp(host, deployment) is { } cameUp => cameUp,
        Selected or Built or Planned or AwaitingReboot => BeforeTrial(host, deployment),
        Rebooting phase => RebootPlanning.Reboots(host, deployment, phase),
        OnTrial trial => OnTrial(host, deployment, trial),
        Confirming => Confirm(host, deployment),
        RollingBack back => RollBack(host, deployment, back),
        NeedsOperator stuck => Stuck(host, deployment, stuck),
        _ => throw new UnreachableException(),
    };

    // Nothing was activated yet, so it may still give way, wait, or be given up without harm.
    private static HostStep BeforeTrial(HostView host, Deployment deployment)
    {
        if (NewerWanted(host, deployment) is { } newer)
        {
            return new Supersede(deployment, newer);
        }

        if (host.History.Suspension is { } suspension && deployment.Source is DeploymentSource.Commit)
        {
            return new Hold(new HoldReason.Suspended(suspension.Since, suspension.By, suspension.Reason));
        }

        if (StoreFirst(host, deployment) is { } first)
        {
            return first;
        }

        if (deployment.Postponed is { } postponed && Waits(host, postponed.Until))
        {
            return new Hold(new HoldReason.BackingOff(postponed.Cause, postponed.Attempts, postponed.Until));
        }

        return deployment.Phase switch
        {
            Selected => new Build(deployment, deployment.Revision!.Value),
            Built when AlreadyThere(host, deployment) => new ConfirmUnchanged(deployment, deployment.Toplevel!.Value),
            Built when FailedBefore(host, deployment) is { } bad => new Fail(deployment, new Failure.SameSystemFailed(bad.Revision, bad.Deployment)),
            Built => new Preview(deployment, deployment.Toplevel!.Value),
            AwaitingReboot when host.Policy.Reboot.When != RebootWhen.Never => RebootPlanning.Await(host, deployment),
            _ when RebootPlanning.ReasonsToStage(host, deployment) is { } reasons => new Stage(deployment, deployment.Toplevel!.Value, reasons),

            // An operator who asks for a generation is there and means now.
            _ when deployment.Source is DeploymentSource.Commit && ClosedUntil(host) is { } opens => new Hold(new HoldReason.OutsideMaintenanceWindow(deployment.Revision, opens)),
            _ => new Try(deployment, deployment.Toplevel!.Value, TrialDeadline(host)),
        };
    }

    // A build on damaged paths fails, or succeeds and gives a damaged system, and either would be blamed on the commit. A generation an operator
    // asks for may be the cure.
    private static HostStep? StoreFirst(HostView host, Deployment? underWay) => host.Store switch
    {
        StoreSighting.Sound => null,
        StoreSighting.Suspect => new MendStore(SystemsToKeep(host, underWay)),
        StoreSighting.Damaged damaged when underWay?.Source is null or DeploymentSource.Commit => new Hold(new HoldReason.StoreDamaged(damaged.Damage, damaged.Until)),
        StoreSighting.Unknown unknown when underWay?.Source is DeploymentSource.Commit => new Hold(new HoldReason.BackingOff(unknown.Cause, unknown.Attempts, unknown.Until)),
        StoreSighting.Damaged or StoreSighting.Unknown => null,
        _ => throw new UnreachableException(),
    };

    private static ImmutableArray<Toplevel> SystemsToKeep(HostView host, Deployment? underWay) =>
    [
        .. new[] { host.Host.Running, host.Host.Booted, host.Host.BootDefault, host.History.GoodSystem, host.History.ExpectedSystem, underWay?.RollBackTo }
            .OfType<Toplevel>().Distinct(),
    ];

    private static bool AlreadyThere(HostView host, Deployment deployment) =>
        host.Host.Running == deployment.Toplevel && (deployment.IsTesting || host.Host.BootDefault == deployment.Toplevel);

    // Another commit on top of a bad one may lead to the very system that failed; it is not tried on the host again for that.
    private static Quarantined? FailedBefore(HostView host, Deployment deployment) => deployment.Revision is { } revision
        ? host.History.Quarantine.Values.FirstOrDefault(bad =>
            bad.Revision != revision && bad.Cause is { Fault: Fault.Revision }
            && host.History.Deployments[bad.Deployment.Position] is { Phase: RolledBack } failed && failed.Toplevel == deployment.Toplevel)
        : null;

    private static HostStep OnTrial(HostView host, Deployment deployment, OnTrial trial)
    {
        var start = deployment.Trial!;
        if (deployment.Refused is { } refusal && trial.Activation is not null)
        {
            return new RollBack(deployment, deployment.RollBackTo, refusal);
        }

        if (trial.Activation is not { } outcome)
        {
            return host.Activation switch
            {
                ActivationSighting.Running => new AwaitActivation(deployment),
                ActivationSighting.Ended ended => new RecordActivation(deployment, ended.Outcome),
                _ => TryAgain(host, deployment),
            };
        }

        if (deployment.Staged is not null && host.Host.Running != deployment.Toplevel && host.Host.BootId != start.BootId)
        {
            return new RollBack(deployment, deployment.RollBackTo, new Failure.InterruptedByReboot(1));
        }

        return outcome switch
        {
            ActivationOutcome.Succeeded or ActivationOutcome.UnitsFailed when host.Host.Running == deployment.Toplevel =>
                Judge(host, deployment, trial.ActivatedAt!.Value),
            ActivationOutcome.Succeeded or ActivationOutcome.UnitsFailed when host.Host.BootId != start.BootId => TryAgain(host, deployment),
            ActivationOutcome.Succeeded or ActivationOutcome.UnitsFailed => Displaced(host, deployment),
            ActivationOutcome.LockHeld when !IsUntouched(host, deployment) =>
                new RollBack(deployment, deployment.RollBackTo, new Failure.AnotherSwitchRuns("switch-to-configuration")),
            ActivationOutcome.NotStarted unstarted when !IsUntouched(host, deployment) =>
                new RollBack(deployment, deployment.RollBackTo, new Failure.HostToolFailed("systemd-run", unstarted.Detail)),
            ActivationOutcome.LockHeld =>
                Later(host, deployment, new Failure.AnotherSwitchRuns("switch-to-configuration")),
            ActivationOutcome.NotStarted unstarted =>
                Later(host, deployment, new Failure.HostToolFailed("systemd-run", unstarted.Detail)),
            ActivationOutcome.Refused refused when host.Host.Running != deployment.Toplevel =>
                EndUntouched(host, deployment, new Failure.PreSwitchCheckFailed(refused.Excerpt)),
            ActivationOutcome.Refused refused => new RollBack(deployment, deployment.RollBackTo, new Failure.ActivationFailed("exit 1", refused.Excerpt)),
            ActivationOutcome.NeedsReboot when RebootPlanning.InsteadOfActivating(host, deployment) is { } stage => stage,
            ActivationOutcome.NeedsReboot => EndUntouched(host, deployment, new Failure.RebootRequired("the init interface changed")),
            ActivationOutcome.ScriptFailed failed => new RollBack(deployment, deployment.RollBackTo, new Failure.ActivationFailed("exit 2", failed.Excerpt)),
            ActivationOutcome.Broken broken => new RollBack(deployment, deployment.RollBackTo, new Failure.ActivationFailed(broken.HowEnded, broken.Excerpt)),
            _ => throw new UnreachableException(),
        };
    }

    // The activation left no trace: the daemon died before it started, or the machine restarted. A power cut is not the commit's fault,
    // but a system that takes the machine down with it is; so it is tried again, and not for ever.
    private static HostStep TryAgain(HostView host, Deployment deployment) =>
        deployment.Trial!.Attempts >= host.Policy.TrialAttempts || deployment.Staged is not null
            ? new RollBack(deployment, deployment.RollBackTo, new Failure.InterruptedByReboot(deployment.Trial.Attempts))
            : new Try(deployment, deployment.Toplevel!.Value, TrialDeadline(host));

    // A refused switch has, as a rule, changed nothing. When what runs is not what ran before, trust what is seen and put the host back.
    private static HostStep EndUntouched(HostView host, Deployment deployment, Failure cause) =>
        IsUntouched(host, deployment) ? new Fail(deployment, cause) : new RollBack(deployment, deployment.RollBackTo, cause);

    // A first attempt may have been cut by a power failure when profile or boot entry had moved already: then there is something to put back.
    private static bool IsUntouched(HostView host, Deployment deployment) =>
        host.Host.Running == deployment.RollBackTo && !deployment.BootMayHaveMoved;

    // Somebody switched by hand while the trial ran. Made for good, it was meant, and is left alone; otherwise the host is put back.
    private static HostStep Displaced(HostView host, Deployment deployment)
    {
        var cause = new Failure.DisplacedDuringTrial(host.Host.Running ?? deployment.RollBackTo);
        return host.Host.Running is { } running && running == host.Host.BootDefault && running != deployment.RollBackTo
            ? new Fail(deployment, cause)
            : new RollBack(deployment, deployment.RollBackTo, cause);
    }

    private static DateTimeOffset TrialDeadline(HostView host) => host.Now + host.Policy.ActivationLimit + host.Policy.ConfirmationWindow;

    private static HostStep Judge(HostView host, Deployment deployment, DateTimeOffset activatedAt)
    {
        var deadline = activatedAt + host.Policy.ConfirmationWindow;
        return HealthGate.Judge(HealthOf(host, deployment), activatedAt, host.Rounds, host.PatientChecks, host.Now) switch
        {
            HealthVerdict.Unhealthy sick => new RollBack(deployment, deployment.RollBackTo, new Failure.Unhealthy(sick.Failing)),
            HealthVerdict.Healthy well when deployment.IsTesting => new Accept(deployment, well.Results),
            HealthVerdict.Healthy well => new Confirm(deployment, deployment.Toplevel!.Value, well.Results),
            HealthVerdict.Pending pending when host.Now >= deadline => new RollBack(deployment, deployment.RollBackTo, OutOfTime(host, deployment, pending)),
            // A healthy trial is let finish; a failing one gives way to what may be its fix.
            HealthVerdict.Pending { Failing.IsEmpty: false } pending when NewerWanted(host, deployment) is { } newer =>
                new RollBack(deployment, deployment.RollBackTo, new Failure.GaveWay(newer, pending.Failing)),
            HealthVerdict.Pending pending when host.Now >= pending.NextRound => new Probe(deployment),
            HealthVerdict.Pending pending => new Hold(new HoldReason.AwaitingHealth(pending.NextRound, deadline, pending.Failing)),
            _ => throw new UnreachableException(),
        };
    }

    private static HealthPolicy HealthOf(HostView host, Deployment deployment) =>
        deployment.Staged is not null && host.Policy.Reboot.WarmUp > host.Policy.Health.WarmUp
            ? host.Policy.Health with { WarmUp = host.Policy.Reboot.WarmUp }
            : host.Policy.Health;

    // When nothing but the way to the repository failed, the system or the world may be to blame. The first time it is put back and tried once
    // more when the repository can be reached again; a system that loses it a second time is held to have cut the way.
    private static Failure OutOfTime(HostView host, Deployment deployment, HealthVerdict.Pending pending)
    {
        var last = host.Rounds.IsEmpty ? [] : host.Rounds[^1].Results;
        var onlyTheWay = !pending.Failing.IsEmpty && pending.Failing.All(result => host.PatientChecks.Contains(result.Check));
        var lostBefore = host.History.Deployments.Values.Any(earlier =>
            earlier.Revision == deployment.Revision && earlier.Phase is RolledBack { Cause: Failure.RepositoryLost });
        return onlyTheWay && !lostBefore ? new Failure.RepositoryLost(pending.Failing[0].Detail) : new Failure.NotConfirmedInTime(last);
    }

    // The gate passed. Only a reboot between moving the profile and moving the boot entry can have changed what runs.
    private static HostStep Confirm(HostView host, Deployment deployment)
    {
        var runs = host.Host.Running == deployment.Toplevel;
        if (!runs && host.Host.BootId == deployment.Trial!.BootId)
        {
            return Displaced(host, deployment);
        }

        return deployment.Postponed switch
        {
            { } postponed when postponed.Attempts >= host.Policy.CriticalAttempts =>
                new RollBack(deployment, deployment.RollBackTo, NoBootEntry(postponed.Cause)),
            { } postponed when Waits(host, postponed.Until) =>
                new Hold(new HoldReason.BackingOff(postponed.Cause, postponed.Attempts, postponed.Until)),
            _ when !runs => TryAgain(host, deployment),
            _ => new HostStep.Confirm(deployment, deployment.Toplevel!.Value, []),
        };
    }

    private static Failure.BootEntryFailed NoBootEntry(Failure cause) => cause as Failure.BootEntryFailed ?? new Failure.BootEntryFailed(FailureText.Headline(cause));

    private static HostStep RollBack(HostView host, Deployment deployment, RollingBack back) => deployment.Postponed switch
    {
        { } postponed when postponed.Attempts >= host.Policy.CriticalAttempts => new GiveUp(deployment, FailureText.Headline(postponed.Cause)),
        { } postponed when Waits(host, postponed.Until) => new Hold(new HoldReason.BackingOff(postponed.Cause, postponed.Attempts, postponed.Until)),
        _ when RebootPlanning.HeldFromReturning(host, deployment) is { } held => held,
        _ => new HostStep.RollBack(deployment, deployment.RollBackTo, back.Cause),
    };

    // Called for loudly, and still tried from time to time: what stood in the way, such as a full /boot, may be gone before anybody comes.
    // An operator at work by hand suspends, and is left alone.
    private static HostStep Stuck(HostView host, Deployment deployment, NeedsOperator stuck)
    {
        var again = deployment.Changed + host.Policy.Backoff.Longest;
        var cameUp = deployment.Return is { } asked && asked.BootId != host.Host.BootId;

        // Rebooting it time and again would mend nothing.
        var mayTry = host.History.Suspension is null
            && (cameUp || deployment.Returns < host.Policy.CriticalAttempts || !RebootPlanning.MustReturnByReboot(host.Policy, host.Host, deployment));
        return mayTry && (cameUp || !Waits(host, again))
            ? RebootPlanning.HeldFromReturning(host, deployment) ?? new HostStep.RollBack(deployment, deployment.RollBackTo, stuck.Cause)
            : new Hold(new HoldReason.NeedsOperator(
                deployment.Id, deployment.RollBackTo, stuck.Cause, stuck.Detail, mayTry ? again : null));
    }

    private static Postpone Later(HostView host, Deployment deployment, Failure cause) =>
        new Postpone(deployment, cause, host.Now + host.Policy.Backoff.After((deployment.Postponed?.Attempts ?? 0) + 1));

    private static Revision? NewerWanted(HostView host, Deployment deployment) =>
        host.Selection is Selection.Wanted { Candidate.Revision: var wanted }
        && deployment.Revision is { } current
        && wanted != current
        && MayBegin(host, wanted)
            ? wanted
            : null;

    // --- nothing in flight

    private static HostStep Begin(HostView host)
    {
        if (host.Host.Running is not { } running || host.History.ExpectedSystem is not { } expected)
        {
            return new Hold(new HoldReason.NoSystemToReturnTo());
        }

        if (host.History.Suspension is null && StoreFirst(host, underWay: null) is { } first)
        {
            return first;
        }

        var bootDrift = host.Host.BootDefault is { } boots && boots != host.History.GoodSystem ? boots : (Toplevel?)null;
        if (running == expected && bootDrift is null && host.History.Drift is not null)
        {
            return new EndDrift(expected);
        }

        // A testing system is gone after a reboot, by design; that is no drift, and the branch is deployed once more below.
        var drifted = running != expected && !(host.History.Applied is { IsTesting: true } && running == host.History.GoodSystem);
        if ((drifted ? running : bootDrift) is { } odd && host.History.Drift != odd)
        {
            return new ReportDrift(drifted ? expected : host.History.GoodSystem ?? expected, odd);
        }

        return Next(host, running) switch
        {
            Hold { Reason: HoldReason.UpToDate or HoldReason.Quarantined } when drifted || bootDrift is not null => Drifted(host, expected, running, drifted ? null : bootDrift),
            var step => step,
        };
    }

    private static HostStep Drifted(HostView host, Toplevel expected, Toplevel running, Toplevel? boots) => host switch
    {
        { Policy.RepairDrift: false } or { History.Suspension: not null } => new Hold(new HoldReason.Drifted(expected, running, boots, RepairAt: null)),
        { RepairTakesReboot: { } stuck } when stuck == running && boots is null => new Hold(new HoldReason.Drifted(expected, running, boots, RepairAt: null) { TakesReboot = true }),
        { RepairAgainAt: { } due } when Waits(host, due) => new Hold(new HoldReason.Drifted(expected, running, boots, due)),
        _ => new RepairDrift(expected, host.History.GoodSystem ?? expected),
    };

    private static HostStep Next(HostView host, Toplevel running)
    {
        if (host.History.Suspension is { } suspension)
        {
            return new Hold(new HoldReason.Suspended(suspension.Since, suspension.By, suspension.Reason));
        }

        if (host.Selection is not Selection.Wanted { Candidate: var wanted })
        {
            return new Hold(((Selection.None)host.Selection).Reason);
        }

        var revision = wanted.Revision;
        if (host.History.Quarantine.TryGetValue(revision, out var bad))
        {
            return new Hold(new HoldReason.Quarantined(revision, bad.Cause, bad.Deployment));
        }

        if (IsApplied(host, wanted, running))
        {
            return new Hold(new HoldReason.UpToDate(revision, wanted.Branch, RebootFor(host)));
        }

        if (host.History.Latest is { Phase: RolledBack { Cause: Failure.RepositoryLost lost } } cut && cut.Revision == revision && !host.RepositoryAnswers)
        {
            return new Hold(new HoldReason.RepositoryUnreachable(wanted.Remote, lost.Detail));
        }

        if (TestingKeepsEnding(host, wanted) is { } boots)
        {
            return new Hold(new HoldReason.TestingEndedByBoots(revision, boots));
        }

        return host.Signatures switch
        {
            SignatureVerdict.Untrusted bare => new Hold(new HoldReason.Unsigned(revision, bare.Commit, bare.Detail)),
            SignatureVerdict.Unknown unknown =>
                new Hold(new HoldReason.SignaturesUnknown(revision, unknown.Detail, host.Now + host.Policy.Backoff.After(1))),
            _ => new Select(wanted, SystemToReturnTo(host.Host, host.History) ?? running),
        };
    }

    // The plan told what differs from the system that was booted; that holds until another boot.
    private static string? RebootFor(HostView host) =>
        host.History.Applied is { Plan.RebootReasons: { IsEmpty: false } parts } applied && host.Host.Booted is { } booted && booted != applied.Toplevel
            ? string.Join(", ", parts)
            : null;

    // The same commit may come as testing first and as main later: then it is deployed once more, to become the boot default.
    private static bool IsApplied(HostView host, Candidate wanted, Toplevel running) =>
        host.History.Applied is { Source: DeploymentSource.Commit { Candidate: var applied } } deployment
        && applied.Revision == wanted.Revision
        && (applied.Branch == wanted.Branch || wanted.Branch == BranchKind.Testing)
        && (!deployment.IsTesting || running == deployment.Toplevel || running != host.History.GoodSystem);

    // A testing system that takes the machine down after it was accepted must not do so after each boot.
    private static int? TestingKeepsEnding(HostView host, Candidate wanted)
    {
        var lately = host.History.Deployments.Values.Count(deployment =>
            deployment.Revision == wanted.Revision && deployment.Phase is Accepted && deployment.Changed > host.Now - TestingMemory);
        return wanted.Branch == BranchKind.Testing && lately >= TestingBoots ? lately : null;
    }

    /// <summary>The system to come back to from a deployment that begins now.</summary>
    /// <remarks>
    /// An operator who switched by hand meant it, and made it the boot default too: come back to that. Anything half done, such as a testing
    /// system, must never become the boot default, so it is not come back to.
    /// </remarks>
    public static Toplevel? SystemToReturnTo(HostState host, HostHistory history) =>
        host.BootDefault == host.Running ? host.Running : history.GoodSystem ?? host.Running;

    private static bool MayBegin(HostView host, Revision revision) =>
        !host.History.Quarantine.ContainsKey(revision) && host.Signatures is null or SignatureVerdict.Trusted;

    private static DateTimeOffset? ClosedUntil(HostView host)
    {
        var windows = host.Policy.MaintenanceWindows;
        return windows.IsEmpty || windows.Any(window => window.IsOpen(host.Now)) ? null : windows.Min(window => window.NextOpening(host.Now));
    }
}
