using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Reconciler.Model;
using static Reconciler.Model.DeploymentPhase;

namespace Reconciler.History;

/// <summary>What the ledger says of this host: the fold of its facts from the first to the last. There is no other store of state.</summary>
internal sealed record HostHistory
{
    /// <summary>A host nobody has looked at yet.</summary>
    public static readonly HostHistory Empty = new();

    /// <summary>Position of the last fact read; 0 when there is none.</summary>
    public long Position { get; init; }

    /// <summary>The system found at the first meeting; null before it.</summary>
    public Toplevel? Adopted { get; init; }

    /// <summary>All deployments, by name.</summary>
    public ImmutableSortedDictionary<long, Deployment> Deployments { get; init; } = ImmutableSortedDictionary<long, Deployment>.Empty;

    /// <summary>The latest deployment; null before the first.</summary>
    public Deployment? Latest { get; init; }

    /// <summary>The last deployment that was confirmed; null before the first.</summary>
    public Deployment? LastConfirmed { get; init; }

    /// <summary>The deployment whose system should be running now: confirmed, or accepted for testing; null before the first.</summary>
    public Deployment? Applied { get; init; }

    /// <summary>The last revision of the main branch that was confirmed: selection goes forward from here. Null before the first.</summary>
    public Revision? MainConfirmed { get; init; }

    /// <summary>Revisions held as bad.</summary>
    public ImmutableDictionary<Revision, Quarantined> Quarantine { get; init; } = ImmutableDictionary<Revision, Quarantined>.Empty;

    /// <summary>Settled deployments whose end the repository was not told, oldest first.</summary>
    public ImmutableList<DeploymentId> Untold { get; init; } = [];

    /// <summary>Set while an operator has stopped new deployments.</summary>
    public Suspension? Suspension { get; init; }

    /// <summary>The revision an operator fixed the host to; null when it follows its branch.</summary>
    public Revision? Pin { get; init; }

    /// <summary>Tips an operator accepted though the branch did not go forward to them.</summary>
    public ImmutableHashSet<Revision> AllowedRewinds { get; init; } = [];

    /// <summary>When damaged paths were last removed from the store, and what was found; null when that never happened.</summary>
    public StoreMend? LastMend { get; init; }

    /// <summary>The drifted system last reported; null when what runs is what was confirmed.</summary>
    public Toplevel? Drift { get; init; }

    /// <summary>The system that should be running and booting by default: the last confirmed one, or what was adopted.</summary>
    public Toplevel? GoodSystem => LastConfirmed?.Toplevel ?? Adopted;

    /// <summary>The system that should be running now, which differs from <see cref="GoodSystem"/> for an accepted testing system.</summary>
    public Toplevel? ExpectedSystem => Applied?.Toplevel ?? Adopted;

    /// <summary>Reads facts from the first on.</summary>
    public static HostHistory Read(IEnumerable<LedgerEntry> entries) => entries.Aggregate(Empty, (history, entry) => history.Then(entry));

    /// <summary>The history with one more fact.</summary>
    /// <exception cref="InvalidLedgerException">The fact cannot follow the ones before it.</exception>
    public HostHistory Then(LedgerEntry entry)
    {
        if (entry.Position != Position + 1)
        {
            throw new InvalidLedgerException($"Entry {entry.Position} follows entry {Position}.");
        }

        return Fold(entry) with { Position = entry.Position };
    }

    /// <summary>Whether a fact can follow.</summary>
    public bool Accepts(LedgerEvent fact, Actor actor)
    {
        try
        {
            Then(new LedgerEntry(Position + 1, default, actor, fact));
            return true;
        }
        catch (InvalidLedgerException)
        {
            return false;
        }
    }

