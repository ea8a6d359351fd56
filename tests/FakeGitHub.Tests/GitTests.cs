using System.Diagnostics;
using System.Text.Json.Nodes;
using Xunit;

namespace FakeGitHub.Tests;

/// <summary>The git program against the fake.</summary>
public sealed class GitTests
{
    [Fact]
    public async Task CloneAndPush_MoveTheRepositoryAndTellTheHook()
    {
        await using var hub = await Hub.StartAsync();
        await using var listener = await Listener.StartAsync();
        hub.Server.AddHook(hub.Infra, listener.Address, "s");
        var work = await CloneAsync(hub);

        await CommitAsync(work, "new.txt");
        await GitAsync(work, "push", "-q", "origin", "HEAD:main", "HEAD:refs/tags/v1");
        await hub.Server.Webhooks.IdleAsync();

        var tip = (await GitAsync(work, "rev-parse", "HEAD")).Output.Trim();
        Assert.Equal(tip, (await hub.Api.GetAsync("/repos/acme/infra/commits/main"))["sha"]);
        Assert.Equal(["refs/heads/main", "refs/tags/v1"], listener.Got.Select(x => JsonNode.Parse(x.Body)!["ref"]!.ToString()));
        Assert.Contains(hub.Server.Requests, x => x.Path == "/acme/infra.git/git-receive-pack" && x is { Auth: "token", Status: 200 });
    }

    [Fact]
    public async Task MoreThanThreeTags_TellNothing()
    {
        await using var hub = await Hub.StartAsync();
        await using var listener = await Listener.StartAsync();
        hub.Server.AddHook(hub.Infra, listener.Address, "s");
        var work = await CloneAsync(hub);

        await GitAsync(work, "push", "-q", "origin", "HEAD:refs/tags/a", "HEAD:refs/tags/b", "HEAD:refs/tags/c", "HEAD:refs/tags/d");
        await hub.Server.Webhooks.IdleAsync();

        Assert.Empty(listener.Got);
    }

    [Fact]
    public async Task Push_NeedsATokenThatMay()
    {
        await using var hub = await Hub.StartAsync();
        hub.Server.AddToken("ghp_reader", "reader", push: false);
        var work = await CloneAsync(hub, "ghp_reader");
        await CommitAsync(work, "new.txt");

        var refused = await GitAsync(work, mayFail: true, "push", "-q", "origin", "HEAD:main");
        var unknown = await GitAsync(work, mayFail: true, "ls-remote", Address(hub, "nonsense"));

        Assert.Contains("403", refused.Error, StringComparison.Ordinal);
        Assert.NotEqual(0, unknown.Code);
        Assert.Equal(hub.First, (await hub.Api.GetAsync("/repos/acme/infra/commits/main"))["sha"]);
    }

    [Fact]
    public async Task PullRequest_IsMergedByAPushAndFetchedByItsNumber()
    {
        await using var hub = await Hub.StartAsync();
        var head = hub.Branch("topic");
        await hub.Api.PostAsync("/repos/acme/infra/pulls", new JsonObject { ["title"] = "t", ["head"] = "topic", ["base"] = "main" });
        var work = await CloneAsync(hub);

        await GitAsync(work, "fetch", "-q", "origin", "refs/pull/1/head");
        await GitAsync(work, "push", "-q", "origin", "FETCH_HEAD:main");

        Assert.Equal(head, Assert.Single(hub.Infra.PullRequests).MergeSha);
        Assert.True(hub.Infra.PullRequests[0].Merged);
    }

    [Fact]
    public async Task RenamedRepository_IsStillFound()
    {
        await using var hub = await Hub.StartAsync();
        hub.Server.World.Rename(hub.Infra, "platform");

        Assert.True(Directory.Exists(await CloneAsync(hub)));
    }

    private static string Address(Hub hub, string token = Hub.Token) => $"{hub.Server.CloneAddress("acme/infra").Replace("http://", $"http://x-access-token:{token}@", StringComparison.Ordinal)}";

    private static async Task<string> CloneAsync(Hub hub, string token = Hub.Token)
    {
        var work = hub.At("work");
        await GitAsync("/", "clone", "-q", Address(hub, token), work);
        return work;
    }

    private static async Task CommitAsync(string work, string file)
    {
        await File.WriteAllTextAsync(Path.Combine(work, file), "x\n", Hub.Stop);
        await GitAsync(work, "add", file);
        await GitAsync(work, "-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-qm", "Add a file");
    }

    private static Task<(int Code, string Output, string Error)> GitAsync(string folder, params string[] arguments) => GitAsync(folder, mayFail: false, arguments);

    private static async Task<(int Code, string Output, string Error)> GitAsync(string folder, bool mayFail, params string[] arguments)
    {
        var info = new ProcessStartInfo("git", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in new[] { ("GIT_CONFIG_NOSYSTEM", "1"), ("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_TERMINAL_PROMPT", "0") })
        {
            info.Environment[name] = value;
        }

        using var process = Process.Start(info)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(Hub.Stop), process.StandardError.ReadToEndAsync(Hub.Stop));
        await process.WaitForExitAsync(Hub.Stop);
        Assert.True(mayFail || process.ExitCode == 0, await error);
        return (process.ExitCode, await output, await error);
    }
}
