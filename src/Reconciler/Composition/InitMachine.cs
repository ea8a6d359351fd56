using Reconciler.Adapters.Processes;
using Reconciler.Adapters.Rim;
using Reconciler.Cli;

namespace Reconciler.Composition;

/// <summary>The machine that <c>init</c> runs on.</summary>
internal sealed class InitMachine(IProcessRunner runner) : IInitMachine
{
    private const int LargestFile = 1024 * 1024;

    // Variables that lead git to another repository than the one in its folder; set in hooks and by some editors.
    private static readonly string[] Misleading = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR"];

    /// <inheritdoc/>
    public string? Read(string path) => SmallFile.Read(path, LargestFile);

    /// <inheritdoc/>
    public async Task<string?> ShowHardwareAsync(CancellationToken cancellationToken) =>
        await runner.RunAsync(ProcessRequest.Of("nixos-generate-config", "--show-hardware-config"), cancellationToken) is ProcessOutcome.Exited { Succeeded: true, Output: { Length: > 0 } text }
            ? text
            : null;

    /// <inheritdoc/>
    public async Task<GitAnswer> GitAsync(string folder, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var request = ProcessRequest.Of("git", arguments) with { WorkingDirectory = folder };
        request = request with { Environment = request.Environment.AddRange(Misleading.Select(name => KeyValuePair.Create(name, (string?)null))) };
        var outcome = await runner.RunAsync(request, cancellationToken);
        return outcome is ProcessOutcome.Exited { Succeeded: true } exited ? new GitAnswer(true, exited.Output.Trim()) : new GitAnswer(false, outcome.Describe("git"));
    }
}
