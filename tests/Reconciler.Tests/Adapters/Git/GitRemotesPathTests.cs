using Reconciler.Ports;
using Xunit;
using static Reconciler.Tests.Adapters.Git.GitRemotesFixture;

namespace Reconciler.Tests.Adapters.Git;

public sealed class GitRemotesPathTests : IDisposable
{
    private readonly GitSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public async Task Look_FetchesBothBranches()
    {
        var remote = _sandbox.NewRepository("r.git");
        var main = _sandbox.Commit(remote, "main", "one");
        var testing = _sandbox.Commit(remote, "testing", "two", main);
        _sandbox.Commit(remote, "unwatched", "three", main);
        _sandbox.In(remote, "tag", "v1", main);
        using var git = new GitRemotesFixture(_sandbox, null, Remote(remote));

        Assert.Equal(Of(main, testing), await git.LookAsync());
        var refs = _sandbox.In(git.Settings.MirrorPath, "for-each-ref", "--format=%(refname) %(objectname)");
        Assert.Equal($"refs/remotes/origin/main {main}\nrefs/remotes/origin/testing {testing}", refs);
        Assert.Empty(Directory.GetDirectories(git.Settings.MirrorPath + "/objects", "??"));
    }

    [Theory]
    [InlineData("/r.git", "")]
    [InlineData("/r.git", "file://")]
    [InlineData("/r", "")]
    public async Task Look_WithNothingNew_StartsNoProcess(string suffix, string scheme)
    {
        var remote = _sandbox.NewRepository("r.git");
        var main = _sandbox.Commit(remote, "main", "one");
        var testing = _sandbox.Commit(remote, "testing", "two", main);
        using var git = new GitRemotesFixture(_sandbox, null, Remote(scheme + _sandbox.Root + suffix));
        await git.TipsAsync();

        Assert.Equal(0, await git.ProcessesOfAsync(async () => Assert.Equal(Of(main, testing), await git.LookAsync())));

        _sandbox.In(remote, "pack-refs", "--all");
        Assert.Equal(0, await git.ProcessesOfAsync(async () => Assert.Equal(Of(main, testing), await git.LookAsync())));

        main = _sandbox.Commit(remote, "main", "three"); // the testing branch is stale now
        await git.TipsAsync();
        Assert.Equal(0, await git.ProcessesOfAsync(async () => Assert.Equal(Of(main, testing), await git.LookAsync())));

        main = _sandbox.Commit(remote, "main", "forced", isRoot: true);
        Assert.Equal(Of(main, testing), await git.LookAsync());
        Assert.Equal(0, await git.ProcessesOfAsync(async () => Assert.Equal(Of(main, testing), await git.LookAsync())));

        _sandbox.In(remote, "update-ref", "-d", "refs/heads/testing");
        Assert.Equal(Of(main), await git.LookAsync());
        Assert.Equal(0, await git.ProcessesOfAsync(async () => Assert.Equal(Of(main), await git.LookAsync())));
    }

    [Fact]
    public async Task Look_AtAWorkTreeAndALinkedOne_ReadsItsBranches()
    {
        var work = _sandbox.PathOf("work");
        GitSandbox.Git("init", ["init", "-q", "-b", "main", work]);
        var main = _sandbox.Commit(work + "/.git", "main", "one");
        GitSandbox.Git("worktree", ["-C", work, "worktree", "add", "-q", "-b", "testing", _sandbox.PathOf("linked")]);
        using var git = new GitRemotesFixture(_sandbox, null, Remote(work), Remote(_sandbox.PathOf("linked"), "linked"));

        Assert.Equal(Of(main, main), await git.LookAsync());
        Assert.Equal(Of(main, main), await git.LookAsync("linked"));
        Assert.Equal(0, await git.ProcessesOfAsync(() => git.TipsAsync("linked")));
    }

    [Fact]
    public async Task Look_AtASymbolicBranch_FollowsIt()
    {
        var remote = _sandbox.NewRepository("r.git");
        var main = _sandbox.Commit(remote, "release", "one");
        _sandbox.In(remote, "symbolic-ref", "refs/heads/main", "refs/heads/release");
        using var git = new GitRemotesFixture(_sandbox, null, Remote(remote));

        Assert.Equal(Of(main), await git.LookAsync());
        Assert.Equal(0, await git.ProcessesOfAsync(() => git.TipsAsync()));
    }

    [Fact]
    public async Task Look_AtAnEmptyRepository_HasNoTips()
    {
        using var git = new GitRemotesFixture(_sandbox, null, Remote(_sandbox.NewRepository("r.git")));

        Assert.Equal(Of(null), await git.LookAsync());
    }

    [Fact]
    public async Task Look_AtARepositoryOfAnotherOwner_Works()
    {
        var remote = _sandbox.NewRepository("r.git");
        var main = _sandbox.Commit(remote, "main", "one");
        if (Environment.UserName == "root")
        {
            using var chown = System.Diagnostics.Process.Start("chown", ["-R", "nobody", remote]);
            await chown.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        using var git = new GitRemotesFixture(_sandbox, null, Remote(remote));

        Assert.Equal(Of(main), await git.LookAsync());
    }

    [Fact]
    public async Task Look_AtNothing_SaysSo()
    {
        Directory.CreateDirectory(_sandbox.PathOf("plain"));
        using var git = new GitRemotesFixture(_sandbox, null, Remote(_sandbox.PathOf("gone.git")), Remote(_sandbox.PathOf("plain"), "plain"));

        Assert.Equal($"{_sandbox.Root}/gone.git is not there: check the path, and that its file system is mounted", await git.TroubleAsync());
        Assert.Contains("holds no repository", await git.TroubleAsync("plain"), StringComparison.Ordinal);
        Assert.Contains("no remote is called 'other'", await git.TroubleAsync("other"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Look_AtAMalformedObject_TakesNothingIn()
    {
        var remote = _sandbox.NewRepository("r.git");
        var good = _sandbox.Commit(remote, "main", "one");
        var tree = _sandbox.In(remote, "rev-parse", good + "^{tree}");
        var bad = GitSandbox.Git("hash-object", [$"--git-dir={remote}", "hash-object", "-t", "commit", "-w", "--stdin", "--literally"],
            $"tree {tree}\nauthor no mail 1700000000 +0000\ncommitter no mail 1700000000 +0000\n\nx\n");
        _sandbox.In(remote, "update-ref", "refs/heads/main", bad);
        using var git = new GitRemotesFixture(_sandbox, null, Remote(remote));

        Assert.Contains("malformed object", await git.TroubleAsync(), StringComparison.Ordinal);
        Assert.Null(git.Mirror.Read("origin")!.Value.Main);
    }

    [Fact]
    public async Task Look_AtSeveralRemotesAtOnce_FetchesAll()
    {
        var remotes = Enumerable.Range(0, 5).Select(i => _sandbox.NewRepository($"r{i}.git")).ToArray();
        var tips = remotes.Select(r => _sandbox.Commit(r, "main", r)).ToArray();
        using var git = new GitRemotesFixture(_sandbox, null, [.. remotes.Select((r, i) => Remote(r, $"r{i}"))]);

        var looks = await Task.WhenAll(git.Remotes.Names.Select(git.LookAsync));

        Assert.Equal(tips.Select(t => (RemoteLook)Of(t)), looks);
    }

    [Fact]
    public async Task Look_WhenCancelled_Throws()
    {
        using var git = new GitRemotesFixture(_sandbox, null, Remote(_sandbox.NewRepository("r.git")));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => git.Remotes.LookAsync("origin", null, new CancellationToken(canceled: true)));
    }
}
