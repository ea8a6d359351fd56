using Microsoft.Extensions.Time.Testing;
using Reconciler.Adapters.Git;
using Xunit;
using static Reconciler.Tests.Adapters.Git.GitRemotesFixture;

namespace Reconciler.Tests.Adapters.Git;

public sealed class GitRemotesHttpTests : IAsyncLifetime
{
    private const string Token = "s3cret-t0ken";
    private readonly GitSandbox _sandbox = new();
    private GitHttpServer _server = null!;
    private string _repository = "";
    private string _main = "";

    public async ValueTask InitializeAsync()
    {
        _repository = _sandbox.NewRepository("srv/r.git");
        _main = _sandbox.Commit(_repository, "main", "one");
        _server = await GitHttpServer.StartAsync(_sandbox.PathOf("srv"));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _sandbox.Dispose();
    }

    [Fact]
    public async Task Look_WithNothingNew_IsOneRequestAndNoProcess()
    {
        var testing = _sandbox.Commit(_repository, "testing", "two", _main);
        _sandbox.Commit(_repository, "main2", "decoy", _main);
        using var git = new GitRemotesFixture(_sandbox, null, Remote(_server.Address + "/r.git"));
        Assert.Equal(Of(_main, testing), await git.LookAsync());

        async Task NothingNew()
        {
            var before = _server.Requests;
            Assert.Equal(0, await git.ProcessesOfAsync(async () => Assert.Equal(Of(_main, testing), await git.LookAsync())));
            Assert.Equal(1, _server.Requests - before);
        }

        await NothingNew();
        _main = _sandbox.Commit(_repository, "main", "three");
        Assert.Equal(Of(_main, testing), await git.LookAsync());
        await NothingNew();
        _main = _sandbox.Commit(_repository, "main", "forced", isRoot: true);
        Assert.Equal(Of(_main, testing), await git.LookAsync());
        await NothingNew();
        _sandbox.In(_repository, "update-ref", "-d", "refs/heads/testing");
        testing = null;
        Assert.Equal(Of(_main), await git.LookAsync());
        await NothingNew();
    }

    [Fact]
    public async Task Look_AtAnOldServer_ReadsItsList()
    {
        _server.Fault = GitHttpFault.OldVersion;
        using var git = new GitRemotesFixture(_sandbox, null, Remote(_server.Address + "/r.git"));

        Assert.Equal(Of(_main), await git.LookAsync());
        Assert.Equal(0, await git.ProcessesOfAsync(() => git.TipsAsync()));

        _server.Fault = GitHttpFault.None; // it was upgraded
        Assert.Equal(0, await git.ProcessesOfAsync(() => git.TipsAsync()));
        _server.Fault = GitHttpFault.OldVersion; // and downgraded again
        Assert.Equal(0, await git.ProcessesOfAsync(() => git.TipsAsync()));
    }

    [Theory]
    [InlineData(Token)]
    [InlineData(Token + "\n")]
    [InlineData(Token + "\r\n")]
    public async Task Look_WithToken_IsLetIn(string content)
    {
        _server.Credentials = "x-access-token:" + Token;
        using var git = new GitRemotesFixture(_sandbox, null, WithToken(content));

        Assert.Equal(Of(_main), await git.LookAsync());
        Assert.DoesNotContain(git.Runner.Requests, r => r.Arguments.Any(a => a.Contains(Token, StringComparison.Ordinal)));

        await File.WriteAllTextAsync(_sandbox.PathOf("token"), "next", TestContext.Current.CancellationToken);
        _server.Credentials = "x-access-token:next";
        Assert.Equal(Of(_main), await git.LookAsync());
    }

