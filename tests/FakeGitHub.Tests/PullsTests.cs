using System.Text.Json.Nodes;
using Xunit;

namespace FakeGitHub.Tests;

public sealed class PullsTests
{
    private const string Pulls = "/repos/acme/infra/pulls";

    [Fact]
    public async Task Create_OfOneThatIsOpenIsRefusedInGitHubsWords()
    {
        await using var hub = await Hub.StartAsync();
        hub.Branch("topic");
        await hub.Api.PostAsync(Pulls, Wanted("topic"));

        var refused = await hub.Api.PostAsync(Pulls, Wanted("topic"));

        Assert.Equal(422, refused.Status);
        Assert.Equal("Validation Failed", refused["message"]);
        Assert.Equal("A pull request already exists for acme:topic.", refused.Error);
        Assert.Equal("custom", refused.Json["errors"]![0]!["code"]!.ToString());
    }

    [Fact]
    public async Task Create_WithNothingNewIsRefused()
    {
        await using var hub = await Hub.StartAsync();
        await hub.Api.PostAsync("/repos/acme/infra/git/refs", new JsonObject { ["ref"] = "refs/heads/same", ["sha"] = hub.First });

        Assert.Equal("No commits between main and same", (await hub.Api.PostAsync(Pulls, Wanted("same"))).Error);
        var missing = await hub.Api.PostAsync(Pulls, Wanted("nowhere"));
        Assert.Equal(("head", "invalid"), (missing.Json["errors"]![0]!["field"]!.ToString(), missing.Json["errors"]![0]!["code"]!.ToString()));
    }

    [Fact]
    public async Task List_FindsByHeadAndState()
    {
        await using var hub = await Hub.StartAsync();
        hub.Branch("one");
        hub.Branch("two", "hosts/two.nix");
        await hub.Api.PostAsync(Pulls, Wanted("one"));
        await hub.Api.PostAsync(Pulls, Wanted("two"));
        await hub.Api.PatchAsync($"{Pulls}/1", new JsonObject { ["state"] = "closed" });

        Assert.Equal([1], Numbers(await hub.Api.GetAsync($"{Pulls}?head=acme:one&state=all")));
        Assert.Empty(Numbers(await hub.Api.GetAsync($"{Pulls}?head=acme:one")));
        Assert.Equal([2], Numbers(await hub.Api.GetAsync(Pulls)));
        Assert.Equal([1], Numbers(await hub.Api.GetAsync($"{Pulls}?state=closed")));
        Assert.Empty(Numbers(await hub.Api.GetAsync($"{Pulls}?head=other:two")));
    }

    [Fact]
    public async Task Merge_ChecksTheHeadAndConflicts()
    {
        await using var hub = await Hub.StartAsync();
        var head = hub.Branch("topic", "flake.nix", "one\n");
        hub.Branch("main", "flake.nix", "two\n");
        await hub.Api.PostAsync(Pulls, Wanted("topic"));

        Assert.Equal(409, (await hub.Api.PutAsync($"{Pulls}/1/merge", new JsonObject { ["sha"] = hub.First })).Status);
        Assert.Equal(405, (await hub.Api.PutAsync($"{Pulls}/1/merge", new JsonObject { ["sha"] = head })).Status);
        Assert.Equal("dirty", (await hub.Api.GetAsync($"{Pulls}/1"))["mergeable_state"]);
    }

    [Theory]
    [InlineData("merge", 2, "Merge pull request #1 from acme/topic\n\ntopic")]
    [InlineData("squash", 1, "topic (#1)")]
    [InlineData("rebase", 1, "Add hosts/db.nix")]
    public async Task Merge_MakesTheCommitOfItsMethod(string method, int parents, string message)
    {
        await using var hub = await Hub.StartAsync();
        hub.Branch("topic");
        hub.Branch("main", "hosts/other.nix");
        await hub.Api.PostAsync(Pulls, Wanted("topic"));

        var merged = await hub.Api.PutAsync($"{Pulls}/1/merge", new JsonObject { ["merge_method"] = method });
        var commit = await hub.Api.GetAsync($"/repos/acme/infra/git/commits/{merged["sha"]}");

        Assert.Equal(parents, commit.Json["parents"]!.AsArray().Count);
        Assert.Equal(message, commit["message"]);
        Assert.Equal(merged["sha"], (await hub.Api.GetAsync("/repos/acme/infra/git/ref/heads/main")).Json["object"]!["sha"]!.ToString());
    }

    [Fact]
    public async Task Reopen_NeedsTheBranch()
    {
        await using var hub = await Hub.StartAsync();
        hub.Branch("topic");
        await hub.Api.PostAsync(Pulls, Wanted("topic"));
        await hub.Api.PatchAsync($"{Pulls}/1", new JsonObject { ["state"] = "closed" });

        Assert.Equal("open", (await hub.Api.PatchAsync($"{Pulls}/1", new JsonObject { ["state"] = "open" }))["state"]);
        await hub.Api.DeleteAsync("/repos/acme/infra/git/refs/heads/topic");
        Assert.False(Assert.Single(hub.Infra.PullRequests).Open);
        Assert.Equal(422, (await hub.Api.PatchAsync($"{Pulls}/1", new JsonObject { ["state"] = "open" })).Status);
    }

    [Fact]
    public async Task FilesAndCommits_AreThoseOfTheBranch()
    {
        await using var hub = await Hub.StartAsync();
        var head = hub.Branch("topic", "hosts/web.nix", "{ changed }\n");
        await hub.Api.PostAsync(Pulls, Wanted("topic"));

        var file = Assert.Single((await hub.Api.GetAsync($"{Pulls}/1/files")).Json.AsArray())!;
        Assert.Equal(("hosts/web.nix", "modified", "1", "1"), (file["filename"]!.ToString(), file["status"]!.ToString(), file["additions"]!.ToString(), file["deletions"]!.ToString()));
        Assert.Contains("+{ changed }", file["patch"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal(head, Assert.Single((await hub.Api.GetAsync($"{Pulls}/1/commits")).Json.AsArray())!["sha"]!.ToString());
        Assert.Equal([1], Numbers(await hub.Api.GetAsync($"/repos/acme/infra/commits/{head}/pulls")));
        Assert.Equal("ahead", (await hub.Api.GetAsync("/repos/acme/infra/compare/main...topic"))["status"]);
    }

    [Fact]
    public async Task Comment_Of65536CharactersIsTakenAndOneMoreRefused()
    {
        await using var hub = await Hub.StartAsync();
        hub.Branch("topic");
        await hub.Api.PostAsync(Pulls, Wanted("topic"));

        Assert.Equal(201, (await hub.Api.PostAsync("/repos/acme/infra/issues/1/comments", new JsonObject { ["body"] = new string('x', 65_536) })).Status);
        var refused = await hub.Api.PostAsync("/repos/acme/infra/issues/1/comments", new JsonObject { ["body"] = new string('x', 65_537) });
        Assert.Equal((422, "Body is too long (maximum is 65536 characters)"), (refused.Status, refused.Error));
    }

    private static IEnumerable<int> Numbers(Reply reply) => reply.Json.AsArray().Select(x => x!["number"]!.GetValue<int>());

    private static JsonObject Wanted(string head) => new() { ["title"] = head, ["head"] = head, ["base"] = "main" };
}
