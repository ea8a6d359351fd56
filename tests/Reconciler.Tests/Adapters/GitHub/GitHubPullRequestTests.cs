using System.Collections.Immutable;
using Reconciler.Adapters.Forge;
using Reconciler.Adapters.GitHub;
using Reconciler.Model;
using Reconciler.Ports;
using Reconciler.Tests.Making;
using Xunit;
using Fault = FakeGitHub.Faults.Fault;

namespace Reconciler.Tests.Adapters.GitHub;

public sealed class GitHubPullRequestTests : HubTests
{
    [Fact]
    public async Task OpenPullRequests_TellsForksAndOursApart()
    {
        var topic = Add(1, "topic");
        Add(2, "reconciler/revert-abcdef0");
        Add(3, "reconciler/revert-abcdef1", repository: "bob/fleet");
        Add(5, "closed", open: false);
        Add(6, "elsewhere", @base: "testing");
        _hub.Hub.AddRepository("bob/fleet");
        var open = Assert.IsType<PullRequestsAnswer.Open>(await _hub.Forge().OpenPullRequestsAsync(Cancellation)).PullRequests;

        Assert.Equal([3, 2, 1], open.Select(pull => pull.Number));
        Assert.Equal([true, false, false], open.Select(pull => pull.IsFromFork));
        Assert.Equal([false, true, false], open.Select(pull => pull.IsOurs));
        Assert.Equal(new PullRequest(1, topic, "refs/pull/1/head", "topic", IsFromFork: false, IsOurs: false), open[^1]);
    }

    [Fact]
    public void OpenPullRequests_OfADeletedForkAreFromAFork()
    {
        var document = new PullRequestDocument
        {
            Number = 4,
            Head = new HeadDocument { Ref = "reconciler/revert-abcdef0", Sha = _hub.Bad.Sha, Repo = null },
            Base = new HeadDocument { Ref = "main", Repo = new RepositoryDocument { Id = 7 } },
        };

        Assert.Equal(new PullRequest(4, _hub.Bad, "refs/pull/4/head", "reconciler/revert-abcdef0", IsFromFork: true, IsOurs: false), OpenPullRequest.Of(document));
        Assert.Null(OpenPullRequest.Of(document with { Head = document.Head with { Sha = "not an id" } }));
    }

    [Fact]
    public async Task OpenPullRequests_GivesTheHundredThatChangedLast()
    {
        for (var i = 1; i <= 120; i++)
        {
            Add(i, $"topic{i}");
        }

        var open = Assert.IsType<PullRequestsAnswer.Open>(await _hub.Forge().OpenPullRequestsAsync(Cancellation)).PullRequests;
        Assert.Equal(Enumerable.Range(21, 100).Reverse().Select(i => (long)i), open.Select(pull => pull.Number));
    }

    [Fact]
    public async Task OpenPullRequests_AskedAgainCostsNothing()
    {
        Add(1, "topic");
        var forge = _hub.Forge();
        await forge.OpenPullRequestsAsync(Cancellation);
        var again = Assert.IsType<PullRequestsAnswer.Open>(await forge.OpenPullRequestsAsync(Cancellation)).PullRequests;

        Assert.Single(again);
        Assert.Equal([200, 304], _hub.Hub.Requests.Select(request => request.Status));
    }

    [Fact]
    public async Task OpenPullRequests_WithNumbersBeyondThirtyTwoBitsAreReadAndCommented()
    {
        Add(3_000_000_000, "topic");
        var forge = _hub.Forge();
        var pull = Assert.Single(Assert.IsType<PullRequestsAnswer.Open>(await forge.OpenPullRequestsAsync(Cancellation)).PullRequests);
        Assert.IsType<ForgeAnswer.Done>(await forge.CommentPlanAsync(Report(pull.Number), Cancellation));

        Assert.Single(_hub.Repository.CommentsOf(3_000_000_000));
    }

    [Fact]
    public async Task OpenPullRequests_ThatCannotBeReadSaysWhy()
    {
        _hub.WriteToken("ghp_unknown");
        var failed = Assert.IsType<PullRequestsAnswer.Failed>(await _hub.Forge().OpenPullRequestsAsync(Cancellation));

        Assert.Contains("it has expired or was revoked", failed.Detail, StringComparison.Ordinal);
        Assert.NotNull(failed.NotBefore);
    }