    [Fact]
    public async Task Look_WithUserAndPasswordInTheUrl_IsLetInAndShowsNeither()
    {
        _server.Credentials = "me:" + Token;
        using var git = new GitRemotesFixture(_sandbox, null, Remote(_server.Address.Replace("://", $"://me:{Token}@", StringComparison.Ordinal) + "/r.git"));

        Assert.Equal(Of(_main), await git.LookAsync());
        Assert.DoesNotContain(git.Runner.Requests, r => r.Arguments.Any(a => a.Contains(Token, StringComparison.Ordinal)));
        _server.Credentials = "me:other";
        Assert.DoesNotContain(Token, await git.TroubleAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Look_WithAWrongOrNoToken_SaysWhatToDo()
    {
        _server.Credentials = "x-access-token:" + Token;
        using var git = new GitRemotesFixture(_sandbox, null, WithToken("wrong"), Remote(_server.Address + "/r.git", "bare"));

        Assert.Equal($"{_server.Address}/r.git refused the token (401): put a valid one that may read the repository into {_sandbox.PathOf("token")}", await git.TroubleAsync());
        Assert.Contains("asks for a token (401)", await git.TroubleAsync("bare"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("\n", "is empty")]
    [InlineData("one two", "must be one token and nothing else")]
    [InlineData(null, "is not there")]
    public async Task Look_WithABadTokenFile_SaysWhatToDo(string? content, string expected)
    {
        using var git = new GitRemotesFixture(_sandbox, null, WithToken(content));

        var trouble = await git.TroubleAsync();

        Assert.Contains(expected, trouble, StringComparison.Ordinal);
        Assert.Contains(_sandbox.PathOf("token"), trouble, StringComparison.Ordinal);
        Assert.Equal(0, _server.Requests);
    }

    [Fact]
    public async Task Look_AtNothing_SaysSo()
    {
        using var git = new GitRemotesFixture(
            _sandbox, null, Remote(_server.Address + "/gone.git"), Remote("http://no-such-host.invalid/r.git", "host"), Remote("http://127.0.0.1:1/r.git", "port"));

        Assert.Contains("holds no repository (404)", await git.TroubleAsync(), StringComparison.Ordinal);
        Assert.Equal("http://no-such-host.invalid/r.git: host not found: check the address and this machine's DNS", await git.TroubleAsync("host"));
        Assert.Equal("http://127.0.0.1:1/r.git: connection refused: nothing listens there; check the port and the server", await git.TroubleAsync("port"));
    }

    [Fact]
    public async Task Look_AtAHangingRemote_EndsAtItsTimeoutAndDelaysNoOther()
    {
        var other = _sandbox.NewRepository("other.git");
        var tip = _sandbox.Commit(other, "main", "other");
        var clock = new FakeTimeProvider();
        using var git = new GitRemotesFixture(_sandbox, clock, Remote(_server.Address + "/r.git"), Remote(other, "other"));
        await git.TipsAsync();
        _sandbox.Commit(_repository, "main", "two");
        _server.Fault = GitHttpFault.Hang;

        var hanging = git.LookAsync();
        await _server.Hung;
        Assert.Equal(Of(tip), await git.LookAsync("other"));
        Assert.False(hanging.IsCompleted);

        clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(
            $"{_server.Address}/r.git did not answer within 60 s: check the network and the server, or raise the remote's timeout",
            Assert.IsType<Reconciler.Ports.RemoteLook.Failed>(await hanging).Detail);
    }

    [Fact]
    public async Task Look_AtARemoteThatHangsWhileFetching_DelaysNoOther()
    {
        var other = _sandbox.NewRepository("other.git");
        var tip = _sandbox.Commit(other, "main", "other");
        var clock = new FakeTimeProvider();
        using var git = new GitRemotesFixture(_sandbox, clock, Remote(_server.Address + "/r.git"), Remote(other, "other"));
        await git.TipsAsync();
        _sandbox.Commit(_repository, "main", "two");
        _server.Fault = GitHttpFault.Hang;
        _server.HangAfter = 1; // the poll is answered, the fetch is not
        var hanging = git.LookAsync();
        await _server.Hung;
        Assert.Equal(Of(tip), await git.LookAsync("other"));
        clock.Advance(TimeSpan.FromSeconds(61));
        Assert.IsType<Reconciler.Ports.RemoteLook.Failed>(await hanging);

        _server.Fault = GitHttpFault.None;
        await git.TipsAsync(); // what the killed git left is no obstacle
    }

    [Fact]
    public async Task Look_AtAPassingError_AsksAgain()
    {
        using var git = new GitRemotesFixture(_sandbox, null, Remote(_server.Address + "/r.git"));
        (_server.Fault, _server.FaultyRequests) = (GitHttpFault.Error, 1);
        Assert.Equal(Of(_main), await git.LookAsync());
        (_server.Fault, _server.FaultyRequests) = (GitHttpFault.Drop, 1);
        Assert.Equal(Of(_main), await git.LookAsync());
    }

    [Fact]
    public async Task Look_AtALastingError_SaysSo()
    {
        using var git = new GitRemotesFixture(_sandbox, null, Remote(_server.Address + "/r.git"));
        _server.Fault = GitHttpFault.Error;
        Assert.Contains("is in trouble itself (500)", await git.TroubleAsync(), StringComparison.Ordinal);
        Assert.Equal(3, _server.Requests);
        _server.Fault = GitHttpFault.Nonsense;
        Assert.Contains("may not be a git server", await git.TroubleAsync(), StringComparison.Ordinal);
        _server.Fault = GitHttpFault.Page;
        Assert.Contains("does not answer as a git server does", await git.TroubleAsync(), StringComparison.Ordinal);
        _server.Fault = GitHttpFault.Slow;
        Assert.Equal(Of(_main), await git.LookAsync());
    }

    [Theory]
    [InlineData("http://git.invalid/r.git", true)]
    [InlineData("http://me:s3cret-t0ken@git.invalid/r.git", false)]
    [InlineData("HTTP://git.invalid/r.git", true)]
    public async Task Look_WithATokenAndWithoutTls_AsksNobody(string address, bool hasFile)
    {
        var remote = WithToken(Token) with { Url = address };
        using var git = new GitRemotesFixture(_sandbox, null, hasFile ? remote : remote with { TokenFile = null });

        var trouble = await git.TroubleAsync();

        Assert.Equal("http://git.invalid/r.git would be sent the token unencrypted: use https, or take the token away", trouble);
        Assert.DoesNotContain(git.Runner.Requests, r => r.Arguments.Any(a => a.Contains("git.invalid", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Push_WithATokenAndWithoutTls_StartsNothing()
    {
        using var git = new GitRemotesFixture(_sandbox, null);
        var remote = WithToken(Token) with { Url = "http://git.invalid/r.git" };

        var outcome = await git.Program.RunAsync(GitCommand.Of("push", "--", remote.Url, "a:b") with { Remote = remote }, TestContext.Current.CancellationToken);

        Assert.Contains("unencrypted", Assert.IsType<GitOutcome.NotRun>(outcome).Detail, StringComparison.Ordinal);
        Assert.Empty(git.Runner.Requests);
    }

    [Fact]
    public async Task Look_WhenRedirectedOnItsOrigin_FollowsWithToken()
    {
        _server.Credentials = "x-access-token:" + Token;
        using var git = new GitRemotesFixture(_sandbox, null, WithToken(Token) with { Url = _server.Address + "/old.git" });
        (_server.Fault, _server.RedirectTo) = (GitHttpFault.Redirect, "/r.git");
        _server.FaultyRequests = 1;

        Assert.Equal(Of(_main), await git.LookAsync());
    }

    [Fact]
    public async Task Look_WhenRedirectedElsewhere_KeepsTheToken()
    {
        await using var elsewhere = await GitHttpServer.StartAsync(_sandbox.PathOf("srv"));
        using var git = new GitRemotesFixture(_sandbox, null, WithToken(Token), Remote(_server.Address + "/r.git", "open"));
        (_server.Fault, _server.RedirectTo) = (GitHttpFault.Redirect, elsewhere.Address + "/r.git");
        _server.FaultyRequests = int.MaxValue;

        Assert.Contains($"redirects to {elsewhere.Address}/r.git/info/refs, which must not be told its secret", await git.TroubleAsync(), StringComparison.Ordinal);
        Assert.Equal(0, elsewhere.Requests);

        Assert.Equal(Of(_main), await git.LookAsync("open"));
        Assert.All(elsewhere.Authorizations, a => Assert.Empty(a));
    }

    private GitRemoteSettings WithToken(string? content)
    {
        if (content is not null)
        {
            File.WriteAllText(_sandbox.PathOf("token"), content);
        }

        return Remote(_server.Address + "/r.git") with { TokenFile = _sandbox.PathOf("token") };
    }
}
