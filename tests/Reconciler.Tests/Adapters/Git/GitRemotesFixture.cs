using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Reconciler.Adapters.Git;
using Reconciler.Adapters.Processes;
using Reconciler.Model;
using Reconciler.Ports;
using Xunit;

namespace Reconciler.Tests.Adapters.Git;

/// <summary>The real thing over a sandbox: remotes, mirror and program, with the processes counted.</summary>
internal sealed class GitRemotesFixture : IDisposable
{
    public GitRemotesFixture(GitSandbox sandbox, TimeProvider? clock, params GitRemoteSettings[] remotes)
    {
        Settings = new GitRepositorySettings { MirrorPath = sandbox.PathOf("state/mirror.git"), MainBranch = "main", TestingBranch = "testing", Remotes = [.. remotes] };
        Runner = new CountingProcessRunner(new ProcessRunner(TimeProvider.System));
        Program = new GitProgram(Runner, Settings);
        Mirror = new GitMirror(Program, clock ?? TimeProvider.System, NullLogger<GitMirror>.Instance);
        Remotes = new GitRemotes(Program, Mirror, clock ?? TimeProvider.System, NullLogger<GitRemotes>.Instance);
    }

    public GitRepositorySettings Settings { get; }

    public CountingProcessRunner Runner { get; }

    public GitProgram Program { get; }

    public GitMirror Mirror { get; }

    public GitRemotes Remotes { get; }

    public static GitRemoteSettings Remote(string url, string name = "origin") => new() { Name = name, Url = url, Timeout = TimeSpan.FromSeconds(60) };

    public Task<RemoteLook> LookAsync(string name = "origin") => Remotes.LookAsync(name, null, TestContext.Current.CancellationToken);

    public async Task<RemoteLook.Tips> TipsAsync(string name = "origin") =>
        await LookAsync(name) switch
        {
            RemoteLook.Tips tips => tips,
            RemoteLook.Failed failed => throw new InvalidOperationException(failed.Detail),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    public async Task<string> TroubleAsync(string name = "origin") => Assert.IsType<RemoteLook.Failed>(await LookAsync(name)).Detail;

    public async Task<int> ProcessesOfAsync(Func<Task> act)
    {
        var before = Runner.Count;
        await act();
        return Runner.Count - before;
    }

    public void Dispose()
    {
        Remotes.Dispose();
        Mirror.Dispose();
    }

    public static RemoteLook.Tips Of(string? main, string? testing = null) =>
        new(main is null ? null : new Revision(main), testing is null ? null : new Revision(testing));
}
