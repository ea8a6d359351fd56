using Reconciler.Model;

namespace Reconciler.Planning;

/// <summary>Which revision the host is to run, or why none can be named. A closed set.</summary>
internal abstract record Selection
{
    private Selection() { }

    /// <summary>This one.</summary>
    public sealed record Wanted(Candidate Candidate) : Selection;

    /// <summary>None, for this reason.</summary>
    public sealed record None(HoldReason Reason) : Selection;
}
