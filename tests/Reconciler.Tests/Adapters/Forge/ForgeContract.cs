using System.Collections.Immutable;
using System.Globalization;
using Reconciler.Adapters.Forge;
using Reconciler.Model;
using Reconciler.Ports;
using Reconciler.Tests.Fakes;
using Reconciler.Tests.Making;
using Xunit;

namespace Reconciler.Tests.Adapters.Forge;

/// <summary>What every forge with a client of its own has to keep, over the wire against a forge in memory.</summary>
public abstract class ForgeContract : IAsyncLifetime
{
    private const string Branch = "reconciler/revert-9f8e7d6";
    private readonly TempFolder _folder = new();
    private readonly List<IDisposable> _made = [];

    private protected ForgeContract(FakeForge forge) => Fake = forge;

    private protected FakeForge Fake { get; }

    private protected VirtualTime Clock { get; } = new();

    private protected string TokenFile => _folder.At("token");

    private protected static CancellationToken Now => TestContext.Current.CancellationToken;

    /// <summary>Where people reach the host's page; none in most tests.</summary>
    private protected PageLinks? Page { get; set; }

    private protected abstract IForge Make(HostName host, Uri? api = null);

    private protected abstract IReadOnlyList<string> Logged { get; }

    private protected IForge Forge(string host = "web1", Uri? api = null)
    {
        var forge = Make(new HostName(host), api);
        _made.Add((IDisposable)forge);
        return forge;
    }

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(TokenFile, FakeForge.Token + "\n", Now);
        await Fake.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _made.ForEach(made => made.Dispose());
        await Fake.DisposeAsync();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task SetStatus_ShowsItOnceHoweverOftenItIsTold()
    {
        var forge = Forge();

        Assert.Null(Done(await forge.SetStatusAsync(Status(CommitState.Success, "confirmed as generation 42"), Now)).Remark);
        Assert.NotNull(Done(await forge.SetStatusAsync(Status(CommitState.Success, "confirmed as generation 42"), Now)).Remark);

        var status = Assert.Single(Fake.Statuses);
        Assert.Equal(("nixos/web1", "success", "confirmed as generation 42"), (status.Name, status.State, status.Description));
    }

    [Fact]
    public async Task SetStatus_LeadsToTheDeployment_UnlessItHasALinkOfItsOwn()
    {
        Page = new PageLinks(new Uri("https://web1.example:8443"), commit => commit == Story.Bad ? new DeploymentId(17) : null);
        var forge = Forge();
        var status = Status(CommitState.Success, "ok");

        await forge.SetStatusAsync(status, Now);
        await forge.SetStatusAsync(status with { Kind = StatusKind.Plan }, Now);
        await forge.SetStatusAsync(status with { Commit = Story.Good }, Now);
        await forge.SetStatusAsync(status with { State = CommitState.Failure, Link = new Uri("https://forge.example/pulls/3") }, Now);

        Assert.Equal(
            ["https://web1.example:8443/deployments/17", "https://web1.example:8443/", "https://web1.example:8443/", "https://forge.example/pulls/3"],
            Fake.Statuses.Select(one => one.Link));
    }