    private HostHistory Fold(LedgerEntry entry) => entry.Fact switch
    {
        LedgerEvent.HostAdopted e => this with { Adopted = e.Running },
        LedgerEvent.DeploymentBegan e => Begin(entry, e),
        LedgerEvent.BuildSucceeded e => Update(entry, TimelineWords.Built, d => d with { Phase = new Built(), Toplevel = e.Toplevel, Postponed = null }),
        LedgerEvent.PlanRecorded e => Update(entry, TimelineWords.Planned, d => d with { Phase = new Planned(), Plan = e.Plan, Postponed = null }),
        LedgerEvent.AttemptPostponed e => Postpone(entry, e),
        LedgerEvent.TrialBegan e => Update(entry, TimelineWords.TrialBegan, d => d with
        {
            Phase = new OnTrial(null, null),
            Postponed = null,
            Staged = null,
            Trial = d.Trial is { } trial
                ? trial with { Attempts = trial.Attempts + 1, BootId = e.BootId, Deadline = e.Deadline }
                : new TrialStart(e.Deadline, e.BootId, e.FailedUnitsBefore, e.ChecksFailingBefore, 1),
        }),
        LedgerEvent.ActivationEnded e => EndActivation(entry, e),
        LedgerEvent.RebootStaged e => Stage(entry, e),
        LedgerEvent.RebootRequested e => RequestReboot(entry, e),
        LedgerEvent.TrialBooted e => BootOnTrial(entry, e),
        LedgerEvent.ReturnRequested e => Current.Phase is RollingBack or NeedsOperator
            ? Update(entry, TimelineWords.ReturnRequested, d => d with { Return = new ReturnBoot(e.BootId, entry.At), Returns = d.Returns + 1 })
            : throw OutOfOrder(entry),
        LedgerEvent.TrialRefused => Current.Phase is OnTrial
            ? Update(entry, TimelineWords.RefusedBy + entry.Actor, d => d with { Refused = new Failure.RefusedByOperator(entry.Actor.ToString()) })
            : throw OutOfOrder(entry),
        LedgerEvent.ConfirmBegan e => Update(entry, TimelineWords.GatePassed, d => d with
        {
            Phase = new Confirming(),
            Postponed = null,
            Results = e.Results,
            BootMayHaveMoved = true,
        }),
        LedgerEvent.Confirmed e => Confirm(entry, e),
        LedgerEvent.Accepted e => Accept(entry, e),
        LedgerEvent.RollbackBegan e => Update(entry, TimelineWords.RollbackBegan, d => d with
        {
            Phase = new RollingBack(e.Cause),
            Postponed = null,
            Journal = e.Journal,
        }),
        LedgerEvent.RolledBack => RollBack(entry),
        LedgerEvent.RollbackFailed e => Current.Phase is RollingBack back
            ? Update(entry, TimelineWords.RollbackFailed, d => d with { Phase = new NeedsOperator(back.Cause, e.Detail) })
            : throw OutOfOrder(entry),
        LedgerEvent.PutBackUnattended e => Current.Phase.IsAtStake
            ? Update(entry, TimelineWords.PutBackUnattended, d => d with { Unattended = e.Act, Postponed = null }) // attempts before say nothing of the host now
            : throw OutOfOrder(entry),
        LedgerEvent.StoreMended e => Mend(entry, e),
        LedgerEvent.DeploymentFailed e => Settle(entry, "failed", new Failed(e.Cause), untold: e.Cause.Fault is Fault.Revision or Fault.Host)
            .SetAside(entry, e.Cause),
        LedgerEvent.DeploymentSuperseded e => Settle(entry, $"superseded by {e.By.Short}", new Superseded(e.By), untold: false),
        LedgerEvent.Told e => Tell(e),
        LedgerEvent.DriftFound e => this with { Drift = e.Running },
        LedgerEvent.DriftRepairBegan => this,
        LedgerEvent.DriftEnded => this with { Drift = null },
        LedgerEvent.Suspended e => this with { Suspension = new Suspension(entry.At, entry.Actor, e.Reason) },
        LedgerEvent.Resumed => Resume(entry),
        LedgerEvent.Pinned e => this with { Pin = e.Revision },
        LedgerEvent.Unpinned => this with { Pin = null },
        LedgerEvent.QuarantineReleased e => this with { Quarantine = Quarantine.Remove(e.Revision) },
        LedgerEvent.RewindAllowed e => this with { AllowedRewinds = AllowedRewinds.Add(e.Revision) },
        _ => throw new UnreachableException(),
    };

    private Deployment Current => Latest ?? throw new InvalidLedgerException("A deployment fact comes before any deployment began.");

