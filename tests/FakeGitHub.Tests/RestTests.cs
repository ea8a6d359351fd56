using System.Text.Json.Nodes;
using Xunit;

namespace FakeGitHub.Tests;

/// <summary>What all answers have in common.</summary>
public sealed class RestTests
{
    [Fact]
    public async Task Pages_AreFollowedByLinksOfTheRepositorysId()
    {
        await using var hub = await Hub.StartAsync();
        for (var i = 0; i < 5; i++)
        {
            await hub.Api.PostAsync("/repos/acme/infra/labels", new JsonObject { ["name"] = $"l{i}" });
        }

        var (names, page) = (new List<string>(), await hub.Api.GetAsync("/repos/acme/infra/labels?per_page=2"));
        Assert.Contains($"/repositories/{hub.Infra.Id}/labels?per_page=2&page=2", page.Next, StringComparison.Ordinal);
        for (; ; page = await hub.Api.GetAsync(page.Next))
        {
            names.AddRange(page.Json.AsArray().Select(x => x!["name"]!.ToString()));
            if (page.Next is null)
            {
                break;
            }
        }

        Assert.Equal(["l0", "l1", "l2", "l3", "l4"], names);
    }

    [Fact]
    public async Task UnchangedAnswer_IsA304AndFree()
    {
        await using var hub = await Hub.StartAsync();
        var first = await hub.Api.GetAsync("/repos/acme/infra/branches");

        var same = await hub.Api.GetAsync("/repos/acme/infra/branches", first.Headers["ETag"]);
        Assert.Equal((304, ""), (same.Status, same.Text));
        Assert.Equal(first.Headers["x-ratelimit-remaining"], same.Headers["x-ratelimit-remaining"]);

        hub.Branch("topic");
        var changed = await hub.Api.GetAsync("/repos/acme/infra/branches", first.Headers["ETag"]);
        Assert.Equal(200, changed.Status);
        Assert.NotEqual(first.Headers["x-ratelimit-remaining"], changed.Headers["x-ratelimit-remaining"]);
    }

    [Fact]
    public async Task RateLimit_EndsAndComesBack()
    {
        await using var hub = await Hub.StartAsync(requestsPerHour: 2);
        await hub.Api.GetAsync("/repos/acme/infra");
        await hub.Api.GetAsync("/repos/acme/infra");

        var refused = await hub.Api.GetAsync("/repos/acme/infra");
        Assert.Equal((403, "0"), (refused.Status, refused.Headers["x-ratelimit-remaining"]));
        Assert.Equal(hub.Clock.GetUtcNow().AddHours(1).ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture), refused.Headers["x-ratelimit-reset"]);
        Assert.Equal("2", (await hub.Api.GetAsync("/rate_limit")).Json["rate"]!["used"]!.ToString());

