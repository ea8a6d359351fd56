namespace Reconciler.HostTests;

/// <summary>The daemon is killed without warning; systemd starts it again, and it takes up what was under way.</summary>
public sealed class CrashTests(Beginnings beginnings) : HostTest(beginnings)
{
    [Fact]
    public async Task Killed_InBuild_BuildsAgainAndConfirms()
    {
        var gate = World.NewGate();
        var revision = await World.PushAsync("build", Slow(gate));
        await gate.UntilReachedAsync();
        await Host.KillDaemonAsync();
        await gate.OpenAsync();
        await World.ConfirmedAsync(revision, "build");
    }

    [Theory]
    [InlineData("dry-activate", "checked")]
    [InlineData("test", "start")]
    [InlineData("test", "activated")]
    [InlineData("test", "end")]
    [InlineData("boot", "start")]
    [InlineData("boot", "bootloader-installed")]
    public async Task Killed_InSwitch_ConfirmsAfterwards(string action, string stage)
    {
        var gate = World.NewGate();
        await gate.IntoSwitchAsync(action, stage);
        var revision = await World.PushAsync($"{action} {stage}");
        await gate.UntilReachedAsync();
        await Host.KillDaemonAsync();
        await gate.OpenAsync();
        await World.ConfirmedAsync(revision, $"{action} {stage}");
    }

    [Fact]
    public async Task Killed_WhileActivating_ActivatesOnce()
    {
        var gate = World.NewGate();
        await gate.IntoSwitchAsync("test", "units-stopped");
        var switches = await Host.SwitchesAsync();
        var revision = await World.PushAsync("once");
        await gate.UntilReachedAsync();
        await Host.KillDaemonAsync();
        await Host.KillDaemonAsync();
        await gate.OpenAsync();
        await World.ConfirmedAsync(revision, "once");
        Assert.Equal(switches + 1, await Host.SwitchesAsync());
    }

    [Fact]
    public async Task Killed_InHealthWait_JudgesAgainAndConfirms()
    {
        var gate = World.NewGate();
        var revision = await World.PushAsync("health", Patient(gate));
        await gate.UntilReachedAsync();
        await Host.KillDaemonAsync();
        await gate.OpenAsync();
        await World.ConfirmedAsync(revision, "health");
    }

    [Theory]
    [InlineData("start")]
    [InlineData("activated")]
    [InlineData("end")]
    public async Task Killed_InRollback_RollsBackAndExplainsOnce(string stage)
    {
        var before = await Host.RunningAsync();
        var gate = World.NewGate();
        await gate.IntoSwitchAsync("test", stage, before);
        var revision = await World.PushBadAsync($"sick {stage}", Sick);
        await gate.UntilReachedAsync();
        await Host.KillDaemonAsync();
        await gate.OpenAsync();
        await World.RolledBackAsync(revision, before);
    }

    [Theory]
    [InlineData("pre-receive")]
    [InlineData("post-receive")]
    public async Task Killed_WhileTelling_ExplainsOnce(string hook)
    {
        var before = await Host.RunningAsync();
        var gate = World.NewGate();
        var script = Path.Combine(Repository.Served, "infra.git", "hooks", hook);
        var revision = await World.PushBadAsync($"untold {hook}", Sick);
        await File.WriteAllTextAsync(script, $"#!/bin/sh\ngrep -q refs/heads/reconciler || exit 0\n{gate.Script}\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await gate.UntilReachedAsync();
        await Host.KillDaemonAsync();
        await gate.OpenAsync();
        await World.RolledBackAsync(revision, before);
        var told = (await Host.LedgerAsync()).Where(entry => entry.GetProperty("kind").GetString() == "told").Select(entry => entry.GetProperty("fact").GetProperty("deployment").GetInt64());
        Assert.Equal(told.Distinct(), told);
        File.Delete(script);
    }

    [Fact]
    public async Task Restarted_InActivation_ActivatesOnceAndConfirms()
    {
        var gate = World.NewGate();
        await gate.IntoSwitchAsync("test", "activated");
        var switches = await Host.SwitchesAsync();
        var revision = await World.PushAsync("restart");
        await gate.UntilReachedAsync();
        await Host.RestartDaemonAsync();
        await gate.OpenAsync();
        await World.ConfirmedAsync(revision, "restart");
        Assert.Equal(switches + 1, await Host.SwitchesAsync());
    }
}