    private HostHistory Begin(LedgerEntry entry, LedgerEvent.DeploymentBegan e)
    {
        if (Latest is { Phase.IsSettled: false })
        {
            throw OutOfOrder(entry);
        }

        var deployment = new Deployment
        {
            Id = new DeploymentId(entry.Position),
            Source = e.Source,
            RollBackTo = e.RollBackTo,
            Phase = e.Source is DeploymentSource.Generation ? new Built() : new Selected(),
            Toplevel = e.Source is DeploymentSource.Generation generation ? generation.Toplevel : null,
            Began = entry.At,
            Changed = entry.At,
            Actor = entry.Actor,
            Timeline = [new PhaseEntered(entry.At, TimelineWords.Selected)],
        };
        var left = e.Source is DeploymentSource.Generation { Leaving: { } revision }
            ? Quarantine.SetItem(revision, new Quarantined(revision, deployment.Id, entry.At, Cause: null))
            : Quarantine;
        return this with
        {
            Latest = deployment,
            Deployments = Deployments.Add(entry.Position, deployment),
            Quarantine = left,
        };
    }

    private HostHistory Postpone(LedgerEntry entry, LedgerEvent.AttemptPostponed e) => Update(entry, TimelineWords.Postponed, d => d with
    {
        // A switch that found the lock held or was not started did nothing, so the trial has not begun: the deployment waits where it was.
        // One that could not be chosen for the next boot is staged anew: its menu may have been written by somebody else.
        Phase = d.Phase switch
        {
            OnTrial => new Planned(),
            Rebooting when e.Cause is Failure.OneShotBootFailed => new Planned(),
            Rebooting => new AwaitingReboot(),
            var phase => phase,
        },
        RebootFailures = d.RebootFailures + (d.Phase is Rebooting ? 1 : 0),
        Trial = d.Phase is OnTrial or Rebooting ? null : d.Trial,
        Return = null,
        Returns = d.Return is not null && e.Cause is Failure.HostToolFailed { Tool: Failure.HostToolFailed.Reboot } ? d.Returns - 1 : d.Returns,
        Postponed = new Postponement(e.Cause, (d.Postponed?.Attempts ?? 0) + 1, e.Until),
    });

    // What was built and not yet tried may be among what was lost or removed: it is built once more, which costs little when it is all there.
    private HostHistory Mend(LedgerEntry entry, LedgerEvent.StoreMended e)
    {
        var mended = Latest switch
        {
            { Phase: Built or Planned, Source: DeploymentSource.Commit } => Update(
                entry, Mended(e), d => d with { Phase = new Selected(), Toplevel = null, Plan = null }),
            { Phase.IsSettled: false } => Update(entry, Mended(e), d => d),
            _ => this,
        };
        return e.Damaged == 0 ? mended : mended with { LastMend = new StoreMend(entry.At, e.Damaged, e.Removed) };
    }

    private static string Mended(LedgerEvent.StoreMended e) => e.Damaged == 0
        ? TimelineWords.Store + "looked over after an unclean boot"
        : string.Create(CultureInfo.InvariantCulture, $"{TimelineWords.Store}mended: {e.Damaged} damaged, {e.Removed} removed");

    private HostHistory EndActivation(LedgerEntry entry, LedgerEvent.ActivationEnded e) => Current.Phase is OnTrial
        ? Update(entry, TimelineWords.Activated, d => d with { Phase = new OnTrial(e.Outcome, entry.At) })
        : throw OutOfOrder(entry);

    private HostHistory Stage(LedgerEntry entry, LedgerEvent.RebootStaged e) => Current.Phase is Planned or OnTrial { Activation: not null }
        ? Update(entry, TimelineWords.Staged, d => d with { Phase = new AwaitingReboot(), Staged = new Staging(e.Reasons), Trial = null, Postponed = null })
        : throw OutOfOrder(entry);

    private HostHistory RequestReboot(LedgerEntry entry, LedgerEvent.RebootRequested e) => Current.Phase is AwaitingReboot
        ? Update(entry, TimelineWords.RebootRequested, d => d with
        {
            Phase = new Rebooting(entry.At),
            Postponed = null,
            Trial = new TrialStart(entry.At, e.BootId, e.FailedUnitsBefore, e.ChecksFailingBefore, 1),
        })
        : throw OutOfOrder(entry);

    private HostHistory BootOnTrial(LedgerEntry entry, LedgerEvent.TrialBooted e) => Current.Phase is AwaitingReboot or Rebooting
        ? Update(entry, TimelineWords.BootedOnTrial, d => d with
        {
            Phase = new OnTrial(new ActivationOutcome.Succeeded(), entry.At),
            Postponed = null,
            Trial = (d.Trial ?? new TrialStart(e.Deadline, e.BootId, [], [], 1)) with { Deadline = e.Deadline, BootId = e.BootId },
        })
        : throw OutOfOrder(entry);

