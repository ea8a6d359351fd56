using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Tests.Simulation;

/// <summary>Deployment logs nobody reads.</summary>
internal sealed class SilentLogs : IDeploymentLogs, IDeploymentLog
{
    public IDeploymentLog Open(DeploymentId deployment) => this;

    public IAsyncEnumerable<string> ReadAsync(DeploymentId deployment, bool follow, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public void Write(string line)
    {
    }

    public void Dispose()
    {
    }
}