        hub.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(200, (await hub.Api.GetAsync("/repos/acme/infra")).Status);
    }

    [Fact]
    public async Task SecondaryLimit_StopsTheEightyFirstWriteOfAMinute()
    {
        await using var hub = await Hub.StartAsync(secondaryLimits: true);
        var path = $"/repos/acme/infra/statuses/{hub.First}";
        for (var i = 0; i < 80; i++)
        {
            Assert.Equal(201, (await hub.Api.PostAsync(path, new JsonObject { ["state"] = "pending" })).Status);
        }

        var refused = await hub.Api.PostAsync(path, new JsonObject { ["state"] = "pending" });
        Assert.Equal((403, "60"), (refused.Status, refused.Headers["Retry-After"]));
        hub.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(201, (await hub.Api.PostAsync(path, new JsonObject { ["state"] = "pending" })).Status);
    }

    [Fact]
    public async Task Tokens_AreCheckedAndNeverLogged()
    {
        await using var hub = await Hub.StartAsync();
        hub.Server.AddToken("ghp_reader", "reader", push: false);
        hub.Server.AddToken("github_pat_fine", "fine", permissions: new Dictionary<string, string> { ["statuses"] = "read", ["contents"] = "read" });
        var status = new JsonObject { ["state"] = "success" };

        Assert.Equal(401, (await hub.As("Bearer nonsense").GetAsync("/user")).Status);
        Assert.Equal(404, (await hub.As(null).GetAsync("/repos/acme/infra")).Status);
        Assert.Equal(404, (await hub.As("token ghp_reader").PostAsync($"/repos/acme/infra/statuses/{hub.First}", status)).Status);
        var fine = await hub.As("Bearer github_pat_fine").PostAsync($"/repos/acme/infra/statuses/{hub.First}", status);
        Assert.Equal((403, "statuses=write"), (fine.Status, fine.Headers["X-Accepted-GitHub-Permissions"]));
        Assert.Equal("octocat", (await hub.Api.GetAsync("/user"))["login"]);
        Assert.Equal(["bad", "none", "token", "token", "token"], hub.Server.Requests.Select(x => x.Auth));
        Assert.DoesNotContain("ghp_", (await hub.Api.GetAsync("/_fake/state")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RenamedRepository_SendsOn()
    {
        await using var hub = await Hub.StartAsync();
        hub.Server.World.Rename(hub.Infra, "platform");

        var read = await hub.Api.GetAsync("/repos/acme/infra/branches?per_page=5");
        var write = await hub.Api.PostAsync($"/repos/acme/infra/statuses/{hub.First}", new JsonObject { ["state"] = "success" });

        Assert.Equal((301, 307), (read.Status, write.Status));
        Assert.Equal($"{hub.Server.Address}/repositories/{hub.Infra.Id}/branches?per_page=5", read.Headers["Location"]);
        Assert.Equal(200, (await hub.Api.GetAsync(read.Headers["Location"])).Status);
        Assert.Equal(201, (await hub.Api.PostAsync(write.Headers["Location"], new JsonObject { ["state"] = "success" })).Status);
    }

    [Fact]
    public async Task GitDatabase_RefusesInGitHubsWords()
    {
        await using var hub = await Hub.StartAsync();
        var head = hub.Branch("topic");
        const string Refs = "/repos/acme/infra/git/refs";

        Assert.Equal("Reference already exists", (await hub.Api.PostAsync(Refs, new JsonObject { ["ref"] = "refs/heads/topic", ["sha"] = head }))["message"]);
        Assert.Equal("Object does not exist", (await hub.Api.PostAsync(Refs, new JsonObject { ["ref"] = "refs/heads/x", ["sha"] = new string('b', 40) }))["message"]);
        Assert.Equal("Update is not a fast forward", (await hub.Api.PatchAsync($"{Refs}/heads/topic", new JsonObject { ["sha"] = hub.First }))["message"]);
        Assert.Equal(200, (await hub.Api.PatchAsync($"{Refs}/heads/topic", new JsonObject { ["sha"] = hub.First, ["force"] = true })).Status);
        Assert.Equal("Reference does not exist", (await hub.Api.DeleteAsync($"{Refs}/heads/nowhere"))["message"]);
        Assert.Equal(404, (await hub.Api.GetAsync("/repos/acme/infra/git/ref/heads/top")).Status);
        Assert.Single((await hub.Api.GetAsync("/repos/acme/infra/git/matching-refs/heads/top")).Json.AsArray());
    }

    [Fact]
    public async Task Contents_AreWrittenAndRead()
    {
        await using var hub = await Hub.StartAsync();
        const string Path = "/repos/acme/infra/contents/hosts/db.nix";
        var body = new JsonObject { ["message"] = "Add db", ["content"] = "aGk=", ["branch"] = "main" };

        var made = await hub.Api.PutAsync(Path, body);
        var again = await hub.Api.PutAsync(Path, body);
        body["sha"] = hub.First;
        var wrong = await hub.Api.PutAsync(Path, body);

        Assert.Equal((201, 422, 409), (made.Status, again.Status, wrong.Status));
        Assert.Equal("aGk=\n", (await hub.Api.GetAsync($"{Path}?ref=main"))["content"]);
        Assert.Equal(2, (await hub.Api.GetAsync("/repos/acme/infra/contents/hosts")).Json.AsArray().Count);
        Assert.Equal(404, (await hub.Api.GetAsync($"{Path}x")).Status);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/meta")]
    [InlineData("/rate_limit")]
    [InlineData("/user")]
    [InlineData("/repos/acme/infra")]
    [InlineData("/repos/acme/infra/commits")]
    [InlineData("/repos/acme/infra/commits/main")]
    [InlineData("/repos/acme/infra/branches/main")]
    [InlineData("/repos/acme/infra/git/trees/main?recursive=1")]
    [InlineData("/repos/acme/infra/environments")]
    [InlineData("/repos/acme/infra/hooks")]
    [InlineData("/repos/acme/infra/commits/main/check-runs")]
    public async Task Answer_IsAsGitHubDescribesIt(string path)
    {
        await using var hub = await Hub.StartAsync();

        Assert.Equal(200, (await hub.Api.GetAsync(path)).Status);
        Assert.Equal(200, (await hub.As($"Bearer {Hub.Token}", enterprise: true).GetAsync(path)).Status);
        Assert.Empty(hub.Server.Violations);
    }
}
