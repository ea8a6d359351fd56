using Reconciler.Ports;
using Reconciler.Reconciling;

namespace Reconciler.Web;

/// <summary>All that the status page may look at. Nothing in it changes anything.</summary>
internal sealed record SiteServices
{
    /// <summary>The status.</summary>
    public required IStatusBoard Board { get; init; }

    /// <summary>Logs of deployments.</summary>
    public required IDeploymentLogs Logs { get; init; }

    /// <summary>The ledger, to be verified.</summary>
    public required ILedger Ledger { get; init; }

    /// <summary>The machine, for its generations.</summary>
    public required INixHost Host { get; init; }

    /// <summary>The commits, for their subjects.</summary>
    public required IGitHistory Commits { get; init; }

    /// <summary>Addresses of commits and branches at the forge; null when there is none.</summary>
    public ForgeLinks? Links { get; init; }

    /// <summary>Version of the program.</summary>
    public required string Version { get; init; }

    /// <summary>The time.</summary>
    public required TimeProvider Clock { get; init; }
}
