using FakeGitHub.World;
using Reconciler.Adapters.Forge;
using Reconciler.Model;
using Reconciler.Ports;
using Reconciler.Tests.Making;
using Xunit;
using Fault = FakeGitHub.Faults.Fault;

namespace Reconciler.Tests.Adapters.GitHub;

public sealed class GitHubRollbackTests : HubTests
{
    private string Branch => RollbackText.BranchOf(_hub.Bad);

    [Fact]
    public async Task ExplainRollback_MakesBranchAndPullRequest()
    {
        var forge = _hub.Forge(settings => settings with { Labels = ["rollback", "nixos"] });
        var done = Assert.IsType<ForgeAnswer.Done>(await forge.ExplainRollbackAsync(_hub.Story(), Cancellation));

        var pull = Assert.Single(_hub.Repository.PullRequests);
        Assert.Equal(("main", Branch, _hub.Tip(Branch)), (pull.BaseRef, pull.HeadRef, pull.HeadSha));
        Assert.StartsWith(RollbackPullRequestText.Title(_hub.Story(), Cause, _hub.Bad, _hub.Good), pull.Title, StringComparison.Ordinal);
        Assert.True(RollbackPullRequestText.HasSection(pull.Body, new HostName("web1")));
        Assert.Equal(["nixos", "rollback"], pull.Labels.Order());
        Assert.EndsWith($"/pull/{pull.Number}", done.Link!.AbsolutePath, StringComparison.Ordinal);
        using var git = new LibGit2Sharp.Repository(_hub.Repository.Folder);
        var commit = git.Branches[Branch].Tip;
        Assert.Equal(_hub.Bad.Sha, Assert.Single(commit.Parents).Sha);
        Assert.Equal(((LibGit2Sharp.Commit)git.Lookup(_hub.Good.Sha)).Tree.Sha, commit.Tree.Sha);
        Assert.Equal(RollbackText.Write(_hub.Story(), Cause, _hub.Bad, _hub.Good), commit.Message);
        Assert.Equal(("Reconciler on web1", _hub.Story().Deployment.Changed), (commit.Author.Name, commit.Author.When));
    }

    [Fact]
    public async Task ExplainRollback_TwiceChangesNothing()
    {
        var forge = _hub.Forge(settings => settings with { Labels = ["rollback"] });
        await forge.ExplainRollbackAsync(_hub.Story(), Cancellation);
        var (changes, tip) = (_hub.Changes.Count(), _hub.Tip(Branch));
        Assert.IsType<ForgeAnswer.Done>(await forge.ExplainRollbackAsync(_hub.Story(), Cancellation));

        Assert.Equal((changes, tip), (_hub.Changes.Count(), _hub.Tip(Branch)));
    }

    [Theory]
    [InlineData("POST", "*/git/commits")]
    [InlineData("POST", "*/git/refs")]
    [InlineData("POST", "*/pulls")]
    [InlineData("POST", "*/labels")]
    public async Task ExplainRollback_DroppedAfterAChangeEndsTheSame(string method, string path)
    {
        var forge = _hub.Forge(settings => settings with { Labels = ["rollback"] });
        _hub.Hub.Faults.Once(new Fault.DropAfter(), method, path);
        await _hub.AgainAsync(() => forge.ExplainRollbackAsync(_hub.Story(), Cancellation));
        _hub.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.IsType<ForgeAnswer.Done>(await forge.ExplainRollbackAsync(_hub.Story(), Cancellation));

        Assert.Equal(["rollback"], Assert.Single(_hub.Repository.PullRequests).Labels);
        Assert.Single(_hub.Repository.Labels.All);
    }

