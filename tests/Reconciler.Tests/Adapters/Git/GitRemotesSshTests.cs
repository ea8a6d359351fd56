using Reconciler.Adapters.Git;
using Xunit;
using static Reconciler.Tests.Adapters.Git.GitRemotesFixture;

namespace Reconciler.Tests.Adapters.Git;

public sealed class GitRemotesSshTests : IAsyncLifetime
{
    private readonly GitSandbox _sandbox = new();
    private SshServer? _server;
    private string _main = "";
    private GitRemoteSettings _remote = Remote("git@example.org:r.git");

    public async ValueTask InitializeAsync()
    {
        if (!SshServer.IsInstalled)
        {
            return;
        }

        var repository = _sandbox.NewRepository("r.git");
        _main = _sandbox.Commit(repository, "main", "one");
        _server = await SshServer.StartAsync(_sandbox);
        _remote = Remote($"ssh://root@127.0.0.1:{_server.Port}{repository}") with { SshKeyFile = _server.KeyFile, KnownHostsFile = _server.KnownHostsFile };
    }

    public ValueTask DisposeAsync()
    {
        _server?.Dispose();
        _sandbox.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Look_WithItsKey_FetchesAndThenOnlyAsks()
    {
        Assert.SkipUnless(SshServer.IsInstalled, "needs openssh-server and root");
        using var git = new GitRemotesFixture(_sandbox, null, _remote);

        Assert.Equal(Of(_main), await git.LookAsync());
        Assert.Equal(1, await git.ProcessesOfAsync(() => git.TipsAsync()));
        Assert.Equal("ls-remote", git.Runner.Requests[^1].Arguments[0]);
    }

    [Fact]
    public async Task Look_WithTroubleOfKeys_SaysWhatToDo()
    {
        Assert.SkipUnless(SshServer.IsInstalled, "needs openssh-server and root");
        var empty = _sandbox.PathOf("empty");
        await File.WriteAllTextAsync(empty, "", TestContext.Current.CancellationToken);
        var changed = _sandbox.PathOf("changed");
        await File.WriteAllTextAsync(
            changed, $"[127.0.0.1]:{_server!.Port} {await File.ReadAllTextAsync(_sandbox.PathOf("ssh/stranger.pub"), TestContext.Current.CancellationToken)}", TestContext.Current.CancellationToken);
        using var git = new GitRemotesFixture(
            _sandbox, null,
            _remote with { Name = "unknown", KnownHostsFile = empty },
            _remote with { Name = "changed", KnownHostsFile = changed },
            _remote with { Name = "stranger", SshKeyFile = _sandbox.PathOf("ssh/stranger") },
            _remote with { Name = "missing", SshKeyFile = _sandbox.PathOf("ssh/gone") },
            _remote with { Name = "quoted", SshKeyFile = "/run/keys/$(touch x)" },
            _remote with { Name = "nothing", Url = _remote.Url + "x" },
            _remote with { Name = "program", Url = _remote.Url.Replace("127.0.0.1", "no-such-host.invalid", StringComparison.Ordinal) });

        Assert.Contains($"the host key is not known: put the server's line (ssh-keyscan, compared with its fingerprint) into {empty}", await git.TroubleAsync("unknown"), StringComparison.Ordinal);
        Assert.Contains("the host key is not the known one", await git.TroubleAsync("changed"), StringComparison.Ordinal);
        Assert.Contains("the server refused the ssh key", await git.TroubleAsync("stranger"), StringComparison.Ordinal);
        Assert.Contains("ssh/gone is not there", await git.TroubleAsync("missing"), StringComparison.Ordinal);
        Assert.Contains("characters that ssh would read in its own way", await git.TroubleAsync("quoted"), StringComparison.Ordinal);
        Assert.Contains("holds no repository", await git.TroubleAsync("nothing"), StringComparison.Ordinal);
        Assert.Contains("host not found", await git.TroubleAsync("program"), StringComparison.Ordinal);
    }
}
