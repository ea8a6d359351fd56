using Reconciler.Model;

namespace Reconciler.Ports;

/// <summary>Turns a work tree into a system.</summary>
internal interface INixBuilder
{
    /// <summary>Builds the host's system with <c>nixos-rebuild build</c>.</summary>
    /// <remarks>The result is kept from garbage collection until the next build of the same purpose. Cancelling ends the whole process tree.</remarks>
    /// <param name="workTree">Absolute path of the checked-out commit.</param>
    /// <param name="log">Takes every line of output as it comes.</param>
    /// <param name="cancellationToken">Ends the build; then <see cref="OperationCanceledException"/> is thrown.</param>
    Task<BuildOutcome> BuildAsync(string workTree, IDeploymentLog log, CancellationToken cancellationToken);
}

/// <summary>What a build gave. A closed set.</summary>
internal abstract record BuildOutcome
{
    private BuildOutcome() { }

    /// <summary>The system is in the store.</summary>
    public sealed record Built(Toplevel Toplevel) : BuildOutcome;

    /// <summary>It failed; the failure says whose fault it is.</summary>
    public sealed record Failed(Failure Failure) : BuildOutcome;
}