    [Fact]
    public async Task ExplainRollback_TakesTheBranchGitPushed()
    {
        var pushed = PushRevert();
        var forge = _hub.Forge(settings => settings with { MayCreateBranches = false });
        Assert.IsType<ForgeAnswer.Done>(await forge.ExplainRollbackAsync(_hub.Story(), Cancellation));

        Assert.Equal(pushed, Assert.Single(_hub.Repository.PullRequests).HeadSha);
        Assert.DoesNotContain(_hub.Changes, request => request.Path.Contains("/git/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ExplainRollback_WithoutBranchAndWithoutLeaveToMakeOneWaitsForIt() => Assert.Contains(
        Branch,
        Assert.IsType<ForgeAnswer.Later>(
            await _hub.Forge(settings => settings with { MayCreateBranches = false }).ExplainRollbackAsync(_hub.Story(), Cancellation)).Detail,
        StringComparison.Ordinal);

    [Fact]
    public async Task ExplainRollback_OfSeveralHostsIsOnePullRequestWithASectionEach()
    {
        foreach (var host in new[] { "web1", "web2", "db" })
        {
            Assert.IsType<ForgeAnswer.Done>(await _hub.ForgeOf(host).ExplainRollbackAsync(_hub.Story(host), Cancellation));
        }

        var body = Assert.Single(_hub.Repository.PullRequests).Body;
        Assert.All(new[] { "web1", "web2", "db" }, host => Assert.True(RollbackPullRequestText.HasSection(body, new HostName(host)), host));
    }

    [Fact]
    public async Task ExplainRollback_OfSeveralHostsAtOnceIsOnePullRequest()
    {
        string[] hosts = ["web1", "web2", "web3", "web4"];
        var answers = await Task.WhenAll(hosts.Select(host => _hub.ForgeOf(host).ExplainRollbackAsync(_hub.Story(host), Cancellation)));
        for (var i = 0; i < hosts.Length; i++)
        {
            if (answers[i] is ForgeAnswer.Later)
            {
                await _hub.AgainAsync(() => _hub.ForgeOf(hosts[i]).ExplainRollbackAsync(_hub.Story(hosts[i]), Cancellation));
            }
        }

        Assert.Single(_hub.Repository.PullRequests);
        Assert.NotNull(_hub.Tip(Branch));
    }

    [Fact]
    public async Task ExplainRollback_WritesItsSectionAgainWhenAnotherHostWroteOverIt()
    {
        await _hub.ForgeOf("web1").ExplainRollbackAsync(_hub.Story("web1"), Cancellation);
        var before = Assert.Single(_hub.Repository.PullRequests).Body;
        var races = 0;
        var forge = _hub.Forge(settings => settings with { Host = new HostName("web2") }, () => new InterveningWire(request =>
        {
            if (request.Method == HttpMethod.Patch && races++ == 0)
            {
                _hub.Repository.Pulls.Put(Assert.Single(_hub.Repository.PullRequests) with { Body = before });
            }
        }));
        Assert.IsType<ForgeAnswer.Done>(await forge.ExplainRollbackAsync(_hub.Story("web2"), Cancellation));

        Assert.Equal(2, races);
        Assert.True(RollbackPullRequestText.HasSection(Assert.Single(_hub.Repository.PullRequests).Body, new HostName("web2")));
    }

    [Fact]
    public async Task ExplainRollback_ThatIsAlwaysWrittenOverIsTriedLater()
    {
        await _hub.ForgeOf("web1").ExplainRollbackAsync(_hub.Story("web1"), Cancellation);
        var before = Assert.Single(_hub.Repository.PullRequests).Body;
        var forge = _hub.Forge(settings => settings with { Host = new HostName("web2") }, () => new InterveningWire(request =>
        {
            if (request.Method == HttpMethod.Patch)
            {
                _hub.Repository.Pulls.Put(Assert.Single(_hub.Repository.PullRequests) with { Body = before });
            }
        }));

        Assert.Contains(
            "several hosts", Assert.IsType<ForgeAnswer.Later>(await forge.ExplainRollbackAsync(_hub.Story("web2"), Cancellation)).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExplainRollback_TakesThePullRequestAnotherHostOpenedMeanwhile()
    {
        var races = 0;
        var forge = _hub.Forge(wire: () => new InterveningWire(request =>
        {
            if (request.Method == HttpMethod.Post && request.RequestUri!.AbsolutePath.EndsWith("/git/refs", StringComparison.Ordinal) && races++ == 0)
            {
                Open("by web9");
            }
        }));
        Assert.IsType<ForgeAnswer.Done>(await forge.ExplainRollbackAsync(_hub.Story(), Cancellation));

        Assert.Contains("by web9", Assert.Single(_hub.Repository.PullRequests).Body, StringComparison.Ordinal);
        Assert.True(RollbackPullRequestText.HasSection(Assert.Single(_hub.Repository.PullRequests).Body, new HostName("web1")));
    }

    [Fact]
    public async Task ExplainRollback_NeverOpensAgainWhatAPersonClosed()
    {
        var forge = _hub.Forge();
        await forge.ExplainRollbackAsync(_hub.Story(), Cancellation);
        var pull = Assert.Single(_hub.Repository.PullRequests);
        _hub.Repository.Pulls.Put(pull with { Open = false, ClosedAt = _hub.Clock.GetUtcNow() });
        await forge.ExplainRollbackAsync(_hub.Story(), Cancellation);
        var done = Assert.IsType<ForgeAnswer.Done>(await forge.ExplainRollbackAsync(_hub.Story(), Cancellation));

        Assert.False(Assert.Single(_hub.Repository.PullRequests).Open);
        Assert.Equal(RollbackPullRequestText.ClosedByHand(_hub.Bad).TrimEnd(), Assert.Single(_hub.Repository.CommentsOf(pull.Number)).Body.TrimEnd());
        Assert.Contains("closed by hand", done.Remark, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExplainRollback_IsDoneWhenItWasMerged()
    {
        var forge = _hub.Forge();
        await forge.ExplainRollbackAsync(_hub.Story(), Cancellation);
        _hub.Repository.Pulls.Put(Assert.Single(_hub.Repository.PullRequests) with { Open = false, ClosedAt = _hub.Clock.GetUtcNow(), MergedAt = _hub.Clock.GetUtcNow() });
        var changes = _hub.Changes.Count();
        var done = Assert.IsType<ForgeAnswer.Done>(await forge.ExplainRollbackAsync(_hub.Story(), Cancellation));

        Assert.Contains("merged", done.Remark, StringComparison.Ordinal);
        Assert.Equal(changes, _hub.Changes.Count());
    }

    [Fact]
    public async Task ExplainRollback_LeavesSomebodyElsesBranchAlone()
    {
        var theirs = _hub.Hub.Commit(_hub.Repository, Branch, "my own idea", new Dictionary<string, string?> { ["x"] = "y" });
        var done = Assert.IsType<ForgeAnswer.Done>(await _hub.Forge().ExplainRollbackAsync(_hub.Story(), Cancellation));

        Assert.Contains("left alone", done.Remark, StringComparison.Ordinal);
        Assert.Empty(_hub.Changes);
        Assert.Equal(theirs, _hub.Tip(Branch));
    }

    [Fact]
    public async Task ExplainRollback_LeavesAPullRequestWithSomebodyElsesCommitsAlone()
    {
        await _hub.ForgeOf("web1").ExplainRollbackAsync(_hub.Story("web1"), Cancellation);
        _hub.Hub.Commit(_hub.Repository, Branch, "and a fix", new Dictionary<string, string?> { ["x"] = "y" });
        var changes = _hub.Changes.Count();
        var done = Assert.IsType<ForgeAnswer.Done>(await _hub.ForgeOf("web2").ExplainRollbackAsync(_hub.Story("web2"), Cancellation));

        Assert.Contains("somebody else", done.Remark, StringComparison.Ordinal);
        Assert.Equal(changes, _hub.Changes.Count());
    }

    [Fact]
    public async Task ExplainRollback_AfterTheWatchedBranchMovedOnIsOpenedAllTheSame()
    {
        _hub.Hub.Commit(_hub.Repository, "main", "a fix", new Dictionary<string, string?> { ["flake.nix"] = "{ fixed }" });
        Assert.IsType<ForgeAnswer.Done>(await _hub.Forge().ExplainRollbackAsync(_hub.Story(), Cancellation));

        Assert.Single(_hub.Repository.PullRequests);
    }

    [Fact]
    public async Task ExplainRollback_WithoutLabelsForWantOfPermissionIsDoneWithARemark()
    {
        _hub.Hub.Faults.Add(new(new Fault.Forbidden(), "POST", "*/labels"));
        var done = Assert.IsType<ForgeAnswer.Done>(
            await _hub.Forge(settings => settings with { Labels = ["rollback"] }).ExplainRollbackAsync(_hub.Story(), Cancellation));

        Assert.Contains("no labels", done.Remark, StringComparison.Ordinal);
        Assert.NotNull(done.Link);
    }

    [Fact]
    public async Task ExplainRollback_OfACommitGitHubLacksIsRefused() => Assert.IsType<ForgeAnswer.Refused>(
        await _hub.Forge().ExplainRollbackAsync(Story(A.Revision("elsewhere")), Cancellation));

    [Fact]
    public async Task ExplainRollback_FollowsARenamedRepository()
    {
        _hub.Hub.World.Rename(_hub.Repository, "machines");
        var forge = _hub.Forge();
        Assert.IsType<ForgeAnswer.Done>(await forge.ExplainRollbackAsync(_hub.Story(), Cancellation));
        Assert.IsType<ForgeAnswer.Done>(await forge.ExplainRollbackAsync(_hub.Story(), Cancellation));

        Assert.Single(_hub.Repository.PullRequests);
    }

    [Theory]
    [InlineData("type")]
    [InlineData("visibility")]
    [InlineData("author_association")]
    [InlineData("mergeable_state")]
    public async Task ExplainRollback_ReadsPastWordsNobodyKnows(string field)
    {
        _hub.Hub.Faults.Add(new(new Fault.UnknownEnum(field)));
        Assert.IsType<ForgeAnswer.Done>(await _hub.Forge(settings => settings with { Labels = ["rollback"] }).ExplainRollbackAsync(_hub.Story(), Cancellation));

        Assert.Single(_hub.Repository.PullRequests);
    }

    [Fact]
    public async Task CloseRollback_SaysWhyOnceAndCloses()
    {
        var forge = _hub.Forge();
        await forge.ExplainRollbackAsync(_hub.Story(), Cancellation);
        _hub.Hub.Faults.Once(new Fault.DropAfter(), "POST", "*/comments");
        await _hub.AgainAsync(() => forge.CloseRollbackAsync(_hub.Bad, A.Revision("newer"), Cancellation));

        var pull = Assert.Single(_hub.Repository.PullRequests);
        Assert.False(pull.Open);
        Assert.Contains(RollbackPullRequestText.OvertakenMarker(_hub.Bad), Assert.Single(_hub.Repository.CommentsOf(pull.Number)).Body, StringComparison.Ordinal);

        var later = Assert.IsType<ForgeAnswer.Done>(await forge.ExplainRollbackAsync(_hub.Story(), Cancellation));
        Assert.Contains("a newer commit works", later.Remark, StringComparison.Ordinal);
        Assert.Single(_hub.Repository.CommentsOf(pull.Number));
    }

    [Fact]
    public async Task CloseRollback_LeavesOpenWhatOthersWorkOn()
    {
        var forge = _hub.Forge();
        await forge.ExplainRollbackAsync(_hub.Story(), Cancellation);
        _hub.Hub.Commit(_hub.Repository, Branch, "and a fix", new Dictionary<string, string?> { ["x"] = "y" });
        var done = Assert.IsType<ForgeAnswer.Done>(await forge.CloseRollbackAsync(_hub.Bad, A.Revision("newer"), Cancellation));

        Assert.True(Assert.Single(_hub.Repository.PullRequests).Open);
        Assert.Single(_hub.Repository.Comments.All);
        Assert.Contains("left open", done.Remark, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CloseRollback_WithoutPullRequestIsDone()
    {
        Assert.IsType<ForgeAnswer.Done>(await _hub.Forge().CloseRollbackAsync(_hub.Bad, A.Revision("newer"), Cancellation));
        Assert.Empty(_hub.Changes);
    }

    private Failure Cause => ((DeploymentPhase.RolledBack)_hub.Story().Deployment.Phase).Cause;

    private DeploymentStory Story(Revision bad) => Forge.Story.RolledBack(Cause, bad, _hub.Good);

    private string PushRevert()
    {
        using var git = new LibGit2Sharp.Repository(_hub.Repository.Folder);
        var author = new LibGit2Sharp.Signature("Reconciler on web7", "reconciler@web7.invalid", A.Start);
        var tree = ((LibGit2Sharp.Commit)git.Lookup(_hub.Good.Sha)).Tree;
        var commit = git.ObjectDatabase.CreateCommit(author, author, "Revert to it\n", tree, [(LibGit2Sharp.Commit)git.Lookup(_hub.Bad.Sha)], prettifyMessage: false);
        git.Refs.Add($"refs/heads/{Branch}", commit.Id);
        return commit.Sha;
    }

    private void Open(string body) => _hub.Repository.Pulls.Add(
        new FakeGitHub.World.PullRequest(_hub.Hub.World.NextId(), _hub.Hub.World.NextNumber(_hub.Repository), "Revert", body, _hub.Hub.World.Account("ann"), _hub.Clock.GetUtcNow())
        {
            HeadRepository = "acme/fleet",
            HeadRef = Branch,
            HeadSha = _hub.Tip(Branch)!,
            BaseRef = "main",
            BaseSha = _hub.Bad.Sha,
        });
}
