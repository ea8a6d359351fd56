using Reconciler.Model;

namespace Reconciler.Ports;

/// <summary>One log file a deployment: build output, activation output, probes.</summary>
internal interface IDeploymentLogs
{
    /// <summary>Opens the log of a deployment to append to.</summary>
    IDeploymentLog Open(DeploymentId deployment);

    /// <summary>Says that a deployment has settled: once its open writers are disposed, nothing more comes and followers end.</summary>
    /// <remarks>Opening the log of a later deployment says the same of all before it.</remarks>
    void Close(DeploymentId deployment);

    /// <summary>Reads a log from its beginning; when following, goes on until cancelled or the deployment's log is closed for good.</summary>
    IAsyncEnumerable<string> ReadAsync(DeploymentId deployment, bool follow, CancellationToken cancellationToken);
}

/// <summary>Takes lines. Never throws: a full disk must not stop a rollback.</summary>
internal interface IDeploymentLog : IDisposable
{
    /// <summary>Appends one line, without its line end. Safe to call from several threads.</summary>
    void Write(string line);
}
