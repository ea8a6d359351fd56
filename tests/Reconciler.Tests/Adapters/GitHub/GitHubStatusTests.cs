using FakeGitHub.Faults;
using Reconciler.Adapters.GitHub;
using Reconciler.Model;
using Reconciler.Ports;
using Reconciler.Tests.Making;
using Xunit;
using Fault = FakeGitHub.Faults.Fault;

namespace Reconciler.Tests.Adapters.GitHub;

public sealed class GitHubStatusTests : HubTests
{
    [Fact]
    public async Task SetStatus_ShowsBothOfAHost()
    {
        var forge = _hub.Forge();
        Assert.IsType<ForgeAnswer.Done>(await forge.SetStatusAsync(Status(CommitState.Success, "running"), Cancellation));
        Assert.IsType<ForgeAnswer.Done>(await forge.SetStatusAsync(Status(CommitState.Error, "no room", StatusKind.Plan), Cancellation));

        var statuses = _hub.Repository.StatusesOf(_hub.Bad.Sha);
        Assert.Equal(
            [("nixos/web1", "success", "running", "https://web1.example/deployments/17"), ("nixos/web1/plan", "error", "no room", "https://web1.example/")],
            statuses.Select(status => (status.Context, status.State, status.Description!, status.TargetUrl!)));
    }

