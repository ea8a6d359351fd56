using Reconciler.Ports;
using Reconciler.Reconciling;
using Reconciler.Wire;

namespace Reconciler.Web;

/// <summary>All that the control API may call.</summary>
internal sealed record ControlServices
{
    /// <summary>Takes operators' requests.</summary>
    public required IOperatorDesk Desk { get; init; }

    /// <summary>The status.</summary>
    public required IStatusBoard Board { get; init; }

    /// <summary>Logs of deployments.</summary>
    public required IDeploymentLogs Logs { get; init; }

    /// <summary>The ledger, to be verified.</summary>
    public required ILedger Ledger { get; init; }

    /// <summary>The machine, for its generations.</summary>
    public required INixHost Host { get; init; }

    /// <summary>Writes the ledger as JSON lines, one entry each, in order.</summary>
    public required Action<TextWriter> ExportLedger { get; init; }

    /// <summary>Version of the program.</summary>
    public required string Version { get; init; }
}
