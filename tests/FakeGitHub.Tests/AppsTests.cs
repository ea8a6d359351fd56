using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace FakeGitHub.Tests;

public sealed class AppsTests
{
    [Fact]
    public async Task InstallationToken_WorksForAnHour()
    {
        await using var hub = await Hub.StartAsync();
        using var key = RSA.Create(2048);
        var installation = hub.Install(key, "statuses:write", "checks:write");
        var app = hub.As($"Bearer {Jwt(hub, key, installation.App.ClientId)}");

        Assert.Equal("reconciler", (await app.GetAsync("/app"))["slug"]);
        var found = await app.GetAsync("/repos/acme/infra/installation");
        var token = await app.PostAsync($"/app/installations/{found["id"]}/access_tokens");
        var bot = hub.As($"Bearer {token["token"]}");

        Assert.Equal(201, token.Status);
        Assert.Equal("2026-03-01T13:00:00Z", token["expires_at"]);
        Assert.Equal("reconciler[bot]", (await bot.PostAsync($"/repos/acme/infra/statuses/{hub.First}", new JsonObject { ["state"] = "success" })).Json["creator"]!["login"]!.ToString());
        Assert.Equal(403, (await bot.PostAsync("/repos/acme/infra/deployments", new JsonObject { ["ref"] = "main" })).Status);
        Assert.Equal("1", (await bot.GetAsync("/installation/repositories"))["total_count"]);
        hub.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(401, (await bot.GetAsync("/installation/repositories")).Status);
    }

    [Theory]
    [InlineData(-60, 540, 200)]
    [InlineData(1, 540, 401)]
    [InlineData(-60, 601, 401)]
    [InlineData(-60, 0, 401)]
    public async Task Jwt_IsHeldToItsTimes(int issued, int expires, int status)
    {
        await using var hub = await Hub.StartAsync();
        using var key = RSA.Create(2048);
        var installation = hub.Install(key);

        Assert.Equal(status, (await hub.As($"Bearer {Jwt(hub, key, installation.App.ClientId, issued, expires)}").GetAsync("/app")).Status);
    }

    [Fact]
    public async Task Jwt_OfAnotherKeyOrAppIsNotBelieved()
    {
        await using var hub = await Hub.StartAsync();
        using var key = RSA.Create(2048);
        using var other = RSA.Create(2048);
        var installation = hub.Install(key);

        Assert.Equal(401, (await hub.As($"Bearer {Jwt(hub, other, installation.App.ClientId)}").GetAsync("/app")).Status);
        Assert.Equal(404, (await hub.As($"Bearer {Jwt(hub, key, "17")}").GetAsync("/app")).Status);
        Assert.Equal(401, (await hub.Api.GetAsync("/app")).Status);
    }

    [Fact]
    public async Task InstallationToken_IsNarrowedAndNeverWidened()
    {
        await using var hub = await Hub.StartAsync();
        using var key = RSA.Create(2048);
        hub.Server.AddRepository("acme/other");
        hub.Server.AddRepository("elsewhere/theirs");
        var installation = hub.Install(key, "statuses:write", "contents:read");
        var app = hub.As($"Bearer {Jwt(hub, key, installation.App.ClientId)}");
        var path = $"/app/installations/{installation.Id}/access_tokens";

        var narrow = await app.PostAsync(path, Wanted(["infra"], ("statuses", "write")));
        var bot = hub.As($"Bearer {narrow["token"]}");

        Assert.Equal("selected", narrow["repository_selection"]);
        Assert.Equal(403, (await bot.GetAsync("/repos/acme/infra/branches")).Status);
        Assert.Equal(404, (await bot.GetAsync("/repos/acme/other")).Status);
        Assert.Equal(422, (await app.PostAsync(path, Wanted(["infra"], ("contents", "write")))).Status);
        Assert.Equal(422, (await app.PostAsync(path, Wanted(["nowhere"], ("statuses", "write")))).Status);
    }

    [Fact]
    public async Task CheckRun_IsMadeByAppsOnly()
    {
        await using var hub = await Hub.StartAsync();
        using var key = RSA.Create(2048);
        var installation = hub.Install(key, "checks:write");
        var token = await hub.As($"Bearer {Jwt(hub, key, installation.App.ClientId)}").PostAsync($"/app/installations/{installation.Id}/access_tokens");
        var bot = hub.As($"Bearer {token["token"]}");
        var wanted = new JsonObject
        {
            ["name"] = "build",
            ["head_sha"] = hub.First,
            ["status"] = "in_progress",
            ["output"] = new JsonObject { ["title"] = "t", ["summary"] = "s" },
        };

        Assert.Equal(403, (await hub.Api.PostAsync("/repos/acme/infra/check-runs", wanted)).Status);
        var made = await bot.PostAsync("/repos/acme/infra/check-runs", wanted);
        var done = await bot.PatchAsync($"/repos/acme/infra/check-runs/{made["id"]}", new JsonObject { ["status"] = "completed", ["conclusion"] = "success" });

        Assert.Equal((201, 200), (made.Status, done.Status));
        Assert.Equal(("completed", "success", "s"), (done["status"], done["conclusion"], done.Json["output"]!["summary"]!.ToString()));
        Assert.Equal("1", (await bot.GetAsync("/repos/acme/infra/commits/main/check-runs"))["total_count"]);
    }

    private static JsonObject Wanted(string[] repositories, (string Name, string Level) permission) => new()
    {
        ["repositories"] = new JsonArray([.. repositories.Select(x => JsonValue.Create(x))]),
        ["permissions"] = new JsonObject { [permission.Name] = permission.Level },
    };

    private static string Jwt(Hub hub, RSA key, string issuer, int issued = -60, int expires = 540)
    {
        var now = hub.Clock.GetUtcNow().ToUnixTimeSeconds();
        var claims = new JsonObject { ["iat"] = now + issued, ["exp"] = now + expires, ["iss"] = issuer };
        var text = $"{Part("""{"alg":"RS256","typ":"JWT"}""")}.{Part(claims.ToJsonString())}";
        return $"{text}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    private static string Part(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