    [Fact]
    public async Task SetStatus_BearsAComplaintThatIsNoText()
    {
        using var wire = new ScriptedWire(
            ScriptedWire.Answer(System.Net.HttpStatusCode.OK, """{"statuses": []}"""),
            ScriptedWire.Answer(System.Net.HttpStatusCode.UnprocessableEntity, """{"message": "half a \ud800 pair", "errors": ["\udc00"]}"""));

        var refused = Assert.IsType<ForgeAnswer.Refused>(await _hub.Forge(wire: () => wire).SetStatusAsync(Status(), Cancellation));

        Assert.Contains("422", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SetStatus_TwiceIsSetOnce()
    {
        var forge = _hub.Forge();
        await forge.SetStatusAsync(Status(), Cancellation);
        var again = Assert.IsType<ForgeAnswer.Done>(await forge.SetStatusAsync(Status(), Cancellation));

        Assert.Single(_hub.Repository.StatusesOf(_hub.Bad.Sha));
        Assert.Equal("the commit shows it already", again.Remark);
    }

    [Fact]
    public async Task SetStatus_IsSetAgainWhenAnythingDiffers()
    {
        var forge = _hub.Forge();
        await forge.SetStatusAsync(Status(CommitState.Pending, "building"), Cancellation);
        await forge.SetStatusAsync(Status(CommitState.Pending, "on trial"), Cancellation);
        await forge.SetStatusAsync(Status(CommitState.Success, "on trial"), Cancellation);
        await forge.SetStatusAsync(Status(CommitState.Success, "on trial") with { Link = new Uri("https://elsewhere.example/") }, Cancellation);

        Assert.Equal(4, _hub.Repository.StatusesOf(_hub.Bad.Sha).Count);
    }

    [Fact]
    public async Task SetStatus_FindsTheContextInAnyCase()
    {
        _hub.Repository.Statuses.Add(new(_hub.Hub.World.NextId(), _hub.Bad.Sha, "success", "NixOS/Web1", "running", "https://web1.example/deployments/17", _hub.Hub.World.Account("bob"), _hub.Clock.GetUtcNow()));
        await _hub.Forge().SetStatusAsync(Status(CommitState.Success, "running"), Cancellation);

        Assert.Single(_hub.Repository.StatusesOf(_hub.Bad.Sha));
    }

    [Fact]
    public async Task SetStatus_FindsItsOwnAmongThoseOfManyHosts()
    {
        for (var i = 0; i < 130; i++)
        {
            _hub.Repository.Statuses.Add(new(_hub.Hub.World.NextId(), _hub.Bad.Sha, "success", $"nixos/host{i}", "running", null, _hub.Hub.World.Account("bob"), _hub.Clock.GetUtcNow()));
        }

        var forge = _hub.Forge();
        await forge.SetStatusAsync(Status(), Cancellation);
        await forge.SetStatusAsync(Status(), Cancellation);

        Assert.Single(_hub.Repository.StatusesOf(_hub.Bad.Sha), status => status.Context == "nixos/web1");
        Assert.Contains(_hub.Hub.Requests, request => request.Path.Contains("page=2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task SetStatus_CutsADescriptionBetweenCharacters()
    {
        await _hub.Forge().SetStatusAsync(Status(CommitState.Failure, new string('x', 138) + "😀😀😀"), Cancellation);

        var description = Assert.Single(_hub.Repository.StatusesOf(_hub.Bad.Sha)).Description!;
        Assert.InRange(description.Length, 1, 140);
        Assert.EndsWith("x…", description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SetStatus_OnACommitGitHubLacksIsRefused()
    {
        var refused = Assert.IsType<ForgeAnswer.Refused>(
            await _hub.Forge().SetStatusAsync(Status() with { Commit = A.Revision("elsewhere") }, Cancellation));

        Assert.Contains($"has no commit {A.Revision("elsewhere")}", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SetStatus_AfterAThousandIsDoneWithARemark()
    {
        _hub.Hub.Faults.Once(new Fault.Unprocessable("This SHA and context has reached the maximum number of statuses."), "POST");
        var done = Assert.IsType<ForgeAnswer.Done>(await _hub.Forge().SetStatusAsync(Status(), Cancellation));

        Assert.Contains("a thousand statuses", done.Remark, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SetStatus_DroppedAfterItWasSetIsNotSetAgain()
    {
        var forge = _hub.Forge();
        _hub.Hub.Faults.Once(new Fault.DropAfter(), "POST");
        await _hub.AgainAsync(() => forge.SetStatusAsync(Status(), Cancellation));

        Assert.Single(_hub.Repository.StatusesOf(_hub.Bad.Sha));
    }

    [Theory]
    [MemberData(nameof(Troubles))]
    public async Task SetStatus_ThroughTroubleEndsTheSame(string trouble)
    {
        var forge = _hub.Forge();
        _hub.Hub.Faults.Once(Faults[trouble], "GET");
        _hub.Hub.Faults.Once(Faults[trouble], "POST");
        Assert.IsType<ForgeAnswer.Done>(await _hub.AgainAsync(() => forge.SetStatusAsync(Status(), Cancellation)));

        Assert.Single(_hub.Repository.StatusesOf(_hub.Bad.Sha));
    }

    private static readonly Dictionary<string, Fault> Faults = new Fault[]
    {
        new Fault.TooManyRequests(30), new Fault.SecondaryLimit(90), new Fault.PrimaryLimit(TimeSpan.FromMinutes(20)), new Fault.BadGateway(), new Fault.Unavailable(),
        new Fault.DropBefore(), new Fault.DropAfter(), new Fault.HalfAnswer(), new Fault.Slow(TimeSpan.FromSeconds(3)), new Fault.BadCredentials(), new Fault.LoginPage(),
        new Fault.UnknownEnum("state"), new Fault.UnknownEnum("type"),
    }.ToDictionary(fault => fault is Fault.UnknownEnum { Field: var field } ? $"unknown {field}" : fault.Name);

    public static TheoryData<string> Troubles => [.. Faults.Keys];

    [Fact]
    public async Task SetStatus_DuringAPauseSendsNothing()
    {
        var forge = _hub.Forge();
        _hub.Hub.Faults.Once(new Fault.PrimaryLimit(TimeSpan.FromMinutes(20)));
        var first = Assert.IsType<ForgeAnswer.Later>(await forge.SetStatusAsync(Status(), Cancellation));
        var second = Assert.IsType<ForgeAnswer.Later>(await forge.SetStatusAsync(Status(), Cancellation));
        Assert.IsType<PullRequestsAnswer.Failed>(await forge.OpenPullRequestsAsync(Cancellation));

        Assert.Single(_hub.Hub.Requests);
        Assert.Equal(first.NotBefore, second.NotBefore);
        Assert.InRange(first.NotBefore!.Value - _hub.Clock.GetUtcNow(), TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(21));
    }

    [Fact]
    public async Task SetStatus_ThatHangsEndsAtItsTimeLimit()
    {
        _hub.Hub.Faults.Once(new Fault.Hang());
        var setting = _hub.Forge().SetStatusAsync(Status(), Cancellation);
        while (_hub.Hub.Requests.Count == 0)
        {
            await Task.Yield();
        }

        _hub.Clock.Advance(TimeSpan.FromSeconds(21));
        Assert.Contains("did not answer within 20 s", Assert.IsType<ForgeAnswer.Later>(await setting).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SetStatus_EndsWithItsCancellation()
    {
        _hub.Hub.Faults.Once(new Fault.Hang());
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var setting = _hub.Forge().SetStatusAsync(Status(), cancelled.Token);
        while (_hub.Hub.Requests.Count == 0)
        {
            await Task.Yield();
        }

        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => setting);
    }

    [Fact]
    public async Task SetStatus_WithoutPermissionSaysWhichOneIsMissing()
    {
        _hub.Hub.AddToken("github_pat_narrow", "bob", permissions: new Dictionary<string, string> { ["statuses"] = "read", ["contents"] = "read" });
        _hub.WriteToken("github_pat_narrow");
        var later = Assert.IsType<ForgeAnswer.Later>(await _hub.Forge().SetStatusAsync(Status(), Cancellation));

        Assert.Contains("needs the permission statuses", later.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("github_pat_narrow", later.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SetStatus_FollowsARenamedRepository()
    {
        _hub.Hub.World.Rename(_hub.Repository, "machines");
        var forge = _hub.Forge();
        Assert.IsType<ForgeAnswer.Done>(await forge.SetStatusAsync(Status(), Cancellation));
        Assert.IsType<ForgeAnswer.Done>(await forge.SetStatusAsync(Status(), Cancellation));

        Assert.Single(_hub.Repository.StatusesOf(_hub.Bad.Sha));
    }

    [Fact]
    public async Task SetStatus_WorksAtAnEnterpriseServer()
    {
        var forge = _hub.Forge(settings => settings with { ApiBase = new Uri(_hub.Hub.EnterpriseApi) });
        await forge.SetStatusAsync(Status(), Cancellation);

        Assert.Single(_hub.Repository.StatusesOf(_hub.Bad.Sha));
    }

    [Fact]
    public async Task SetStatus_GivesGitHubsOwnWordsForAField()
    {
        _hub.Hub.Faults.Once(new Fault.Unprocessable("Validation Failed: something new"), "POST");
        var refused = Assert.IsType<ForgeAnswer.Refused>(await _hub.Forge().SetStatusAsync(Status(), Cancellation));

        Assert.Contains("something new", refused.Reason, StringComparison.Ordinal);
        Assert.Contains("request ", refused.Reason, StringComparison.Ordinal);
    }

    private ForgeMessage.CommitStatus Status(CommitState state = CommitState.Pending, string description = "on trial", StatusKind kind = StatusKind.Deployment) =>
        new(_hub.Bad, kind, state, description, null);
}
