using Microsoft.Extensions.Logging.Abstractions;
using Reconciler.Adapters.Git;
using Reconciler.Model;
using Reconciler.Ports;
using Xunit;
using static Reconciler.Tests.Adapters.Git.GitRemotesFixture;

namespace Reconciler.Tests.Adapters.Git;

public sealed class PullRequestHeadsTests : IDisposable
{
    private readonly GitSandbox _sandbox = new();
    private readonly string _remote;
    private readonly string _main;

    public PullRequestHeadsTests()
    {
        _remote = _sandbox.NewRepository("r.git");
        _main = _sandbox.Commit(_remote, "main", "one");
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Mirror => _sandbox.PathOf("state/mirror.git");

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public async Task Fetch_BringsTheHead_AndDoesNothingTheNextTime()
    {
        using var git = NewLife();
        var pullRequest = Propose(7, "a change");

        Assert.Null(await Heads(git).FetchAsync(pullRequest, Token));

        Assert.Equal("a change", _sandbox.In(Mirror, "show", "refs/plans/7:file"));
        Assert.Equal(0, await git.ProcessesOfAsync(async () => Assert.Null(await Heads(git).FetchAsync(pullRequest, Token))));
    }

    [Fact]
    public async Task Fetch_OfAHeadThatWasForced_ReplacesIt()
    {
        using var git = NewLife();
        await Heads(git).FetchAsync(Propose(7, "a change"), Token);

        Assert.Null(await Heads(git).FetchAsync(Propose(7, "another", isRoot: true), Token));

        Assert.Equal("another", _sandbox.In(Mirror, "show", "refs/plans/7:file"));
    }

    [Fact]
    public async Task Fetch_OfAHeadThatMoved_SaysSo()
    {
        using var git = NewLife();
        var listed = Propose(7, "a change");
        var now = Propose(7, "more of it");

        Assert.Equal(
            $"its head moved while it was fetched, from {listed.Head.Short} to {now.Head.Short}: it is looked at again soon", await Heads(git).FetchAsync(listed, Token));
        Assert.Null(await Heads(git).FetchAsync(now, Token));
    }

    [Fact]
    public async Task Fetch_OfAVanishedRef_SaysSo()
    {
        using var git = NewLife();
        var pullRequest = Propose(7, "a change");
        _sandbox.In(_remote, "update-ref", "-d", pullRequest.HeadReference);

        Assert.Equal(
            $"{_remote} has no refs/pull/7/head: the pull request is gone, or this remote is not the forge's repository",
            await Heads(git).FetchAsync(pullRequest, Token));
    }

    [Theory]
    [InlineData("main")]
    [InlineData("")]
    [InlineData("refs/")]
    [InlineData("--upload-pack=touch /tmp/x")]
    [InlineData("refs/pull/7/head:refs/remotes/origin/main")]
    [InlineData("refs/pull/*/head")]
    [InlineData("refs/pull/../heads/main")]
    [InlineData("refs/pull/7/head\nrefs/heads/main")]
    [InlineData("^refs/heads/main")]
    [InlineData("+refs/heads/main")]
    [InlineData("refs/heads/a.lock")]
    [InlineData("refs/heads/a@{1}")]
    public async Task Fetch_OfANameThatIsNoRef_RefusesWithoutAProcess(string name)
    {
        using var git = NewLife();
        var pullRequest = Propose(7, "a change") with { HeadReference = name };

        Assert.Equal(0, await git.ProcessesOfAsync(async () =>
            Assert.EndsWith("is no name of a ref, which the forge should have given: it is not fetched", await Heads(git).FetchAsync(pullRequest, Token), StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Fetch_OfANumberThatIsNone_Refuses()
    {
        using var git = NewLife();

        Assert.StartsWith("-1 is no pull request's number", await Heads(git).FetchAsync(Propose(7, "a change") with { Number = -1 }, Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fetch_FromARemoteNobodyKnows_SaysSo()
    {
        using var git = NewLife();

        Assert.Equal("no remote is called 'forge'", await Heads(git, "forge").FetchAsync(Propose(7, "a change"), Token));
    }

    [Fact]
    public async Task Fetch_OfAMalformedCommit_TakesNothingIn()
    {
        using var git = NewLife();
        var tree = _sandbox.In(_remote, "rev-parse", _main + "^{tree}");
        var bad = GitSandbox.Git(
            "hash-object",
            [$"--git-dir={_remote}", "hash-object", "-t", "commit", "-w", "--stdin", "--literally"],
            $"tree {tree}\nauthor no mail 1700000000 +0000\ncommitter no mail 1700000000 +0000\n\nx\n");
        _sandbox.In(_remote, "update-ref", "refs/pull/7/head", bad);

        Assert.Contains("malformed object", await Heads(git).FetchAsync(Of(7, bad), Token), StringComparison.Ordinal);
        Assert.DoesNotContain("refs/plans/", _sandbox.In(Mirror, "for-each-ref"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fetch_WhenCancelled_Throws()
    {
        using var git = NewLife();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Heads(git).FetchAsync(Propose(7, "a change"), new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task Fetch_WithATokenFromARepositoryThatMoved_FollowsOnItsOrigin()
    {
        await using var server = await GitHttpServer.StartAsync(_sandbox.Root);
        server.Credentials = "x-access-token:s3cret";
        await File.WriteAllTextAsync(_sandbox.PathOf("token"), "s3cret", Token);
        using var git = new GitRemotesFixture(_sandbox, null, Remote(server.Address + "/old.git") with { TokenFile = _sandbox.PathOf("token") });
        (server.Fault, server.RedirectTo, server.FaultyRequests) = (GitHttpFault.Redirect, "/r.git", 2); // git's question, and ours

        Assert.Null(await Heads(git).FetchAsync(Propose(7, "a change"), Token));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Fetch_IntoAMirrorThatBroke_BringsTheHeadAnew(bool whileRunning)
    {
        var pullRequest = Propose(7, "a change");
        using (var git = NewLife())
        {
            await git.TipsAsync();
            await Heads(git).FetchAsync(pullRequest, Token);
            if (whileRunning)
            {
                Damage();
                Assert.Null(await Heads(git).FetchAsync(pullRequest, Token));
            }
        }

        if (!whileRunning)
        {
            Damage();
            using var git = NewLife();
            Assert.Null(await Heads(git).FetchAsync(pullRequest, Token));
        }

        Assert.Equal("a change", _sandbox.In(Mirror, "show", "refs/plans/7:file"));
    }

    [Fact]
    public async Task Heads_OutliveTidyingMendingAndPacking()
    {
        var pullRequest = Propose(7, "a change");
        using (var git = NewLife())
        {
            await git.TipsAsync();
            await Heads(git).FetchAsync(pullRequest, Token);
        }

        _sandbox.In(Mirror, "pack-refs", "--all");
        using var next = NewLife();
        next.Mirror.Suspect();
        await next.TipsAsync();

        Assert.True(next.Mirror.IsSound);
        Assert.Equal(0, await next.ProcessesOfAsync(async () => Assert.Null(await Heads(next).FetchAsync(pullRequest, Token))));
    }

    [Theory]
    [InlineData("7")]
    [InlineData("plans/7")]
    [InlineData("refs/plans/7")]
    [InlineData("head")]
    [InlineData("pull/7/head")]
    [InlineData("topic-7")]
    [InlineData("origin/topic-7")]
    public async Task Heads_AreNoBranches(string name)
    {
        using var git = NewLife();
        await git.TipsAsync();
        var pullRequest = Propose(7, "a change");
        await Heads(git).FetchAsync(pullRequest, Token);
        using var history = new GitHistory(git.Program, git.Runner, null, NullLogger<GitHistory>.Instance);

        Assert.Null(history.Resolve(name));
        Assert.Equal(new Revision(_main), history.Resolve("main"));
        Assert.Equal(pullRequest.Head, history.Resolve(pullRequest.Head.Sha));
    }

    [Fact]
    public async Task KeepOnly_LetsGoOfTheOthers_AndOfNothingElse()
    {
        using var git = NewLife();
        await git.TipsAsync();
        foreach (var number in new[] { 7, 8, 70 })
        {
            Assert.Null(await Heads(git).FetchAsync(Propose(number, $"change {number}"), Token));
        }

        _sandbox.In(Mirror, "pack-refs", "--all");
        Assert.Null(await Heads(git).FetchAsync(Propose(9, "change 9"), Token));

        await Heads(git).KeepOnlyAsync(new HashSet<long> { 7, 99 }, Token);

        Assert.Equal("refs/plans/7\nrefs/remotes/origin/main", _sandbox.In(Mirror, "for-each-ref", "--format=%(refname)"));
        Assert.Equal(0, await git.ProcessesOfAsync(() => Heads(git).KeepOnlyAsync(new HashSet<long> { 7 }, Token)));
        Assert.Equal(1, await git.ProcessesOfAsync(() => Heads(git).KeepOnlyAsync(new HashSet<long>(), Token)));
    }

    [Fact]
    public async Task KeepOnly_WithoutAMirror_DoesNothing()
    {
        using var git = NewLife();

        Assert.Equal(0, await git.ProcessesOfAsync(() => Heads(git).KeepOnlyAsync(new HashSet<long>(), Token)));
    }

    private static PullRequest Of(long number, string head) => new(number, new Revision(head), $"refs/pull/{number}/head", $"topic-{number}", false, false);

    private PullRequestHeads Heads(GitRemotesFixture git, string remote = "origin") =>
        new(git.Program, git.Mirror, remote, TimeProvider.System, NullLogger<PullRequestHeads>.Instance);

    private GitRemotesFixture NewLife() => new(_sandbox, null, Remote(_remote));

    // As on a forge: the head is there under its number too.
    private PullRequest Propose(long number, string content, bool isRoot = false)
    {
        var head = _sandbox.Commit(_remote, $"topic-{number}", content, isRoot ? null : _sandbox.Tip(_remote, $"topic-{number}") ?? _main, isRoot);
        _sandbox.In(_remote, "update-ref", $"refs/pull/{number}/head", head);
        return Of(number, head);
    }

    private void Damage()
    {
        foreach (var pack in Directory.GetFiles(Mirror + "/objects/pack", "*.pack"))
        {
            File.SetAttributes(pack, FileAttributes.Normal);
            using var file = new FileStream(pack, FileMode.Open);
            file.SetLength(file.Length / 2);
        }
    }
}
