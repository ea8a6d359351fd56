using System.Text.Json.Nodes;
using FakeGitHub.World;
using Xunit;

namespace FakeGitHub.Tests;

public sealed class StatusesTests
{
    [Fact]
    public async Task Create_IsKeptAndShown()
    {
        await using var hub = await Hub.StartAsync();

        var made = await hub.Api.PostAsync($"/repos/acme/infra/statuses/{hub.First}", Status("success", "host/web", "Runs."));

        Assert.Equal(201, made.Status);
        Assert.True(made.Json["id"]!.GetValue<long>() > int.MaxValue);
        var kept = Assert.Single(hub.Infra.StatusesOf(hub.First));
        Assert.Equal(("success", "host/web", "Runs.", "octocat"), (kept.State, kept.Context, kept.Description, kept.Creator.Login));
    }

    [Fact]
    public async Task Description_Of140RunesIsTakenAnd141Refused()
    {
        await using var hub = await Hub.StartAsync();
        var path = $"/repos/acme/infra/statuses/{hub.First}";

        Assert.Equal(201, (await hub.Api.PostAsync(path, Status("pending", "a", string.Concat(Enumerable.Repeat("🦀", 140))))).Status);
        var refused = await hub.Api.PostAsync(path, Status("pending", "a", new string('x', 141)));

        Assert.Equal(422, refused.Status);
        Assert.Equal("description is too long (maximum is 140 characters)", refused.Error);
        Assert.Equal("Status", refused.Json["errors"]![0]!["resource"]!.ToString());
    }

    [Fact]
    public async Task Context_IsComparedWithoutCaseAndFullAtAThousand()
    {
        await using var hub = await Hub.StartAsync();
        for (var i = 0; i < 1000; i++)
        {
            hub.Infra.Statuses.Add(new CommitStatus(i, hub.First, "pending", "Host/Web", null, null, hub.Infra.Owner, hub.Clock.GetUtcNow()));
        }

        var refused = await hub.Api.PostAsync($"/repos/acme/infra/statuses/{hub.First}", Status("success", "host/web", ""));
        var other = await hub.Api.PostAsync($"/repos/acme/infra/statuses/{hub.First}", Status("success", "host/db", ""));

        Assert.Equal((422, 201), (refused.Status, other.Status));
        Assert.Equal("This SHA and context has reached the maximum number of statuses.", refused.Error);
    }

    [Theory]
    [InlineData("success,pending", "pending")]
    [InlineData("success,failure,pending", "failure")]
    [InlineData("success,error", "failure")]
    [InlineData("success,success", "success")]
    [InlineData("", "pending")]
    public async Task Combined_FollowsTheLatestOfEachContext(string states, string expected)
    {
        await using var hub = await Hub.StartAsync();
        foreach (var (state, i) in states.Split(',', StringSplitOptions.RemoveEmptyEntries).Select((x, i) => (x, i)))
        {
            await hub.Api.PostAsync($"/repos/acme/infra/statuses/{hub.First}", Status("error", $"c{i}", ""));
            await hub.Api.PostAsync($"/repos/acme/infra/statuses/{hub.First}", Status(state, $"C{i}", ""));
        }

        var combined = await hub.Api.GetAsync("/repos/acme/infra/commits/main/status");

        Assert.Equal(expected, combined["state"]);
    }

    [Fact]
    public async Task UnknownCommit_IsRefused()
    {
        await using var hub = await Hub.StartAsync();

        var refused = await hub.Api.PostAsync($"/repos/acme/infra/statuses/{new string('a', 40)}", Status("success", "a", ""));

        Assert.Equal(422, refused.Status);
        Assert.StartsWith("No commit found for SHA", refused["message"], StringComparison.Ordinal);
    }

    private static JsonObject Status(string state, string context, string description) =>
        new() { ["state"] = state, ["context"] = context, ["description"] = description };
}
