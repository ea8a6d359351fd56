using System.Collections.Immutable;
using Reconciler.History;
using Reconciler.Model;

namespace Reconciler.Planning;

/// <summary>Which facts give a trace to tell: those that end a deployment.</summary>
internal static class TraceTelling
{
    /// <summary>What a fact gives to tell; nothing for most.</summary>
    /// <param name="before">The history before it.</param>
    /// <param name="after">The history with it.</param>
    public static ImmutableArray<ForgeMessage> Of(HostHistory before, HostHistory after) =>
        after.Latest is { Phase.IsSettled: true } ended && before.Deployments.GetValueOrDefault(ended.Id.Position) is not { Phase.IsSettled: true }
            ? [new ForgeMessage.DeploymentTraced(ended.Id)]
            : [];
}
