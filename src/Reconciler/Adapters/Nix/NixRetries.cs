using Polly;
using Polly.Retry;
using Reconciler.Adapters.Processes;

namespace Reconciler.Adapters.Nix;

/// <summary>Tries a call of nix again that failed for a reason that goes by itself within a second or two.</summary>
/// <remarks>Only for calls that may be made twice. Trouble that lasts longer is for the reconcile loop, which backs off.</remarks>
internal static class NixRetries
{
    // The store's database is locked by another process; its daemon is being restarted.
    private static readonly string[] Marks = ["database is busy", "is busy", "database is locked", "Connection reset by peer", "cannot connect to socket", "unexpected end-of-file"];

    /// <summary>Up to three tries, half a second and a second apart.</summary>
    public static ResiliencePipeline<ProcessOutcome> Of(TimeProvider clock) =>
        new ResiliencePipelineBuilder<ProcessOutcome> { TimeProvider = clock }
            .AddRetry(new RetryStrategyOptions<ProcessOutcome>
            {
                MaxRetryAttempts = 2,
                Delay = TimeSpan.FromMilliseconds(500),
                BackoffType = DelayBackoffType.Exponential,
                ShouldHandle = args => ValueTask.FromResult(args.Outcome.Result is { } outcome && IsTransient(outcome)),
            })
            .Build();

    /// <summary>Whether another try a moment later may well work.</summary>
    public static bool IsTransient(ProcessOutcome outcome) =>
        outcome is ProcessOutcome.Exited { Succeeded: false, Error: var error } && Marks.Any(mark => error.Contains(mark, StringComparison.Ordinal));
}
