using System.Collections.Immutable;
using Reconciler.History;
using Reconciler.Model;

namespace Reconciler.Wire;

/// <summary>A stretch of a deployment's time.</summary>
/// <param name="Phase">
/// What was done: <c>building</c>, <c>checking</c>, <c>waiting</c>, <c>activating</c>, <c>onTrial</c>, <c>confirming</c>, <c>rollingBack</c> or
/// <c>stuck</c> after a failed rollback.
/// </param>
/// <param name="Began">When it began.</param>
/// <param name="Ended">When it ended; null while it lasts.</param>
internal sealed record PhaseDocument(string Phase, DateTimeOffset Began, DateTimeOffset? Ended)
{
    /// <summary>How long it took, or has taken up to now.</summary>
    public TimeSpan LengthAt(DateTimeOffset now) => (Ended ?? now) - Began;

    /// <summary>The stretches of a deployment, in order; neighbours of one kind are one.</summary>
    public static ImmutableArray<PhaseDocument> Of(Deployment deployment)
    {
        var stretches = ImmutableArray.CreateBuilder<PhaseDocument>();
        foreach (var (place, entered) in deployment.Timeline.Index())
        {
            DateTimeOffset? ended = place + 1 < deployment.Timeline.Length ? deployment.Timeline[place + 1].At : null;
            if (After(entered.Event, deployment.Source) is not { } phase || (ended is null && deployment.Phase.IsSettled))
            {
                continue;
            }

            if (stretches is [.., var last] && last.Phase == phase)
            {
                stretches[^1] = last with { Ended = ended };
            }
            else
            {
                stretches.Add(new PhaseDocument(phase, entered.At, ended));
            }
        }

        return stretches.ToImmutable();
    }

    /// <summary>What is done once the timeline says this; null when nothing more is.</summary>
    private static string? After(string entered, DeploymentSource source) => entered switch
    {
        TimelineWords.Selected => source is DeploymentSource.Generation ? "checking" : "building",
        TimelineWords.Built => "checking",
        TimelineWords.Planned or TimelineWords.Postponed or TimelineWords.Staged => "waiting",
        TimelineWords.TrialBegan or TimelineWords.RebootRequested => "activating",
        TimelineWords.Activated or TimelineWords.BootedOnTrial => "onTrial",
        TimelineWords.GatePassed => "confirming",
        TimelineWords.RollbackBegan or TimelineWords.PutBackUnattended or TimelineWords.ReturnRequested => "rollingBack",
        TimelineWords.RollbackFailed => "stuck",
        _ when entered.StartsWith(TimelineWords.RefusedBy, StringComparison.Ordinal) => "onTrial",
        _ when entered.StartsWith(TimelineWords.Store, StringComparison.Ordinal) => "building",
        _ => null,
    };
}
