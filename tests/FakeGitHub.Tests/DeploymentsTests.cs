using System.Text.Json.Nodes;
using Xunit;

namespace FakeGitHub.Tests;

public sealed class DeploymentsTests
{
    private const string Deployments = "/repos/acme/infra/deployments";

    [Fact]
    public async Task RequiredContexts_AreAllThereAreUnlessNamed()
    {
        await using var hub = await Hub.StartAsync();
        await hub.Api.PostAsync($"/repos/acme/infra/statuses/{hub.First}", new JsonObject { ["state"] = "failure", ["context"] = "ci" });

        var refused = await hub.Api.PostAsync(Deployments, new JsonObject { ["ref"] = "main" });
        var taken = await hub.Api.PostAsync(Deployments, new JsonObject { ["ref"] = "main", ["required_contexts"] = new JsonArray() });

        Assert.Equal((409, "Conflict: Commit status checks failed for main."), (refused.Status, refused["message"]));
        Assert.Equal(201, taken.Status);
        Assert.Equal("production", taken["environment"]);
    }

    [Fact]
    public async Task AutoMerge_MergesTheDefaultBranchFirstUnlessToldNotTo()
    {
        await using var hub = await Hub.StartAsync();
        var head = hub.Branch("topic");
        hub.Branch("main", "hosts/new.nix");

        var without = await hub.Api.PostAsync(Deployments, new JsonObject { ["ref"] = "topic", ["auto_merge"] = false });
        var with = await hub.Api.PostAsync(Deployments, new JsonObject { ["ref"] = "topic" });

        Assert.Equal((201, head), (without.Status, without["sha"]));
        Assert.Equal((202, "Auto-merged main into topic on deployment."), (with.Status, with["message"]));
        Assert.Single(hub.Infra.Deployments);
    }

    [Fact]
    public async Task AutoMerge_OfAConflictIsA409()
    {
        await using var hub = await Hub.StartAsync();
        hub.Branch("topic", "flake.nix", "one\n");
        hub.Branch("main", "flake.nix", "two\n");

        Assert.Equal(409, (await hub.Api.PostAsync(Deployments, new JsonObject { ["ref"] = "topic" })).Status);
    }

    [Theory]
    [InlineData(false, false, true, "inactive")]
    [InlineData(true, false, true, "success")]
    [InlineData(false, true, true, "success")]
    [InlineData(false, false, false, "success")]
    public async Task Success_RetiresOlderOnesSaveProductionAndTransient(bool production, bool transient, bool autoInactive, string expected)
    {
        await using var hub = await Hub.StartAsync();
        var wanted = new JsonObject
        {
            ["ref"] = "main",
            ["environment"] = "web",
            ["production_environment"] = production,
            ["transient_environment"] = transient,
        };
        var first = await hub.Api.PostAsync(Deployments, wanted);
        await hub.Api.PostAsync($"{Deployments}/{first["id"]}/statuses", new JsonObject { ["state"] = "success" });
        var second = await hub.Api.PostAsync(Deployments, wanted);
        await hub.Api.PostAsync($"{Deployments}/{second["id"]}/statuses", new JsonObject { ["state"] = "success", ["auto_inactive"] = autoInactive });

        var states = await hub.Api.GetAsync($"{Deployments}/{first["id"]}/statuses");

        Assert.Equal(expected, states.Json[0]!["state"]!.ToString());
        Assert.Equal("web", (await hub.Api.GetAsync("/repos/acme/infra/environments/web"))["name"]);
    }

    [Fact]
    public async Task Delete_OfAnActiveOneIsRefused()
    {
        await using var hub = await Hub.StartAsync();
        var first = await hub.Api.PostAsync(Deployments, new JsonObject { ["ref"] = "main", ["environment"] = "web" });
        await hub.Api.PostAsync(Deployments, new JsonObject { ["ref"] = "main", ["environment"] = "web" });

        Assert.Equal(422, (await hub.Api.DeleteAsync($"{Deployments}/{first["id"]}")).Status);
        await hub.Api.PostAsync($"{Deployments}/{first["id"]}/statuses", new JsonObject { ["state"] = "inactive" });
        Assert.Equal(204, (await hub.Api.DeleteAsync($"{Deployments}/{first["id"]}")).Status);
    }
}