    [Fact]
    public async Task CommentPlan_IsOneCommentAHostEditedInPlace()
    {
        Add(7, "topic");
        var (web1, web2) = (_hub.ForgeOf("web1"), _hub.ForgeOf("web2"));
        await web1.CommentPlanAsync(Report(7, "first"), Cancellation);
        await web2.CommentPlanAsync(Report(7, "first"), Cancellation);
        await web1.CommentPlanAsync(Report(7, "second"), Cancellation);
        var done = Assert.IsType<ForgeAnswer.Done>(await web1.CommentPlanAsync(Report(7, "second"), Cancellation));

        var comments = _hub.Repository.CommentsOf(7);
        Assert.Equal(
            [PlanCommentText.Write(new HostName("web1"), Report(7, "second")).TrimEnd(), PlanCommentText.Write(new HostName("web2"), Report(7, "first")).TrimEnd()],
            comments.Select(comment => comment.Body.TrimEnd()));
        Assert.Contains($"issuecomment-{comments[0].Id}", done.Link!.AbsoluteUri, StringComparison.Ordinal);
        Assert.Equal(3, _hub.Changes.Count());
    }

    [Fact]
    public async Task CommentPlan_DoesNotTakeAStrangersCommentForItsOwn()
    {
        Add(7, "topic");
        _hub.Repository.Comments.Add(new(
            _hub.Hub.World.NextId(), 7, PlanCommentText.Marker(new HostName("web1")) + "\nmine!", _hub.Hub.World.Account("mallory"), null, _hub.Clock.GetUtcNow(), _hub.Clock.GetUtcNow()));
        Assert.IsType<ForgeAnswer.Done>(await _hub.Forge().CommentPlanAsync(Report(7), Cancellation));

        Assert.Equal(["mallory", "ann"], _hub.Repository.CommentsOf(7).Select(comment => comment.Author.Login));
        Assert.EndsWith("mine!", _hub.Repository.CommentsOf(7)[0].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CommentPlan_FindsItsOwnBehindManyOthers()
    {
        Add(7, "topic");
        for (var i = 0; i < 230; i++)
        {
            _hub.Repository.Comments.Add(new(_hub.Hub.World.NextId(), 7, "hm", _hub.Hub.World.Account("bob"), null, _hub.Clock.GetUtcNow(), _hub.Clock.GetUtcNow()));
        }

        var forge = _hub.Forge();
        await forge.CommentPlanAsync(Report(7, "first"), Cancellation);
        await forge.CommentPlanAsync(Report(7, "second"), Cancellation);

        Assert.Single(_hub.Repository.CommentsOf(7), comment => comment.Author.Login == "ann");
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PATCH")]
    public async Task CommentPlan_DroppedAfterItWasWrittenIsWrittenOnce(string method)
    {
        Add(7, "topic");
        var forge = _hub.Forge();
        _hub.Hub.Faults.Once(new Fault.DropAfter(), method, "*/comments*");
        await _hub.AgainAsync(() => forge.CommentPlanAsync(Report(7, "first"), Cancellation));
        await _hub.AgainAsync(() => forge.CommentPlanAsync(Report(7, "second"), Cancellation));

        Assert.Contains("second", Assert.Single(_hub.Repository.CommentsOf(7)).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CommentPlan_OfAnyLengthFits()
    {
        Add(7, "topic");
        var plan = new SystemPlan { Restart = [.. Enumerable.Range(0, 9000).Select(i => $"a-service-with-a-long-name-{i}.service")] };
        var report = new ForgeMessage.PlanReported(7, _hub.Bad, new PlanReport.Ready(plan, A.Toplevel("new"), A.Toplevel("old"), ["warning: long " + new string('w', 90_000)], TimeSpan.FromSeconds(3)));
        Assert.IsType<ForgeAnswer.Done>(await _hub.Forge().CommentPlanAsync(report, Cancellation));

        Assert.InRange(Assert.Single(_hub.Repository.CommentsOf(7)).Body.Length, 1, 65_536);
    }

    private ForgeMessage.PlanReported Report(long number, string word = "first") =>
        new(number, _hub.Bad, new PlanReport.Ready(new SystemPlan { Restart = [$"{word}.service"] }, A.Toplevel("new"), A.Toplevel("old"), ImmutableArray<string>.Empty, TimeSpan.FromSeconds(3)));

    private Revision Add(long number, string branch, string repository = "acme/fleet", string @base = "main", bool open = true)
    {
        _hub.Repository.Pulls.Add(new FakeGitHub.World.PullRequest(_hub.Hub.World.NextId(), number, branch, "", _hub.Hub.World.Account("bob"), _hub.Clock.GetUtcNow().AddMinutes(number % 1000))
        {
            HeadRepository = repository,
            HeadRef = branch,
            HeadSha = _hub.Bad.Sha,
            BaseRef = @base,
            BaseSha = _hub.Good.Sha,
            Open = open,
        });
        return _hub.Bad;
    }
}
