using Reconciler.History;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Reconciling;

/// <summary>Puts the story of a settled deployment together.</summary>
internal sealed class Stories(HostName host, ILedger ledger, LedgerReader history, IGitHistory commits)
{
    private const int CommitsTold = 50;

    /// <summary>The story of a deployment.</summary>
    public DeploymentStory Of(Deployment deployment)
    {
        var restored = history.Read().Deployments.Values.LastOrDefault(d =>
            d.Id.Position < deployment.Id.Position && d.Phase is DeploymentPhase.Confirmed && d.Toplevel == deployment.RollBackTo);
        return new DeploymentStory
        {
            Host = host,
            Deployment = deployment,
            Restored = restored?.Revision,
            RestoredGeneration = restored?.Generation,
            LedgerPosition = ledger.Position,
            LedgerHash = ledger.HeadHash,
            Commits = deployment.Revision is { } revision ? commits.Between(restored?.Revision, revision, CommitsTold) : [],
        };
    }
}
