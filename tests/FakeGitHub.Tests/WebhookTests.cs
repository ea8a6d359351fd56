using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace FakeGitHub.Tests;

public sealed class WebhookTests
{
    private const string Secret = "It's a Secret to Everybody";

    [Fact]
    public async Task Push_IsDeliveredSigned()
    {
        await using var hub = await Hub.StartAsync();
        await using var listener = await Listener.StartAsync();
        hub.Server.AddHook(hub.Infra, listener.Address, Secret);

        var after = hub.Branch("main");
        await hub.Server.Webhooks.IdleAsync();

        var (headers, body) = Assert.Single(listener.Got);
        Assert.Equal("push", headers["X-GitHub-Event"]);
        Assert.Equal($"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), body))}", headers["X-Hub-Signature-256"]);
        var push = JsonNode.Parse(body)!;
        Assert.Equal(("refs/heads/main", hub.First, after), (push["ref"]!.ToString(), push["before"]!.ToString(), push["after"]!.ToString()));
        Assert.Equal("hosts/db.nix", push["commits"]![0]!["added"]![0]!.ToString());
        Assert.Equal(202, Assert.Single(hub.Infra.Deliveries.All).StatusCode);
    }

    [Fact]
    public async Task Payload_HasTheFieldsOfGitHubs()
    {
        await using var hub = await Hub.StartAsync();
        await using var listener = await Listener.StartAsync();
        hub.Server.AddHook(hub.Infra, listener.Address, Secret);
        hub.Branch("main");
        await hub.Server.Webhooks.IdleAsync();

        var push = JsonNode.Parse(Assert.Single(listener.Got).Body)!.AsObject();

        string[] fields =
        [
            "ref", "before", "after", "repository", "pusher", "sender", "created", "deleted", "forced", "base_ref", "compare", "commits", "head_commit",
        ];
        Assert.Equal(fields.Order(), push.Select(x => x.Key).Order());
        Assert.Equal(["added", "author", "committer", "distinct", "id", "message", "modified", "removed", "timestamp", "tree_id", "url"],
            push["head_commit"]!.AsObject().Select(x => x.Key).Order());
        Assert.IsType<long>(push["repository"]!["pushed_at"]!.GetValue<long>());
    }

    [Fact]
    public async Task PullRequest_TellsItsWholeLife()
    {
        await using var hub = await Hub.StartAsync();
        await using var listener = await Listener.StartAsync();
        hub.Server.AddHook(hub.Infra, listener.Address, null, "pull_request");
        hub.Branch("topic");
        const string Pull = "/repos/acme/infra/pulls";

        await hub.Api.PostAsync(Pull, new JsonObject { ["title"] = "t", ["head"] = "topic", ["base"] = "main" });
        hub.Branch("topic", "hosts/more.nix");
        await hub.Api.PatchAsync($"{Pull}/1", new JsonObject { ["state"] = "closed" });
        await hub.Api.PatchAsync($"{Pull}/1", new JsonObject { ["state"] = "open" });
        await hub.Api.PutAsync($"{Pull}/1/merge");
        await hub.Server.Webhooks.IdleAsync();

        var told = listener.Got.Select(x => JsonNode.Parse(x.Body)!).ToList();
        Assert.Equal(["opened", "synchronize", "closed", "reopened", "closed"], told.Select(x => x["action"]!.ToString()));
        Assert.Equal([false, false, false, false, true], told.Select(x => x["pull_request"]!["merged"]!.GetValue<bool>()));
        Assert.DoesNotContain("X-Hub-Signature-256", listener.Got[0].Headers.Keys);
    }

    [Fact]
    public async Task FailedDelivery_IsNotTriedAgainUntilAsked()
    {
        await using var hub = await Hub.StartAsync();
        await using var listener = await Listener.StartAsync();
        var hook = hub.Server.AddHook(hub.Infra, listener.Address, Secret);
        listener.Answer = 500;
        hub.Branch("main");
        await hub.Server.Webhooks.IdleAsync();
        Assert.Single(listener.Got);

        var deliveries = $"/repos/acme/infra/hooks/{hook.Id}/deliveries";
        var failed = Assert.Single((await hub.Api.GetAsync($"{deliveries}?status=failure")).Json.AsArray())!;
        listener.Answer = 200;
        Assert.Equal(202, (await hub.Api.PostAsync($"{deliveries}/{failed["id"]}/attempts")).Status);
        await hub.Server.Webhooks.IdleAsync();

        Assert.Equal(2, listener.Got.Count);
        Assert.Equal(listener.Got[0].Headers["X-GitHub-Delivery"], listener.Got[1].Headers["X-GitHub-Delivery"]);
        Assert.Equal(listener.Got[0].Body, listener.Got[1].Body);
        Assert.True((await hub.Api.GetAsync(deliveries)).Json[0]!["redelivery"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Held_AreReleasedInTheOrderAskedFor()
    {
        await using var hub = await Hub.StartAsync();
        await using var listener = await Listener.StartAsync();
        hub.Server.AddHook(hub.Infra, listener.Address, Secret);
        hub.Server.Webhooks.Hold();
        var (one, two) = (hub.Branch("main", "one"), hub.Branch("main", "two"));
        await hub.Server.Webhooks.IdleAsync();
        Assert.Empty(listener.Got);

        hub.Server.Webhooks.Release(x => x.Reverse());
        await hub.Server.Webhooks.IdleAsync();

        Assert.Equal([two, one], listener.Got.Select(x => JsonNode.Parse(x.Body)!["after"]!.ToString()));
    }

    [Fact]
    public async Task Unreachable_IsWrittenDown()
    {
        await using var hub = await Hub.StartAsync();
        var listener = await Listener.StartAsync();
        hub.Server.AddHook(hub.Infra, listener.Address, Secret);
        await listener.DisposeAsync();

        hub.Branch("main");
        await hub.Server.Webhooks.IdleAsync();

        Assert.Equal((502, "failed to connect to host"), hub.Infra.Deliveries.All.Select(x => (x.StatusCode, x.Status)).Single());
    }

    [Fact]
    public async Task Hook_IsMadeByTheApiAndPinged()
    {
        await using var hub = await Hub.StartAsync();
        await using var listener = await Listener.StartAsync();
        var wanted = new JsonObject { ["events"] = new JsonArray("push"), ["config"] = new JsonObject { ["url"] = listener.Address, ["content_type"] = "json", ["secret"] = Secret } };

        var made = await hub.Api.PostAsync("/repos/acme/infra/hooks", wanted);
        var twice = await hub.Api.PostAsync("/repos/acme/infra/hooks", wanted.DeepClone());
        Assert.Equal(204, (await hub.Api.PostAsync($"/repos/acme/infra/hooks/{made["id"]}/pings")).Status);
        await hub.Server.Webhooks.IdleAsync();

        Assert.Equal((201, 422), (made.Status, twice.Status));
        Assert.Equal("********", made.Json["config"]!["secret"]!.ToString());
        Assert.Equal(["ping", "ping"], listener.Got.Select(x => x.Headers["X-GitHub-Event"].ToString()));
        Assert.DoesNotContain(Secret, string.Concat(hub.Server.Requests.Select(x => x.Body?.ToJsonString())), StringComparison.Ordinal);
    }
}
