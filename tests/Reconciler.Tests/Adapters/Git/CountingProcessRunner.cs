using Reconciler.Adapters.Processes;

namespace Reconciler.Tests.Adapters.Git;

/// <summary>Remembers what was started.</summary>
internal sealed class CountingProcessRunner(IProcessRunner inner) : IProcessRunner
{
    private readonly List<ProcessRequest> _requests = [];

    public IReadOnlyList<ProcessRequest> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    public int Count => Requests.Count;

    public async Task<ProcessOutcome> RunAsync(ProcessRequest request, CancellationToken cancellationToken)
    {
        lock (_requests)
        {
            _requests.Add(request);
        }

        return await inner.RunAsync(request, cancellationToken);
    }
}
