namespace Reconciler.Adapters.Processes;

/// <summary>Runs programs.</summary>
internal interface IProcessRunner
{
    /// <summary>Runs a program to its end. Trouble is an outcome; only cancellation is thrown, after the process tree was killed.</summary>
    Task<ProcessOutcome> RunAsync(ProcessRequest request, CancellationToken cancellationToken);
}
