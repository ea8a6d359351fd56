using Reconciler.Wire;

namespace Reconciler.Cli;

/// <summary>Remembers what <c>history --watch</c> has told, so that each line is new.</summary>
internal sealed class ToldDeployments
{
    private readonly Dictionary<long, string> _told = [];

    /// <summary>The deployments that are new or have gone on, oldest first, each in one line.</summary>
    public IEnumerable<string> NewIn(HistoryDocument history)
    {
        foreach (var deployment in history.Deployments.Reverse().Where(deployment => _told.GetValueOrDefault(deployment.Id) != deployment.Headline))
        {
            _told[deployment.Id] = deployment.Headline;
            yield return $"{TimeText.Absolute(deployment.Changed)}  deployment {deployment.Id} of {HistoryText.Source(deployment)}: {deployment.Headline}";
        }
    }
}
