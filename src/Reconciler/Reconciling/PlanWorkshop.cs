using System.Diagnostics;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Reconciling;

/// <summary>Builds revisions to see what they would change, beside deployments and without touching the host. One at a time.</summary>
internal sealed class PlanWorkshop(ICheckouts checkouts, INixBuilder builder, INixHost host) : IDisposable
{
    private readonly SemaphoreSlim _bench = new(1);

    /// <summary>Builds a revision and compares it with what runs.</summary>
    /// <param name="revision">A commit of the mirror.</param>
    /// <param name="progress">Takes lines of output as they come.</param>
    /// <param name="cancellationToken">Ends the build.</param>
    public async Task<PlanAnswer> PlanAsync(Revision revision, Action<string> progress, CancellationToken cancellationToken)
    {
        await _bench.WaitAsync(cancellationToken);
        try
        {
            using var log = new ProgressLog(progress);
            return await builder.BuildAsync(checkouts, revision, log, cancellationToken) switch
            {
                BuildOutcome.Built b => await PreviewAsync(revision, b.Toplevel, log, cancellationToken),
                BuildOutcome.Failed f => new PlanAnswer(revision, null, null, $"{FailureText.Headline(f.Failure)}\n{FailureText.Excerpt(f.Failure)}".TrimEnd()),
                _ => throw new UnreachableException(),
            };
        }
        finally
        {
            _bench.Release();
        }
    }

    public void Dispose() => _bench.Dispose();

    private async Task<PlanAnswer> PreviewAsync(Revision revision, Toplevel toplevel, IDeploymentLog log, CancellationToken cancellationToken) =>
        await host.PreviewAsync(toplevel, log, cancellationToken) switch
        {
            PreviewOutcome.Ready ready => new PlanAnswer(revision, toplevel, ready.Plan, null),
            PreviewOutcome.Refused refused => new PlanAnswer(revision, toplevel, null, FailureText.Headline(refused.Failure)),
            _ => throw new UnreachableException(),
        };

    private sealed class ProgressLog(Action<string> progress) : IDeploymentLog
    {
        public void Write(string line) => progress(line);

        public void Dispose()
        {
        }
    }
}