    private HostHistory Confirm(LedgerEntry entry, LedgerEvent.Confirmed e)
    {
        var settled = Settle(
            entry,
            $"confirmed as generation {e.Generation}",
            new Confirmed(e.WasActivated),
            untold: true,
            d => d with { Toplevel = e.Toplevel, Generation = e.Generation });
        var revision = settled.Latest!.Revision;
        return settled with
        {
            LastConfirmed = settled.Latest,
            Applied = settled.Latest,
            MainConfirmed = revision ?? MainConfirmed,
            AllowedRewinds = revision is { } r ? AllowedRewinds.Remove(r) : AllowedRewinds,
            Drift = null,
        };
    }

    private HostHistory Accept(LedgerEntry entry, LedgerEvent.Accepted e)
    {
        var settled = Settle(entry, "accepted for testing", new Accepted(), untold: true, d => d with { Results = e.Results });
        return settled with { Applied = settled.Latest, Drift = null };
    }

    private HostHistory RollBack(LedgerEntry entry)
    {
        var cause = Current.Phase switch
        {
            RollingBack back => back.Cause,
            NeedsOperator stuck => stuck.Cause,
            _ => throw OutOfOrder(entry),
        };
        var settled = Settle(entry, "rolled back", new RolledBack(cause), untold: true).SetAside(entry, cause);

        // The host was put back to a system that may be older than the accepted testing system it ran.
        return settled with { Applied = Applied?.Toplevel == Current.RollBackTo ? Applied : LastConfirmed };
    }

    private HostHistory Resume(LedgerEntry entry) => Latest is { Phase: NeedsOperator stuck }
        ? Settle(entry, "taken over by an operator", new Abandoned(stuck.Cause), untold: true).SetAside(entry, stuck.Cause) with { Suspension = null }
        : this with { Suspension = null };

    private HostHistory Tell(LedgerEvent.Told e) => Deployments.TryGetValue(e.Deployment.Position, out var told)
        ? Put(told with { IsTold = true }) with { Untold = Untold.Remove(e.Deployment) }
        : throw new InvalidLedgerException($"Deployment {e.Deployment} was told of, and never began.");

    private HostHistory Settle(LedgerEntry entry, string what, DeploymentPhase phase, bool untold, Func<Deployment, Deployment>? change = null)
    {
        var settled = Update(entry, what, d => (change is null ? d : change(d)) with { Phase = phase, Postponed = null });
        return untold ? settled with { Untold = settled.Untold.Add(Current.Id) } : settled;
    }

    private HostHistory SetAside(LedgerEntry entry, Failure cause) =>
        cause.Fault is Fault.Revision or Fault.Host && Current.Revision is { } revision
            ? this with { Quarantine = Quarantine.SetItem(revision, new Quarantined(revision, Current.Id, entry.At, cause)) }
            : this;

    private HostHistory Update(LedgerEntry entry, string what, Func<Deployment, Deployment> change)
    {
        if (Current.Phase.IsSettled)
        {
            throw OutOfOrder(entry);
        }

        return Put(change(Current) with { Changed = entry.At, Timeline = Current.Timeline.Add(new PhaseEntered(entry.At, what)) });
    }

    private HostHistory Put(Deployment deployment) => this with
    {
        Deployments = Deployments.SetItem(deployment.Id.Position, deployment),
        Latest = Latest?.Id == deployment.Id ? deployment : Latest,
        LastConfirmed = LastConfirmed?.Id == deployment.Id ? deployment : LastConfirmed,
        Applied = Applied?.Id == deployment.Id ? deployment : Applied,
    };

    private InvalidLedgerException OutOfOrder(LedgerEntry entry) =>
        new($"Entry {entry.Position} ({entry.Fact.GetType().Name}) cannot follow a deployment that is {Latest?.Phase.GetType().Name ?? "not begun"}.");
}

/// <summary>An operator has stopped new deployments.</summary>
internal sealed record Suspension(DateTimeOffset Since, Actor By, string Reason);

/// <summary>Damaged paths were removed from the store.</summary>
/// <param name="At">When.</param>
/// <param name="Damaged">How many paths were damaged.</param>
/// <param name="Removed">How many were removed: damaged ones, and what refers to them.</param>
internal sealed record StoreMend(DateTimeOffset At, int Damaged, int Removed);
