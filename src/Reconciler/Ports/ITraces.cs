using Reconciler.Model;

namespace Reconciler.Ports;

/// <summary>Hands traces of deployments to whoever collects them.</summary>
internal interface ITraces
{
    /// <summary>Sends the trace of one deployment. Trouble is an answer, never an exception; only cancellation is thrown.</summary>
    /// <param name="deployment">A deployment that has ended. Sent once more, it is the same trace.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    Task<ForgeAnswer> SendAsync(Deployment deployment, CancellationToken cancellationToken);
}
