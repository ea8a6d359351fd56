using System.Diagnostics.CodeAnalysis;
using Polly;
using Polly.Retry;

namespace Reconciler.Adapters.Git;

/// <summary>Fetches refs of a remote into the mirror; trouble that goes by itself within a second or two is tried again.</summary>
internal sealed class MirrorFetches(GitProgram program, GitMirror mirror, TimeProvider clock)
{
    private static readonly string[] TransientMarks =
        ["early EOF", "RPC failed", "hung up unexpectedly", "Connection reset", "Connection refused", "Could not resolve host", "error: 5"];

    private readonly ResiliencePipeline<GitOutcome> _fetching =
        Retrying<GitOutcome>(clock, static outcome => outcome is GitOutcome.Exited { Error: var error } && IsTransient(error));

    /// <summary>Fetches and forces; the mirror is told that its packs changed for a good reason. Only while sharing the mirror.</summary>
    /// <param name="remote">Where from; its address must be one that <see cref="GitAddress"/> takes.</param>
    /// <param name="movedTo">Where it was found to be by following a redirect; null for its configured address.</param>
    /// <param name="refspecs">What to fetch, and where to.</param>
    /// <param name="cancellationToken">Ends the fetch.</param>
    public async Task<GitOutcome> FetchAsync(GitRemoteSettings remote, string? movedTo, IEnumerable<string> refspecs, CancellationToken cancellationToken)
    {
        var command = GitCommand.Of(
            [
                "fetch", "--quiet", "--force", "--no-tags", "--no-write-fetch-head", "--refmap=", "--no-recurse-submodules", "--",
                movedTo ?? GitProgram.AddressOf(remote), .. refspecs,
            ])
            with
        { GitDirectory = mirror.Directory, Remote = remote, MovedTo = movedTo, Timeout = remote.Timeout };
        var outcome = await _fetching.ExecuteAsync(async token => await program.RunAsync(command, token), cancellationToken);
        if (outcome.IsSuccess)
        {
            mirror.Accept();
        }

        return outcome;
    }

    /// <summary>Three tries, a third and two thirds of a second apart.</summary>
    public static ResiliencePipeline<T> Retrying<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] T>(TimeProvider clock, Func<T, bool> isTransient) =>
        new ResiliencePipelineBuilder<T> { TimeProvider = clock }
            .AddRetry(new RetryStrategyOptions<T>
            {
                MaxRetryAttempts = 2,
                Delay = TimeSpan.FromMilliseconds(300),
                BackoffType = DelayBackoffType.Exponential,
                ShouldHandle = args => ValueTask.FromResult(args.Outcome.Result is { } result && isTransient(result)),
            })
            .Build();

    private static bool IsTransient(string error) => TransientMarks.Any(mark => error.Contains(mark, StringComparison.Ordinal));
}
