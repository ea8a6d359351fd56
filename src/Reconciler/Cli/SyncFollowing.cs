using Reconciler.Wire;

namespace Reconciler.Cli;

/// <summary>Judges what a look at the repository led to, from one status after the other. Pure.</summary>
/// <param name="before">The last deployment before the look; null when there was none.</param>
/// <param name="lookedAt">When the remotes answered; null when that is not known.</param>
internal sealed class SyncFollowing(DeploymentSummary? before, DateTimeOffset? lookedAt)
{
    private readonly bool _wasUnderWay = before is not null && CodeOf(before) is null && before.Phase != "superseded";

    /// <summary>Whether a status knows what the look found: a decision from before it does not.</summary>
    public bool Knows(StatusDocument status) => lookedAt is null || status.DecidedAt >= lookedAt;

    /// <summary>The deployment that the look led to, or that was under way and may yet give way to it; null when there is none.</summary>
    public DeploymentSummary? Of(StatusDocument status) =>
        status.Deployments.FirstOrDefault() is { } latest && (latest.Id > (before?.Id ?? 0) || _wasUnderWay) ? latest : null;

    /// <summary>How it came out; null when it goes on.</summary>
    public SyncVerdict? Judge(StatusDocument status)
    {
        if (!Knows(status))
        {
            return null;
        }

        var followed = Of(status);
        if (followed is not null && CodeOf(followed) is { } code)
        {
            return new SyncVerdict(code, new SyncDocument(followed.Phase, followed.Headline, code == ExitCode.Ok ? "" : Cure(status, followed), followed));
        }

        return status.IsSettled ? Settled(status, followed) : null;
    }

    private static SyncVerdict Settled(StatusDocument status, DeploymentSummary? followed) => status.State switch
    {
        HostStateWord.UpToDate => new SyncVerdict(ExitCode.Ok, new SyncDocument("nothingNew", $"nothing new: {status.Headline}", "", null)),
        HostStateWord.NeedsOperator or HostStateWord.Broken => new SyncVerdict(
            ExitCode.NeedsOperator, new SyncDocument("needsOperator", status.Headline, status.Cure, followed)),
        _ => new SyncVerdict(ExitCode.Held, new SyncDocument("held", status.Headline, status.Cure, followed)),
    };

    private static string Cure(StatusDocument status, DeploymentSummary followed) =>
        status is { IsSettled: true, Cure.Length: > 0 } ? status.Cure : $"`reconciler show {followed.Id}` tells the story.";

    // The phases that end a deployment; one that gave way leads to another.
    private static int? CodeOf(DeploymentSummary deployment) => deployment.Phase switch
    {
        "confirmed" or "accepted" => ExitCode.Ok,
        "failed" => ExitCode.DeploymentFailed,
        "rolledBack" => ExitCode.RolledBack,
        "needsOperator" or "abandoned" => ExitCode.NeedsOperator,
        _ => null,
    };
}
