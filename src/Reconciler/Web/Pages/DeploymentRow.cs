using System.Collections.Immutable;
using Reconciler.Wire;

namespace Reconciler.Web.Pages;

/// <summary>One deployment in a list or a picture.</summary>
/// <param name="Summary">What is known of it.</param>
/// <param name="Subject">First line of its commit's message; null when unknown.</param>
/// <param name="Link">The commit at the forge; null when there is none.</param>
/// <param name="Phases">What its time was spent on.</param>
internal sealed record DeploymentRow(DeploymentSummary Summary, string? Subject, string? Link, ImmutableArray<PhaseDocument> Phases)
{
    /// <summary>Phases in which nothing is done.</summary>
    private static bool IsWait(PhaseDocument phase) => phase.Phase is "waiting" or "stuck";

    /// <summary>Time in which something was done, up to now.</summary>
    public TimeSpan WorkedAt(DateTimeOffset now) => new(Phases.Where(phase => !IsWait(phase)).Sum(phase => phase.LengthAt(now).Ticks));

    /// <summary>Time in which it waited, up to now.</summary>
    public TimeSpan WaitedAt(DateTimeOffset now) => new(Phases.Where(IsWait).Sum(phase => phase.LengthAt(now).Ticks));

    /// <summary>From its beginning to its end, or to now.</summary>
    public TimeSpan TookAt(DateTimeOffset now) => WorkedAt(now) + WaitedAt(now);
}
