using System.Collections.Immutable;
using Reconciler.Model;

namespace Reconciler.Planning;

/// <summary>What the health gate says of a trial. A closed set.</summary>
internal abstract record HealthVerdict
{
    private HealthVerdict() { }

    /// <summary>Not known yet.</summary>
    /// <param name="NextRound">When to probe again.</param>
    /// <param name="Failing">Required checks that failed in the last round.</param>
    public sealed record Pending(DateTimeOffset NextRound, ImmutableArray<ProbeResult> Failing) : HealthVerdict;

    /// <summary>The required checks passed often enough.</summary>
    public sealed record Healthy(ImmutableArray<ProbeResult> Results) : HealthVerdict;

    /// <summary>These required checks failed too often.</summary>
    public sealed record Unhealthy(ImmutableArray<ProbeResult> Failing) : HealthVerdict;
}
