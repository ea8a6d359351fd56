using System.Collections.Concurrent;
using Reconciler.Adapters.Processes;

namespace Reconciler.Tests.Adapters.Health;

/// <summary>Programs that write what the test says. Remembers what was asked of them.</summary>
internal sealed class ScriptedProcesses(Func<ProcessRequest, ProcessOutcome> script) : IProcessRunner
{
    public ConcurrentQueue<ProcessRequest> Asked { get; } = new();

    public static ScriptedProcesses Writing(string output, int code = 0, string error = "") =>
        new(_ => new ProcessOutcome.Exited(code, output, error, TimeSpan.FromMilliseconds(3)));

    public Task<ProcessOutcome> RunAsync(ProcessRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Asked.Enqueue(request);
        var outcome = script(request);
        if (outcome is ProcessOutcome.Exited exited)
        {
            foreach (var line in exited.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                request.OnLine?.Invoke(new ProcessLine(false, line));
            }

            foreach (var line in exited.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                request.OnLine?.Invoke(new ProcessLine(true, line));
            }
        }

        return Task.FromResult(outcome);
    }
}
