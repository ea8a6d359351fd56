namespace Reconciler.HostTests;

/// <summary>Which commit is deployed, and what becomes of it.</summary>
public sealed class RevisionTests(Beginnings beginnings) : HostTest(beginnings)
{
    [Fact]
    public async Task Revert_RunsTheEarlierSystemAgain()
    {
        await World.ConfirmedAsync(await World.PushAsync("A"), "A");
        var first = await Host.RunningAsync();
        await World.ConfirmedAsync(await World.PushAsync("B"), "B");
        Assert.NotEqual(first, await Host.RunningAsync());
        await Repository.GitAsync("revert", "--no-edit", "HEAD");
        await World.ConfirmedAsync(await World.PushAgainAsync(), "A");
        Assert.Equal(first, await Host.RunningAsync());
    }

    [Fact]
    public async Task ReadmeOnly_ConfirmsWithoutSwitch()
    {
        var running = await Host.RunningAsync();
        var switches = await Host.SwitchesAsync();
        Repository.Write("README.md", "Nothing new for the system.\n");
        await Repository.CommitAsync("only the README");
        var revision = await World.PushAgainAsync();
        await Host.UntilSettledAsync(revision, "confirmed");
        Assert.Equal(switches, await Host.SwitchesAsync());
        Assert.Equal(running, await Host.RunningAsync());
        await World.SoundAsync();
    }

    [Fact]
    public async Task ForcePushBack_IsHeldUntilAllowed()
    {
        var first = await World.PushAsync("forward 1");
        await World.ConfirmedAsync(first, "forward 1");
        await World.ConfirmedAsync(await World.PushAsync("forward 2"), "forward 2");
        await Repository.GitAsync("reset", "-q", "--hard", first);
        await Repository.GitAsync("push", "-q", "--force", "origin", "HEAD:main");
        await Host.RunAsync("sync");
        var held = await Host.UntilAsync("the rewound branch held", status => status.GetProperty("state").GetString() == "held");
        Assert.Contains("rewound", held.GetProperty("headline").GetString(), StringComparison.Ordinal);
        Assert.Equal("forward 2", await Host.MarkAsync());
        Assert.Contains("rewound", await Host.LogAsync(), StringComparison.Ordinal);

        World.Repeat(first);
        await Host.TellAsync("sync", "--allow-rewind", first[..7]);
        await Host.UntilAsync("the earlier system", async () => await Host.MarkAsync() == "forward 1");
        await World.ConfirmedAsync(first, "forward 1");
    }

    [Fact]
    public async Task TestingBranch_IsActivatedNotBooted_AndAgainAfterABoot()
    {
        var main = await World.PushAsync("main");
        await World.ConfirmedAsync(main, "main");
        var confirmed = await Host.RunningAsync();
        var testing = await World.PushAsync("on testing", branch: "testing-web1");
        await Host.UntilSettledAsync(testing, "accepted");
        Assert.Equal("on testing", await Host.MarkAsync());
        Assert.Equal(confirmed, await Host.ProfileAsync());
        Assert.Equal(confirmed, await Host.BootsAsync());

        World.Repeat(testing);
        await Machine.CutPowerAsync();
        await Machine.RestartAsync();
        Assert.Equal(confirmed, await Host.BootedAsync());
        await Host.UntilAsync("the testing system again", async () => await Host.MarkAsync() == "on testing");
        await Host.UntilSettledAsync(testing, "accepted");
        Assert.Equal(confirmed, await Host.BootsAsync());

        // Merged, it becomes the boot default.
        await Repository.GitAsync("push", "-q", "origin", "HEAD:main");
        await Host.RunAsync("sync");
        await World.ConfirmedAsync(testing, "on testing");
        await Repository.GitAsync("push", "-q", "origin", "--delete", "testing-web1");
    }

    [Theory]
    [InlineData("does not evaluate", "services.hello-web.enable = treu;")]
    [InlineData("does not build", """system.checks = [ (pkgs.runCommand "broken" { } "exit 1") ];""")]
    public async Task BrokenCommit_TouchesNothing(string mark, string nix)
    {
        var running = await Host.RunningAsync();
        var switches = await Host.SwitchesAsync();
        await Host.UntilSettledAsync(await World.PushBadAsync(mark, nix), "failed");
        Assert.Equal(switches, await Host.SwitchesAsync());
        Assert.Equal(running, await Host.RunningAsync());
        await World.SoundAsync();
        await World.ConfirmedAsync(await World.PushAsync($"{mark}, mended"), $"{mark}, mended");
    }

    [Fact]
    public async Task NewerCommit_EndsABuild()
    {
        var gate = World.NewGate();
        var slow = await World.PushAsync("slow", Slow(gate));
        await gate.UntilReachedAsync();
        var newer = await World.PushAsync("newer");
        await World.ConfirmedAsync(newer, "newer");
        await Host.UntilSettledAsync(slow, "superseded");
        await gate.OpenAsync();
    }
}
