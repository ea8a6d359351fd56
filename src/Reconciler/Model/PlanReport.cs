using System.Collections.Immutable;

namespace Reconciler.Model;

/// <summary>What came of planning a commit. A closed set.</summary>
internal abstract record PlanReport
{
    private PlanReport() { }

    /// <summary>It was built and compared with what runs.</summary>
    /// <param name="Plan">What it would change.</param>
    /// <param name="Toplevel">The system that was built.</param>
    /// <param name="Running">The system it was compared with.</param>
    /// <param name="Warnings">Warnings of the evaluation, oldest first; bounded, and hostile text.</param>
    /// <param name="Took">How long it took.</param>
    public sealed record Ready(SystemPlan Plan, Toplevel Toplevel, Toplevel Running, ImmutableArray<string> Warnings, TimeSpan Took) : PlanReport;

    /// <summary>It could not be planned.</summary>
    /// <param name="Cause">Why.</param>
    /// <param name="Took">How long it took.</param>
    public sealed record Failed(Failure Cause, TimeSpan Took) : PlanReport;
}
