using System.Diagnostics;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Reconciling;

/// <summary>Builds commits of the mirror.</summary>
internal static class CommitBuilds
{
    /// <summary>Lays a commit out and builds it there.</summary>
    public static async Task<BuildOutcome> BuildAsync(
        this INixBuilder builder, ICheckouts checkouts, Revision revision, IDeploymentLog log, CancellationToken cancellationToken) =>
        await checkouts.CheckOutAsync(revision, cancellationToken) switch
        {
            CheckoutOutcome.Ready ready => await builder.BuildAsync(ready.Path, log, cancellationToken),
            CheckoutOutcome.Failed failed => new BuildOutcome.Failed(failed.Failure),
            _ => throw new UnreachableException(),
        };
}
