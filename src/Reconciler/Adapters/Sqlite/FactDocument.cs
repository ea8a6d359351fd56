using System.Collections.Immutable;
using System.Diagnostics;
using Reconciler.History;
using Reconciler.Model;

namespace Reconciler.Adapters.Sqlite;

/// <summary>The fields of a <see cref="LedgerEvent"/> as the ledger keeps them. Fields are part of the file format: never rename one.</summary>
internal abstract record FactDocument
{
    /// <summary>The fact it stands for.</summary>
    public abstract LedgerEvent Read();

    /// <summary>The document of a fact.</summary>
    public static FactDocument Of(LedgerEvent fact, LedgerLimits limits) => fact switch
    {
        LedgerEvent.HostAdopted e => new HostAdopted(e.Running.Path, e.BootDefault.Path),
        LedgerEvent.DeploymentBegan e => new DeploymentBegan(SourceDocument.Of(e.Source, limits), e.RollBackTo.Path),
        LedgerEvent.BuildSucceeded e => new BuildSucceeded(e.Toplevel.Path),
        LedgerEvent.PlanRecorded e => new PlanRecorded(PlanDocument.Of(e.Plan, limits)),
        LedgerEvent.AttemptPostponed e => new AttemptPostponed(FailureDocument.Of(e.Cause, limits), LedgerTime.Text(e.Until)),
        LedgerEvent.TrialBegan e => new TrialBegan(LedgerTime.Text(e.Deadline), limits.Text(e.BootId), limits.Texts(e.FailedUnitsBefore), limits.Texts(e.ChecksFailingBefore)),
        LedgerEvent.ActivationEnded e => new ActivationEnded(OutcomeDocument.Of(e.Outcome, limits)),
        LedgerEvent.RebootStaged e => new RebootStaged(limits.Texts(e.Reasons)),
        LedgerEvent.RebootRequested e => new RebootRequested(limits.Text(e.BootId), limits.Texts(e.FailedUnitsBefore), limits.Texts(e.ChecksFailingBefore)),
        LedgerEvent.TrialBooted e => new TrialBooted(LedgerTime.Text(e.Deadline), limits.Text(e.BootId)),
        LedgerEvent.ReturnRequested e => new ReturnRequested(limits.Text(e.BootId)),
        LedgerEvent.TrialRefused => new TrialRefused(),
        LedgerEvent.ConfirmBegan e => new ConfirmBegan(ProbeDocument.Of(e.Results, limits)),
        LedgerEvent.Confirmed e => new Confirmed(e.Toplevel.Path, e.Generation, e.WasActivated),
        LedgerEvent.Accepted e => new Accepted(ProbeDocument.Of(e.Results, limits)),
        LedgerEvent.RollbackBegan e => new RollbackBegan(FailureDocument.Of(e.Cause, limits), UnitJournalDocument.Of(e.Journal, limits)),
        LedgerEvent.RolledBack => new RolledBack(),
        LedgerEvent.RollbackFailed e => new RollbackFailed(limits.Text(e.Detail)),
        LedgerEvent.DeploymentFailed e => new DeploymentFailed(FailureDocument.Of(e.Cause, limits)),
        LedgerEvent.PutBackUnattended e => new PutBackUnattended(LedgerTime.Text(e.Act.At), limits.Text(e.Act.HowEnded)),
        LedgerEvent.StoreMended e => new StoreMended(e.Damaged, e.Removed, limits.Texts(e.Paths)),
        LedgerEvent.DeploymentSuperseded e => new DeploymentSuperseded(e.By.Sha),
        LedgerEvent.Told e => new Told(e.Deployment.Position, e.Pushed, limits.TextOrNull(e.Explanation)),
        LedgerEvent.DriftFound e => new DriftFound(e.Expected.Path, e.Running.Path),
        LedgerEvent.DriftRepairBegan e => new DriftRepairBegan(e.Expected.Path),
        LedgerEvent.DriftEnded e => new DriftEnded(e.Expected.Path),
        LedgerEvent.Suspended e => new Suspended(limits.Text(e.Reason)),
        LedgerEvent.Resumed => new Resumed(),
        LedgerEvent.Pinned e => new Pinned(e.Revision.Sha),
        LedgerEvent.Unpinned => new Unpinned(),
        LedgerEvent.QuarantineReleased e => new QuarantineReleased(e.Revision.Sha),
        LedgerEvent.RewindAllowed e => new RewindAllowed(e.Revision.Sha),
        _ => throw new UnreachableException(),
    };

    internal sealed record HostAdopted(string Running, string BootDefault) : FactDocument
    {
        public override LedgerEvent Read() => new LedgerEvent.HostAdopted(new Toplevel(Running), new Toplevel(BootDefault));
    }

    internal sealed record DeploymentBegan(SourceDocument Source, string RollBackTo) : FactDocument
    {
        public override LedgerEvent Read() => new LedgerEvent.DeploymentBegan(Source.Read(), new Toplevel(RollBackTo));
    }

    internal sealed record BuildSucceeded(string Toplevel) : FactDocument
    {
        public override LedgerEvent Read() => new LedgerEvent.BuildSucceeded(new Toplevel(Toplevel));
    }

    internal sealed record PlanRecorded(PlanDocument Plan) : FactDocument
    {
        public override LedgerEvent Read() => new LedgerEvent.PlanRecorded(Plan.Read());
    }

    internal sealed record AttemptPostponed(FailureDocument Cause, string Until) : FactDocument
    {
        public override LedgerEvent Read() => new LedgerEvent.AttemptPostponed(Cause.Read(), LedgerTime.Time(Until));
    }

