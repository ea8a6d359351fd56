using Octokit;
using Xunit;

namespace FakeGitHub.Tests;

/// <summary>A real client believes what the fake says, by the address of an Enterprise Server.</summary>
public sealed class OctokitTests
{
    [Fact]
    public async Task CommitStatus_IsPostedAndCombined()
    {
        await using var hub = await Hub.StartAsync();
        var client = Client(hub);

        var made = await client.Repository.Status.Create("acme", "infra", hub.First, new NewCommitStatus { State = CommitState.Success, Context = "host/web", Description = "Runs." });
        var combined = await client.Repository.Status.GetCombined("acme", "infra", "main");

        Assert.Equal("octocat", made.Creator.Login);
        Assert.Equal(CommitState.Success, combined.State.Value);
        Assert.Equal("host/web", Assert.Single(combined.Statuses).Context);
    }

    [Fact]
    public async Task PullRequest_IsOpenedCommentedLabelledAndMerged()
    {
        await using var hub = await Hub.StartAsync();
        var client = Client(hub);
        var head = hub.Branch("topic");

        var pull = await client.PullRequest.Create("acme", "infra", new NewPullRequest("Add db", "topic", "main") { Body = "Please." });
        var comment = await client.Issue.Comment.Create("acme", "infra", pull.Number, "Builds.");
        await client.Issue.Comment.Update("acme", "infra", comment.Id, "Builds well.");
        await client.Issue.Labels.AddToIssue("acme", "infra", pull.Number, ["ready"]);
        var seen = await client.PullRequest.Get("acme", "infra", pull.Number);
        var merged = await client.PullRequest.Merge("acme", "infra", pull.Number, new MergePullRequest { Sha = head });

        hub.MayViolate = true;
        Assert.All(hub.Server.Violations, x => Assert.EndsWith("/labels", x.Path, StringComparison.Ordinal)); // this client sends them the older way
        Assert.True(seen.Mergeable);
        Assert.Equal("ready", Assert.Single(seen.Labels).Name);
        Assert.True(merged.Merged);
        Assert.Equal("Builds well.", Assert.Single(hub.Infra.CommentsOf(pull.Number)).Body);
        Assert.True(Assert.Single(hub.Infra.PullRequests).Merged);
        var main = await client.Repository.Commit.Get("acme", "infra", "main");
        Assert.Equal([hub.First, head], main.Parents.Select(x => x.Sha));
    }

    [Fact]
    public async Task Deployment_SuccessRetiresTheOlderOne()
    {
        await using var hub = await Hub.StartAsync();
        var deployments = Client(hub).Repository.Deployment;
        var wanted = new NewDeployment("main") { Environment = "web", AutoMerge = false, RequiredContexts = [] };

        var first = await deployments.Create("acme", "infra", wanted);
        await deployments.Status.Create("acme", "infra", first.Id, new NewDeploymentStatus(DeploymentState.Success) { LogUrl = "https://logs.example/1" });
        var second = await deployments.Create("acme", "infra", wanted);
        await deployments.Status.Create("acme", "infra", second.Id, new NewDeploymentStatus(DeploymentState.Success));

        var states = await deployments.Status.GetAll("acme", "infra", first.Id);
        Assert.Equal([DeploymentState.Inactive, DeploymentState.Success], states.Select(x => x.State.Value));
        Assert.Equal("https://logs.example/1", states[1].LogUrl);
        Assert.Equal("success", Assert.Single(hub.Infra.StatusesOfDeployment(second.Id)).State);
    }

    [Fact]
    public async Task GitDatabase_MakesARealCommitOnANewBranch()
    {
        await using var hub = await Hub.StartAsync();
        var git = Client(hub).Git;

        var parent = await git.Commit.Get("acme", "infra", hub.First);
        var blob = await git.Blob.Create("acme", "infra", new NewBlob { Content = "aGk=", Encoding = EncodingType.Base64 });
        var tree = new NewTree { BaseTree = parent.Tree.Sha };
        tree.Tree.Add(new NewTreeItem { Path = "hosts/db.nix", Mode = "100644", Type = TreeType.Blob, Sha = blob.Sha });
        var made = await git.Tree.Create("acme", "infra", tree);
        var commit = await git.Commit.Create("acme", "infra", new NewCommit("Add db", made.Sha, hub.First));
        await git.Reference.Create("acme", "infra", new NewReference("refs/heads/topic", commit.Sha));

        var content = await Client(hub).Repository.Content.GetAllContentsByRef("acme", "infra", "hosts/db.nix", "topic");
        Assert.Equal("hi", Assert.Single(content).Content);
        Assert.Equal(["flake.nix", "hosts"], (await git.Tree.Get("acme", "infra", commit.Sha)).Tree.Select(x => x.Path));
    }

    [Fact]
    public async Task PullRequests_ArePagedToTheEnd()
    {
        await using var hub = await Hub.StartAsync();
        for (var i = 0; i < 5; i++)
        {
            hub.Branch($"topic{i}", $"f{i}");
            await hub.Api.PostAsync("/repos/acme/infra/pulls", new System.Text.Json.Nodes.JsonObject { ["title"] = $"{i}", ["head"] = $"topic{i}", ["base"] = "main" });
        }

        var all = await Client(hub).PullRequest.GetAllForRepository("acme", "infra", new ApiOptions { PageSize = 2 });

        Assert.Equal(["4", "3", "2", "1", "0"], all.Select(x => x.Title));
    }

    [Fact]
    public async Task RepositoryHooksAndBranches_AreRead()
    {
        await using var hub = await Hub.StartAsync(firstId: 1001); // this client reads the ids of hooks into 32 bits
        var client = Client(hub);

        var hook = await client.Repository.Hooks.Create("acme", "infra", new NewRepositoryHook("web", new Dictionary<string, string> { ["url"] = "http://127.0.0.1:9/hook", ["content_type"] = "json" }));
        await hub.Server.Webhooks.IdleAsync();

        Assert.Equal(["push"], hook.Events);
        Assert.Equal("main", (await client.Repository.Get("acme", "infra")).DefaultBranch);
        Assert.Equal(hub.First, Assert.Single(await client.Repository.Branch.GetAll("acme", "infra")).Commit.Sha);
        Assert.Equal("ping", Assert.Single(hub.Infra.Deliveries.All).Event);
    }

    private static GitHubClient Client(Hub hub) =>
        new(new ProductHeaderValue("tests"), new Uri(hub.Server.Address)) { Credentials = new Octokit.Credentials(Hub.Token) };
}
