using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json.Serialization;
using Reconciler.Model;

namespace Reconciler.Adapters.Sqlite;

/// <summary>A <see cref="PlanReport"/> as the outbox keeps it.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Ready), "ready")]
[JsonDerivedType(typeof(Failed), "failed")]
internal abstract record ReportDocument
{
    /// <summary>The report it stands for.</summary>
    public abstract PlanReport Read();

    /// <summary>The document of a report.</summary>
    public static ReportDocument Of(PlanReport report, LedgerLimits limits) => report switch
    {
        PlanReport.Ready r => new Ready(
            PlanDocument.Of(r.Plan, limits), r.Toplevel.Path, r.Running.Path, limits.Texts(r.Warnings), LedgerTime.Microseconds(r.Took)),
        PlanReport.Failed r => new Failed(FailureDocument.Of(r.Cause, limits), LedgerTime.Microseconds(r.Took)),
        _ => throw new UnreachableException(),
    };

    internal sealed record Ready(PlanDocument Plan, string Toplevel, string Running, ImmutableArray<string> Warnings, long TookMicroseconds) : ReportDocument
    {
        public override PlanReport Read() => new PlanReport.Ready(
            Plan.Read(), new Toplevel(Toplevel), new Toplevel(Running), Warnings.Checked(), LedgerTime.Duration(TookMicroseconds));
    }

    internal sealed record Failed(FailureDocument Cause, long TookMicroseconds) : ReportDocument
    {
        public override PlanReport Read() => new PlanReport.Failed(Cause.Read(), LedgerTime.Duration(TookMicroseconds));
    }
}