    internal sealed record TrialBegan(string Deadline, string BootId, ImmutableArray<string> FailedUnitsBefore, ImmutableArray<string> ChecksFailingBefore) : FactDocument
    {
        public override LedgerEvent Read() => new LedgerEvent.TrialBegan(LedgerTime.Time(Deadline), BootId, FailedUnitsBefore.Checked(), ChecksFailingBefore.Checked());
    }

    internal sealed record ActivationEnded(OutcomeDocument Outcome) : FactDocument
    {
        public override LedgerEvent Read() => new LedgerEvent.ActivationEnded(Outcome.Read());
    }

    internal sealed record RebootStaged(ImmutableArray<string> Reasons) : FactDocument
    {
        public override LedgerEvent Read() => new LedgerEvent.RebootStaged(Reasons.Checked());
    }

    internal sealed record RebootRequested(string BootId, ImmutableArray<string> FailedUnitsBefore, ImmutableArray<string> ChecksFailingBefore) : FactDocument
    {
        public override LedgerEvent Read() => new LedgerEvent.RebootRequested(BootId, FailedUnitsBefore.Checked(), ChecksFailingBefore.Checked());
    }

    internal sealed record TrialBooted(string Deadline, string BootId) : FactDocument
    {
        public override LedgerEvent Read() => new LedgerEvent.TrialBooted(LedgerTime.Time(Deadline), BootId);
    }

    internal sealed record ReturnRequested(string BootId) : FactDocument
    {
        public override LedgerEvent Read() => new LedgerEvent.ReturnRequested(BootId);
    }

    internal sealed record TrialRefused : FactDocument
    {
        public override LedgerEvent Read() => new LedgerEvent.TrialRefused();
    }

    internal sealed record ConfirmBegan(ImmutableArray<ProbeDocument> Results) : FactDocument
    {
        public override LedgerEvent Read() => new LedgerEvent.ConfirmBegan(ProbeDocument.Read(Results));
    }

    internal sealed record Confirmed(string Toplevel, int Generation, bool WasActivated) : FactDocument
    {
        public override LedgerEvent Read() => new LedgerEvent.Confirmed(new Toplevel(Toplevel), Generation, WasActivated);
    }

    internal sealed record Accepted(ImmutableArray<ProbeDocument> Results) : FactDocument
    {
        public override LedgerEvent Read() => new LedgerEvent.Accepted(ProbeDocument.Read(Results));
    }

    internal sealed record RollbackBegan(FailureDocument Cause, ImmutableArray<UnitJournalDocument> Journal) : FactDocument
    {
        public override LedgerEvent Read() => new LedgerEvent.RollbackBegan(Cause.Read(), UnitJournalDocument.Read(Journal));
    }

    internal sealed record RolledBack : FactDocument
    {
        public override LedgerEvent Read() => new LedgerEvent.RolledBack();
    }

    internal sealed record RollbackFailed(string Detail) : FactDocument
    {
        public override LedgerEvent Read() => new LedgerEvent.RollbackFailed(Detail);
    }

    internal sealed record DeploymentFailed(FailureDocument Cause) : FactDocument
    {
        public override LedgerEvent Read() => new LedgerEvent.DeploymentFailed(Cause.Read());
    }

    internal sealed record PutBackUnattended(string Began, string HowEnded) : FactDocument
    {
        public override LedgerEvent Read() => new LedgerEvent.PutBackUnattended(new UnattendedPutBack(LedgerTime.Time(Began), HowEnded));
    }

    internal sealed record StoreMended(int Damaged, int Removed, ImmutableArray<string> Paths) : FactDocument
    {
        public override LedgerEvent Read() => new LedgerEvent.StoreMended(Damaged, Removed, Paths);
    }

    internal sealed record DeploymentSuperseded(string By) : FactDocument
    {
        public override LedgerEvent Read() => new LedgerEvent.DeploymentSuperseded(new Revision(By));
    }

    internal sealed record Told(long Deployment, bool Pushed, string? Explanation) : FactDocument
    {
        public override LedgerEvent Read() => new LedgerEvent.Told(new DeploymentId(Deployment), Pushed, Explanation);
    }

    internal sealed record DriftFound(string Expected, string Running) : FactDocument
    {
        public override LedgerEvent Read() => new LedgerEvent.DriftFound(new Toplevel(Expected), new Toplevel(Running));
    }

    internal sealed record DriftRepairBegan(string Expected) : FactDocument
    {
        public override LedgerEvent Read() => new LedgerEvent.DriftRepairBegan(new Toplevel(Expected));
    }

    internal sealed record DriftEnded(string Expected) : FactDocument
    {
        public override LedgerEvent Read() => new LedgerEvent.DriftEnded(new Toplevel(Expected));
    }

    internal sealed record Suspended(string Reason) : FactDocument
    {
        public override LedgerEvent Read() => new LedgerEvent.Suspended(Reason);
    }

    internal sealed record Resumed : FactDocument
    {
        public override LedgerEvent Read() => new LedgerEvent.Resumed();
    }

    internal sealed record Pinned(string Revision) : FactDocument
    {
        public override LedgerEvent Read() => new LedgerEvent.Pinned(new Revision(Revision));
    }

    internal sealed record Unpinned : FactDocument
    {
        public override LedgerEvent Read() => new LedgerEvent.Unpinned();
    }

    internal sealed record QuarantineReleased(string Revision) : FactDocument
    {
        public override LedgerEvent Read() => new LedgerEvent.QuarantineReleased(new Revision(Revision));
    }

    internal sealed record RewindAllowed(string Revision) : FactDocument
    {
        public override LedgerEvent Read() => new LedgerEvent.RewindAllowed(new Revision(Revision));
    }
}
