using Reconciler.Model;

namespace Reconciler.Adapters.Forge;

/// <summary>Addresses of this host's status page, for people who come from a forge.</summary>
/// <param name="Root">The page itself.</param>
/// <param name="Latest">The latest deployment of a commit on this host; null when there was none, or when that cannot be told now.</param>
internal sealed record PageLinks(Uri Root, Func<Revision, DeploymentId?> Latest)
{
    /// <summary>The page of a deployment.</summary>
    public Uri Of(DeploymentId deployment) => new(Root, $"/deployments/{deployment}");

    /// <summary>Where more of a commit's status can be read: the page of its deployment, or, when there was none, the overview, which says why nothing moves.</summary>
    public Uri Of(ForgeMessage.CommitStatus status) =>
        status.Kind == StatusKind.Deployment && Latest(status.Commit) is { } deployment ? Of(deployment) : Root;
}
