using System.Collections.Immutable;

namespace Reconciler.Model;

/// <summary>What a system says of its own health.</summary>
/// <param name="Checks">Checks that hold when it is well.</param>
/// <param name="Retired">
/// Names of checks of the system before it that no longer count. A check that is merely left out still counts during the trial, so that a
/// commit cannot weaken the gate it has to pass without saying so.
/// </param>
internal sealed record HealthDeclaration(ImmutableArray<HealthCheck> Checks, ImmutableArray<string> Retired)
{
    /// <summary>A system that declares nothing.</summary>
    public static HealthDeclaration Nothing { get; } = new([], []);
}
