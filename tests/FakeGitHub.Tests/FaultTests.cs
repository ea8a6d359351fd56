using System.Text.Json.Nodes;
using FakeGitHub.Faults;
using Xunit;

namespace FakeGitHub.Tests;

public sealed class FaultTests
{
    public static TheoryData<string, int> Answering => new()
    {
        { "too_many_requests", 429 }, { "secondary_limit", 403 }, { "primary_limit", 403 }, { "bad_gateway", 502 }, { "unavailable", 503 }, { "bad_credentials", 401 },
        { "hidden", 404 }, { "forbidden", 403 }, { "unprocessable", 422 }, { "conflict", 409 }, { "accepted", 202 }, { "login_page", 200 },
    };

    [Theory]
    [MemberData(nameof(Answering))]
    public async Task Fault_StrikesAsOftenAsAskedAndDoesNothing(string name, int status)
    {
        await using var hub = await Hub.StartAsync();
        await hub.Api.PostAsync("/_fake/faults", new JsonObject { ["fault"] = name, ["method"] = "POST", ["path"] = "/repos/*/statuses/*", ["times"] = 1 });
        var path = $"/repos/acme/infra/statuses/{hub.First}";

        Assert.Equal(200, (await hub.Api.GetAsync("/repos/acme/infra")).Status);
        Assert.Equal(status, (await hub.Api.PostAsync(path, new JsonObject { ["state"] = "success" })).Status);
        Assert.Empty(hub.Infra.Statuses.All);
        Assert.Equal(201, (await hub.Api.PostAsync(path, new JsonObject { ["state"] = "success" })).Status);
    }

    [Fact]
    public async Task Limits_SayWhenToComeBack()
    {
        await using var hub = await Hub.StartAsync();
        hub.Server.Faults.Once(new Fault.SecondaryLimit(30));
        hub.Server.Faults.Once(new Fault.PrimaryLimit(TimeSpan.FromMinutes(5)));

        var secondary = await hub.Api.GetAsync("/user");
        var primary = await hub.Api.GetAsync("/user");

        Assert.Equal("30", secondary.Headers["Retry-After"]);
        Assert.StartsWith("You have exceeded a secondary rate limit.", secondary["message"], StringComparison.Ordinal);
        Assert.Equal(("0", "1772366700"), (primary.Headers["x-ratelimit-remaining"], primary.Headers["x-ratelimit-reset"]));
        Assert.StartsWith("API rate limit exceeded", primary["message"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public async Task Drop_LeavesNothingBeforeAndEverythingAfter(bool after, int kept)
    {
        await using var hub = await Hub.StartAsync();
        hub.Server.Faults.Once(after ? new Fault.DropAfter() : new Fault.DropBefore(), "POST");

        await Assert.ThrowsAsync<HttpRequestException>(() => hub.Api.PostAsync($"/repos/acme/infra/statuses/{hub.First}", new JsonObject { ["state"] = "success" }));

        Assert.Equal(kept, hub.Infra.Statuses.All.Count);
    }

    [Fact]
    public async Task HalfAnswer_BreaksOff()
    {
        await using var hub = await Hub.StartAsync();
        hub.Server.Faults.Once(new Fault.HalfAnswer());

        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            try
            {
                await hub.Api.GetAsync("/user");
            }
            catch (HttpRequestException e) when (e.InnerException is IOException inner)
            {
                throw inner;
            }
        });
    }

    [Fact]
    public async Task Slow_WaitsByTheClock()
    {
        await using var hub = await Hub.StartAsync();
        hub.Server.Faults.Once(new Fault.Slow(TimeSpan.FromSeconds(30)));
        var answer = hub.Api.GetAsync("/user");
        while (hub.Server.Requests.Count == 0)
        {
            await Task.Yield();
        }

        Assert.False(answer.IsCompleted);
        while (!answer.IsCompleted)
        {
            hub.Clock.Advance(TimeSpan.FromSeconds(30));
            await Task.Yield();
        }

        Assert.Equal(200, (await answer).Status);
    }

    [Fact]
    public async Task UnknownEnum_IsInTheAnswerOnly()
    {
        await using var hub = await Hub.StartAsync();
        hub.Server.Faults.Once(new Fault.UnknownEnum("state"));

        var made = await hub.Api.PostAsync($"/repos/acme/infra/statuses/{hub.First}", new JsonObject { ["state"] = "success" });

        Assert.Equal("something_new", made["state"]);
        Assert.Equal("success", Assert.Single(hub.Infra.Statuses.All).State);
    }

    [Fact]
    public async Task Outage_LastsUntilCleared()
    {
        await using var hub = await Hub.StartAsync();
        await hub.Api.PostAsync("/_fake/outage");
        Assert.Equal(503, (await hub.Api.GetAsync("/user")).Status);
        Assert.Equal(503, (await hub.Api.GetAsync("/acme/infra.git/info/refs?service=git-upload-pack")).Status);

        await hub.Api.DeleteAsync("/_fake/faults");

        Assert.Equal(200, (await hub.Api.GetAsync("/user")).Status);
    }

    [Fact]
    public void Probability_IsTheSameForTheSameSeed()
    {
        static string Draw(int seed)
        {
            var plan = new FaultPlan(seed);
            plan.Add(new FaultRule(new Fault.BadGateway()) { Probability = 0.5 });
            return string.Concat(Enumerable.Range(0, 64).Select(_ => plan.Take("GET", "/") is null ? '.' : 'x'));
        }

        Assert.Equal(Draw(7), Draw(7));
        Assert.NotEqual(Draw(7), Draw(8));
        Assert.Contains('x', Draw(7));
        Assert.Contains('.', Draw(7));
    }

    [Fact]
    public void Rule_LetsTheFirstOnesPass()
    {
        var plan = new FaultPlan(1);
        plan.Add(new FaultRule(new Fault.BadGateway(), "POST") { After = 2, Times = 1 });

        Assert.Equal([false, false, true, false], Enumerable.Range(0, 4).Select(_ => plan.Take("POST", "/x") is not null));
        Assert.Null(plan.Take("GET", "/x"));
    }
}