    [Fact]
    public async Task SetStatus_KeepsTheTwoKindsApart()
    {
        var forge = Forge();

        await forge.SetStatusAsync(Status(CommitState.Pending, "building"), Now);
        await forge.SetStatusAsync(Status(CommitState.Failure, "does not build") with { Kind = StatusKind.Plan }, Now);
        await forge.SetStatusAsync(Status(CommitState.Success, "confirmed"), Now);

        Assert.Equal(["nixos/web1", "nixos/web1/plan"], Fake.Statuses.Select(s => s.Name).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal("success", Fake.Statuses.Last(s => s.Name == "nixos/web1").State);
    }

    [Fact]
    public async Task SetStatus_CutsWhatIsTooLong()
    {
        await Forge().SetStatusAsync(Status(CommitState.Success, string.Concat(Enumerable.Repeat("😀", 400))), Now);

        Assert.InRange(Assert.Single(Fake.Statuses).Description.Length, 200, 255);
    }

    [Fact]
    public async Task SetStatus_FindsTheLatestAmongManyOthers()
    {
        for (var i = 0; i < 120; i++)
        {
            Fake.Statuses.Add(new FakeStatus(Fake.NextId(), Story.Bad.Sha, "nixos/web1", i == 0 ? "success" : "failure", $"{i}", null));
            Fake.Statuses.Add(new FakeStatus(Fake.NextId(), Story.Bad.Sha, $"ci/{i}", "success", "x", null));
        }

        await Forge().SetStatusAsync(Status(CommitState.Success, "0"), Now);

        Assert.Equal(241, Fake.Statuses.Count); // the one that says so is long overtaken
    }

    [Theory]
    [InlineData(403, "permission")]
    [InlineData(404, "token may not see it")]
    [InlineData(408, "408")]
    [InlineData(520, "520")]
    public async Task SetStatus_ThatAPersonOrTimeMayMend_IsTriedAgain(int answer, string words)
    {
        Fake.Before = request => request.IsChange ? Message(answer, "no, says the forge") : null;

        var later = Assert.IsType<ForgeAnswer.Later>(await Forge().SetStatusAsync(Status(CommitState.Success, "ok"), Now));

        Assert.Contains(words, later.Detail, StringComparison.Ordinal);
        Assert.Contains("no, says the forge", later.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, "400")]
    [InlineData(410, "410")]
    [InlineData(422, "422")]
    public async Task SetStatus_IsRefusedForGoodWithACause(int answer, string words)
    {
        Fake.Before = request => request.IsChange ? Message(answer, "no, says the forge") : null;

        var refused = Assert.IsType<ForgeAnswer.Refused>(await Forge().SetStatusAsync(Status(CommitState.Success, "ok"), Now));

        Assert.Contains(words, refused.Reason, StringComparison.Ordinal);
        Assert.Contains("no, says the forge", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_ObeysRetryAfter()
    {
        var forge = Forge();
        Fake.Before = _ => Message(429, "slow down").With("Retry-After", "90");

        var later = Later(await forge.SetStatusAsync(Status(CommitState.Success, "ok"), Now));
        Assert.Equal(A.Start.AddSeconds(90), later.NotBefore);
        Fake.Before = null;
        Clock.Advance(TimeSpan.FromSeconds(89));
        Assert.Equal(A.Start.AddSeconds(90), Later(await forge.SetStatusAsync(Status(CommitState.Success, "ok"), Now)).NotBefore);
        Assert.Single(Fake.Requests);

        Clock.Advance(TimeSpan.FromSeconds(1));
        Done(await forge.SetStatusAsync(Status(CommitState.Success, "ok"), Now));
    }

    [Fact]
    public async Task Ask_PausesLongerEachTimeOfTrouble()
    {
        var forge = Forge();
        Fake.Before = _ => new FakeAnswer(502, ContentType: "text/html");
        var pauses = new List<double>();
        for (var i = 0; i < 7; i++)
        {
            var later = Later(await forge.SetStatusAsync(Status(CommitState.Success, "ok"), Now));
            pauses.Add((later.NotBefore!.Value - Clock.GetUtcNow()).TotalMinutes);
            Clock.Advance(later.NotBefore.Value - Clock.GetUtcNow());
        }

        Assert.Equal([1, 2, 4, 8, 16, 30, 30], pauses);
    }

    [Fact]
    public async Task Ask_EndsWhenNoAnswerComes()
    {
        Fake.Hangs = true;
        var telling = Forge().SetStatusAsync(Status(CommitState.Success, "ok"), Now);
        await Fake.Hung.Task.WaitAsync(Now);

        Clock.Advance(TimeSpan.FromSeconds(21));

        Assert.Contains("did not answer within 20 s", Later(await telling).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_IsCancelledByItsCaller()
    {
        Fake.Hangs = true;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Now);
        var telling = Forge().SetStatusAsync(Status(CommitState.Success, "ok"), stop.Token);
        await Fake.Hung.Task.WaitAsync(Now);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => telling);
    }

    [Fact]
    public async Task Ask_ReadsTheTokenAnewEachTime()
    {
        var forge = Forge();
        await File.WriteAllTextAsync(TokenFile, "an-old-one", Now);
        Assert.Contains(TokenFile, Later(await forge.SetStatusAsync(Status(CommitState.Success, "ok"), Now)).Detail, StringComparison.Ordinal);

        await File.WriteAllTextAsync(TokenFile, FakeForge.Token, Now);
        Clock.Advance(TimeSpan.FromMinutes(2));

        Done(await forge.SetStatusAsync(Status(CommitState.Success, "ok"), Now));
    }

    [Fact]
    public async Task Ask_LetsNothingElseWaitForOneThatBreaksTheForge()
    {
        var forge = Forge();
        Fake.Before = request => request.IsChange ? Message(500, "object does not exist") : null;
        Assert.Contains("object does not exist", Later(await forge.SetStatusAsync(Status(CommitState.Success, "ok"), Now)).Detail, StringComparison.Ordinal);

        Fake.Before = null;
        Done(await forge.SetStatusAsync(Status(CommitState.Failure, "no"), Now));
    }

    [Fact]
    public async Task Ask_LetsNothingElseWaitForAnAnswerThatIsTooLong()
    {
        var forge = Forge();
        Fake.Before = request => request.IsChange ? null : new FakeAnswer(200) { Raw = $"[\"{new string('x', 33 * 1024 * 1024)}\"]" };
        var later = Later(await forge.SetStatusAsync(Status(CommitState.Success, "ok"), Now));
        Assert.Contains("longer than 32 MiB", later.Detail, StringComparison.Ordinal);
        Assert.Null(later.NotBefore);

        Fake.Before = null;
        Done(await forge.SetStatusAsync(Status(CommitState.Failure, "no"), Now));
    }

    [Fact]
    public async Task Ask_BearsAComplaintThatIsNoText()
    {
        Fake.Before = request => request.IsChange ? new FakeAnswer(422) { Raw = """{"message": "half a \ud800 pair"}""" } : null;

        Assert.Contains("422", Assert.IsType<ForgeAnswer.Refused>(await Forge().SetStatusAsync(Status(CommitState.Success, "ok"), Now)).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "is not there")]
    [InlineData(" \n", "is empty")]
    [InlineData("two words", "one token and nothing else")]
    public async Task Ask_SaysWhatIsWrongWithTheTokenFile(string? content, string words)
    {
        File.Delete(TokenFile);
        if (content is not null)
        {
            await File.WriteAllTextAsync(TokenFile, content, Now);
        }

        Assert.Contains(words, Later(await Forge().SetStatusAsync(Status(CommitState.Success, "ok"), Now)).Detail, StringComparison.Ordinal);
        Assert.Empty(Fake.Requests);
    }

    [Fact]
    public async Task Ask_NeverSendsTheTokenInTheClear()
    {
        var later = Later(await Forge(api: new Uri("http://forge.example/api")).SetStatusAsync(Status(CommitState.Success, "ok"), Now));

        Assert.Contains("unencrypted", later.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_FollowsARedirectOnItsOwnOriginOnly()
    {
        var moved = 0;
        Fake.Before = request => request.IsChange && moved++ == 0 ? new FakeAnswer(307).With("Location", request.Path + "?moved=1") : null;
        Done(await Forge().SetStatusAsync(Status(CommitState.Success, "ok"), Now));
        Assert.Equal("ok", Assert.Single(Fake.Statuses).Description);

        await using var elsewhere = NewFake();
        await elsewhere.StartAsync();
        Fake.Before = request => new FakeAnswer(302).With("Location", new Uri(elsewhere.Address, request.Path).AbsoluteUri);
        var later = Later(await Forge().SetStatusAsync(Status(CommitState.Failure, "no"), Now));

        Assert.Contains("redirects", later.Detail, StringComparison.Ordinal);
        Assert.Empty(elsewhere.Requests);
    }

    [Fact]
    public async Task Ask_KnowsASignInPageFromTheApi()
    {
        Fake.Before = _ => new FakeAnswer(200, ContentType: "text/html") { Raw = "<html>Sign in</html>" };

        Assert.Contains("text/html", Later(await Forge().SetStatusAsync(Status(CommitState.Success, "ok"), Now)).Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{\"a\":1}")]
    [InlineData("[1,2]")]
    [InlineData("")]
    [InlineData("null")]
    public async Task Ask_TakesNonsenseForTroubleAndThrowsNothing(string body)
    {
        Fake.Before = _ => new FakeAnswer(200) { Raw = body };
        var forge = Forge();

        Assert.IsNotType<ForgeAnswer.Done>(await forge.SetStatusAsync(Status(CommitState.Success, "ok"), Now));
        Assert.IsType<PullRequestsAnswer.Failed>(await forge.OpenPullRequestsAsync(Now));
        Assert.Contains(await forge.ExamineAsync(Now), finding => !finding.IsWell);
    }

    [Fact]
    public async Task Ask_ShowsTheTokenToNobody()
    {
        Fake.Before = _ => Message(403, $"the token {FakeForge.Token} may not\u001b[31m do this");
        var later = Assert.IsType<ForgeAnswer.Later>(await Forge().SetStatusAsync(Status(CommitState.Success, "ok"), Now));

        Assert.DoesNotContain(FakeForge.Token, later.Detail, StringComparison.Ordinal);
        Assert.Contains("***", later.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', later.Detail);
        Assert.NotEmpty(Logged);
        Assert.DoesNotContain(Logged, line => line.Contains(FakeForge.Token, StringComparison.Ordinal));
    }

    [Fact]
    public async Task ExplainRollback_OpensAPullRequestOnce()
    {
        Fake.AddRevertBranch(Story.Bad);
        var forge = Forge();

        var link = Done(await forge.ExplainRollbackAsync(Rollback(), Now)).Link;
        Done(await forge.ExplainRollbackAsync(Rollback(), Now));

        var pull = Assert.Single(Fake.Pulls);
        Assert.Equal((Branch, "main", "Revert 9f8e7d6 to 1a2b3c4: the check 'web answers' kept failing (web1)"), (pull.Branch, pull.Base, pull.Title));
        Assert.True(RollbackPullRequestText.HasSection(pull.Body, new HostName("web1")));
        Assert.Contains(pull.Number.ToString(CultureInfo.InvariantCulture), link!.AbsoluteUri, StringComparison.Ordinal);
        Assert.Equal(1, Fake.Requests.Count(r => r.IsChange));
    }

    [Fact]
    public async Task ExplainRollback_AddsASectionForEachHost()
    {
        Fake.AddRevertBranch(Story.Bad);

        Done(await Forge("web1").ExplainRollbackAsync(Rollback("web1"), Now));
        Done(await Forge("web2").ExplainRollbackAsync(Rollback("web2"), Now));

        var body = Assert.Single(Fake.Pulls).Body;
        Assert.True(RollbackPullRequestText.HasSection(body, new HostName("web1")));
        Assert.True(RollbackPullRequestText.HasSection(body, new HostName("web2")));
    }

    [Fact]
    public async Task ExplainRollback_WritesAgainWhatAnotherHostWroteOver()
    {
        Fake.AddRevertBranch(Story.Bad);
        Done(await Forge("web1").ExplainRollbackAsync(Rollback("web1"), Now));
        var before = Fake.Pulls[0].Body;
        var overwritten = 0;
        Fake.BreaksAfter = request =>
        {
            if (request.IsChange && overwritten++ == 0)
            {
                Fake.Pulls[0].Body = before; // what a host that had read the older text writes back
            }

            return false;
        };

        Done(await Forge("web2").ExplainRollbackAsync(Rollback("web2"), Now));

        Assert.Equal(2, overwritten);
        Assert.True(RollbackPullRequestText.HasSection(Fake.Pulls[0].Body, new HostName("web2")));
    }

    [Fact]
    public async Task ExplainRollback_TakesThePullRequestOfAHostThatWasFaster()
    {
        Fake.AddRevertBranch(Story.Bad);
        Fake.Before = request =>
        {
            if (request.Method == "POST")
            {
                Fake.Before = null;
                Fake.Pulls.Add(new FakePull(5, Branch, "main", "theirs") { Body = "by web2" });
            }

            return null;
        };

        Done(await Forge().ExplainRollbackAsync(Rollback(), Now));

        Assert.True(RollbackPullRequestText.HasSection(Assert.Single(Fake.Pulls).Body, new HostName("web1")));
    }

    [Fact]
    public async Task ExplainRollback_WaitsForTheBranch()
    {
        var later = Later(await Forge().ExplainRollbackAsync(Rollback(), Now));

        Assert.Contains("allow the host to push", later.Detail, StringComparison.Ordinal);
        Assert.Empty(Fake.Pulls);
    }

    [Fact]
    public async Task ExplainRollback_LeavesSomebodyElsesCommitsAlone()
    {
        Fake.Branches[Branch] = new FakeTip(new string('d', 40), [new string('c', 40)], "ann: mend it\n");
        Assert.Contains("somebody else", Done(await Forge().ExplainRollbackAsync(Rollback(), Now)).Remark, StringComparison.Ordinal);
        Assert.Empty(Fake.Pulls);

        Fake.Pulls.Add(new FakePull(5, Branch, "main", "x") { Body = "mine" });
        Assert.Contains("somebody else", Done(await Forge().ExplainRollbackAsync(Rollback(), Now)).Remark, StringComparison.Ordinal);
        Assert.Equal("mine", Fake.Pulls[0].Body);
    }

    [Fact]
    public async Task ExplainRollback_NeverOpensAgainWhatAPersonClosed()
    {
        Fake.AddRevertBranch(Story.Bad);
        var forge = Forge();
        Done(await forge.ExplainRollbackAsync(Rollback(), Now));
        Fake.Pulls[0].State = "closed";

        Assert.Contains("a person closed", Done(await forge.ExplainRollbackAsync(Rollback(), Now)).Remark, StringComparison.Ordinal);
        Assert.Contains("a person closed", Done(await Forge("web2").ExplainRollbackAsync(Rollback("web2"), Now)).Remark, StringComparison.Ordinal);

        Assert.Equal("closed", Assert.Single(Fake.Pulls).State);
        Assert.Contains("stays closed", Assert.Single(Fake.Pulls[0].Comments).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExplainRollback_LeavesWhatIsMergedAsItIs()
    {
        Fake.Pulls.Add(new FakePull(5, Branch, "main", "x") { Body = "old", State = "merged" });

        Assert.Contains("merged", Done(await Forge().ExplainRollbackAsync(Rollback(), Now)).Remark, StringComparison.Ordinal);

        Assert.Equal("old", Fake.Pulls[0].Body);
    }

    [Fact]
    public async Task ExplainRollback_PrefersTheOpenOneOfSeveral()
    {
        Fake.AddRevertBranch(Story.Bad);
        Fake.Pulls.Add(new FakePull(5, Branch, "main", "x") { Body = "old", State = "closed" });
        Fake.Pulls.Add(new FakePull(6, Branch, "main", "x") { Body = "new" });
        Fake.Pulls.Add(new FakePull(7, Branch, "main", "x") { Body = "a fork's", IsFromFork = true });

        Done(await Forge().ExplainRollbackAsync(Rollback(), Now));

        Assert.Equal([false, true, false], Fake.Pulls.Select(p => RollbackPullRequestText.HasSection(p.Body, new HostName("web1"))));
    }

    [Fact]
    public async Task ExplainRollback_HasNothingToTakeBackWithoutACommit()
    {
        Assert.NotNull(Done(await Forge().ExplainRollbackAsync(Rollback() with { Restored = null }, Now)).Remark);
        Assert.Empty(Fake.Requests);
    }

    [Fact]
    public async Task CloseRollback_SaysWhyAndClosesOnce()
    {
        Fake.AddRevertBranch(Story.Bad);
        var forge = Forge();
        Done(await forge.ExplainRollbackAsync(Rollback(), Now));

        Done(await forge.CloseRollbackAsync(Story.Bad, Story.Good, Now));
        Done(await Forge("web2").CloseRollbackAsync(Story.Bad, Story.Good, Now));
        Assert.Contains("newer commit worked", Done(await forge.ExplainRollbackAsync(Rollback(), Now)).Remark, StringComparison.Ordinal);

        Assert.Equal("closed", Fake.Pulls[0].State);
        Assert.Contains("1a2b3c4", Assert.Single(Fake.Pulls[0].Comments).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CloseRollback_LeavesSomebodyElsesWorkOpen()
    {
        Fake.Branches[Branch] = new FakeTip(new string('d', 40), [new string('c', 40)], "ann: mend it\n");
        Fake.Pulls.Add(new FakePull(5, Branch, "main", "x") { Body = "mine" });

        Done(await Forge().CloseRollbackAsync(Story.Bad, Story.Good, Now));

        Assert.Equal("open", Fake.Pulls[0].State);
    }

    [Fact]
    public async Task CloseRollback_WithoutOneDoesNothing()
    {
        Assert.NotNull(Done(await Forge().CloseRollbackAsync(Story.Bad, Story.Good, Now)).Remark);
        Assert.DoesNotContain(Fake.Requests, r => r.IsChange);
    }

    [Fact]
    public async Task CommentPlan_KeepsOneCommentAHost()
    {
        Fake.Pulls.Add(new FakePull(7, "topic", "main", "x") { Body = "" });
        Fake.Pulls[0].Comments.AddRange(Enumerable.Range(1, 130).Select(i => new FakeComment(10_000 + i, "ann") { Body = i == 1 ? PlanCommentText.Marker(new HostName("web1")) + " mine" : $"word {i}" }));
        var forge = Forge();

        Done(await forge.CommentPlanAsync(Plan(["nginx.service"]), Now));
        Done(await forge.CommentPlanAsync(Plan(["nginx.service"]), Now));
        Done(await forge.CommentPlanAsync(Plan(["php.service"]), Now));
        Done(await Forge("web2").CommentPlanAsync(Plan(["php.service"]), Now));

        var own = Fake.Pulls[0].Comments.FindAll(c => c.Author == FakeForge.Me);
        Assert.Equal(2, own.Count);
        Assert.Contains("php restarts", own[0].Body, StringComparison.Ordinal);
        Assert.Equal(PlanCommentText.Marker(new HostName("web1")) + " mine", Fake.Pulls[0].Comments[0].Body);
        Assert.Equal(3, Fake.Requests.Count(r => r.IsChange));
    }

    [Fact]
    public async Task CommentPlan_WhereThePullRequestIsGone_SaysSo() =>
        Assert.IsType<ForgeAnswer.Later>(await Forge().CommentPlanAsync(Plan([]), Now));

    [Fact]
    public async Task OpenPullRequests_TellsForksAndItsOwnApart()
    {
        Fake.Pulls.Add(new FakePull(1, Branch, "main", "x") { Body = "" });
        Fake.Pulls.Add(new FakePull(2, Branch, "main", "x") { Body = "", IsFromFork = true });
        Fake.Pulls.Add(new FakePull(3, "topic", "main", "x") { Body = "" });
        Fake.Pulls.Add(new FakePull(4, "topic", "release", "x") { Body = "" });
        Fake.Pulls.Add(new FakePull(5, "done", "main", "x") { Body = "", State = "merged" });
        Fake.Pulls.Add(new FakePull(6, "bad", "main", "x") { Body = "", Sha = "" });

        var open = Assert.IsType<PullRequestsAnswer.Open>(await Forge().OpenPullRequestsAsync(Now)).PullRequests;

        Assert.Equal([(3, false, false), (2, true, false), (1, false, true)], open.Select(p => ((int)p.Number, p.IsFromFork, p.IsOurs)));
        Assert.All(open, p => Assert.Matches($"^refs/(pull|merge-requests)/{p.Number}/head$", p.HeadReference));
    }

    [Fact]
    public async Task OpenPullRequests_AreAtMostAHundredTheLatestFirst()
    {
        Fake.Pulls.AddRange(Enumerable.Range(1, 130).Select(i => new FakePull(i, $"topic-{i}", "main", "x") { Body = "" }));

        var open = Assert.IsType<PullRequestsAnswer.Open>(await Forge().OpenPullRequestsAsync(Now)).PullRequests;

        Assert.Equal(Enumerable.Range(31, 100).Reverse().Select(i => (long)i), open.Select(p => p.Number));
    }

    [Fact]
    public async Task Examine_FindsEverythingWell()
    {
        var findings = await Forge().ExamineAsync(Now);

        Assert.Equal(3, findings.Length);
        Assert.All(findings, finding => Assert.True(finding.IsWell && finding.Cure.Length == 0, finding.ToString()));
    }

    [Fact]
    public async Task Examine_SaysWhatIsMissing()
    {
        Fake.Before = request => request.Path.Contains("hosts", StringComparison.Ordinal) ? new FakeAnswer(200) { Raw = "{\"archived\":true}" } : null;

        var findings = await Forge().ExamineAsync(Now);

        Assert.Equal(2, findings.Count(finding => finding is { IsWell: false, Cure.Length: > 0 }));
    }

    /// <summary>The rule of the port: a call that broke off anywhere and is made again ends the same.</summary>
    [Fact]
    public async Task EveryCall_MadeAgainAfterACrashEndsTheSame()
    {
        var smooth = await LiveAsync(NewFake, breakAt: -1, beforeIt: false);

        for (var i = 0; i < smooth.Requests; i++)
        {
            Assert.Equal(smooth.Seen, (await LiveAsync(NewFake, i, beforeIt: true)).Seen);
            Assert.Equal(smooth.Seen, (await LiveAsync(NewFake, i, beforeIt: false)).Seen);
        }
    }

    private protected abstract FakeForge NewFake();

    // One life of a host at the forge; the request of this number breaks, before or after it did its work, and the call is made again.
    private async Task<(string Seen, int Requests)> LiveAsync(Func<FakeForge> make, int breakAt, bool beforeIt)
    {
        await using var fake = make();
        await fake.StartAsync();
        fake.AddRevertBranch(Story.Bad);
        fake.Pulls.Add(new FakePull(7, "topic", "main", "a topic") { Body = "" });
        var count = 0;
        fake.Before = _ => count++ == breakAt && beforeIt ? new FakeAnswer(503) : null;
        fake.BreaksAfter = _ => count - 1 == breakAt && !beforeIt;
        var forge = Make(new HostName("web1"), fake.Api);
        _made.Add((IDisposable)forge);
        ImmutableArray<Func<Task<ForgeAnswer>>> life =
        [
            () => forge.CommentPlanAsync(Plan(["nginx.service"]), Now),
            () => forge.SetStatusAsync(Status(CommitState.Pending, "building"), Now),
            () => forge.SetDeploymentAsync(Progress(DeploymentState.InProgress), Now),
            () => forge.SetStatusAsync(Status(CommitState.Failure, "rolled back"), Now),
            () => forge.SetDeploymentAsync(Progress(DeploymentState.Failure), Now),
            () => forge.ExplainRollbackAsync(Rollback(), Now),
            () => forge.CommentPlanAsync(Plan(["php.service"]), Now),
            () => forge.CloseRollbackAsync(Story.Bad, Story.Good, Now),
        ];
        foreach (var call in life)
        {
            while (await call() is ForgeAnswer.Later)
            {
                Clock.Advance(TimeSpan.FromHours(1));
            }
        }

        return (fake.Seen(), count);
    }

    private protected static ForgeMessage.CommitStatus Status(CommitState state, string description) =>
        new(Story.Bad, StatusKind.Deployment, state, description, null);

    private protected static ForgeMessage.DeploymentProgress Progress(DeploymentState state) => new(new DeploymentId(17), Story.Bad, state, "on its way");

    private protected static ForgeAnswer.Done Done(ForgeAnswer answer) => Assert.IsType<ForgeAnswer.Done>(answer);

    private protected static ForgeAnswer.Later Later(ForgeAnswer answer) => Assert.IsType<ForgeAnswer.Later>(answer);

    private static ForgeMessage.PlanReported Plan(ImmutableArray<string> restart) => new(
        7,
        Story.Bad,
        new PlanReport.Ready(new SystemPlan { Restart = restart }, new Toplevel("/nix/store/b"), new Toplevel("/nix/store/a"), [], TimeSpan.FromSeconds(3)));

    private static DeploymentStory Rollback(string host = "web1") =>
        Story.RolledBack(new Failure.Unhealthy([Story.Probe("web answers", false, "502")]), host: host);

    private static FakeAnswer Message(int status, string message) => new(status, new System.Text.Json.Nodes.JsonObject { ["message"] = message });
}
