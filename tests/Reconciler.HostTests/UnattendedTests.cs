namespace Reconciler.HostTests;

/// <summary>Nobody is there to end the trial: the dead-man's switch puts the host back, and the next daemon takes up what it did.</summary>
public sealed class UnattendedTests(Beginnings beginnings) : HostTest(beginnings)
{
    private const string CannotStart = """systemd.services.reconciler.serviceConfig.ExecStart = lib.mkForce "/bin/sh -c 'echo I do not work; exit 3'";""";

    /// <inheritdoc/>
    protected override MachineKind Kind { get; } = new()
    {
        Settings = """trial.window = lib.mkOverride 40 "20s"; trial.activationTimeout = "1m"; trial.deadMansGrace = "10s";""",
    };

    [Fact]
    public async Task UpgradedToADaemonThatCannotStart_IsPutBackWithTheOldOne()
    {
        var before = await Host.RunningAsync();
        var revision = await World.PushBadAsync("no daemon", CannotStart);
        await World.RolledBackAsync(revision, before);
        await PutBackUnattendedAsync();
        Assert.Contains("I do not work", await Machine.ShellAsync("journalctl -b -u reconciler -o cat --no-pager"), StringComparison.Ordinal);
        await NoTimerIsLeftAsync();
    }

    [Fact]
    public async Task UpgradedToADaemonThatWorks_IsConfirmedByTheNewOne()
    {
        var daemon = await Host.DaemonAsync();
        var revision = await World.PushAsync("another unit", """systemd.services.reconciler.environment.GREETING = "new";""");
        await World.ConfirmedAsync(revision, "another unit");
        var now = await Host.DaemonAsync();
        Assert.NotEqual(daemon, now);
        Assert.Contains("GREETING=new", await Machine.ShellAsync($"tr '\\0' '\\n' < /proc/{now}/environ"), StringComparison.Ordinal);
        Assert.Contains("the new one judges this trial", await Host.LogAsync(), StringComparison.Ordinal);
        await NoTimerIsLeftAsync();
    }

    [Fact]
    public async Task UpgradedToADaemonThatWorks_ButTheSystemIsSick_EndsWithTheOldDaemon()
    {
        var before = await Host.RunningAsync();
        var revision = await World.PushBadAsync("sick", Sick + """systemd.services.reconciler.environment.GREETING = "new";""");
        await World.RolledBackAsync(revision, before);
        await Host.UntilAsync("the old daemon", async () => await Host.DaemonAsync() is not "0" and var now
            && !(await Machine.ShellAsync($"tr '\\0' '\\n' < /proc/{now}/environ || true")).Contains("GREETING", StringComparison.Ordinal));
        Assert.DoesNotContain(await Host.LedgerAsync(), IsPutBackUnattended);
    }

    [Fact]
    public async Task RemovedByTheNewSystem_IsRefused()
    {
        var before = await Host.RunningAsync();
        var revision = await World.PushBadAsync("no reconciler", "services.reconciler.enable = lib.mkForce false;");
        var deployment = await Host.UntilSettledAsync(revision, "failed");
        Assert.Equal(before, await Host.RunningAsync());
        Assert.Contains("allowOwnRemoval", await Host.TellAsync("show", deployment.GetProperty("id").GetRawText()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RemovedAndStoppedByTheNewSystem_IsPutBackAndRunsAgain()
    {
        var allowed = await World.PushAsync(
            "may go", "services.reconciler.settings.preflight.allowOwnRemoval = true; systemd.services.reconciler.unitConfig.X-StopOnRemoval = lib.mkForce true;");
        await World.ConfirmedAsync(allowed, "may go");
        var before = await Host.RunningAsync();
        var revision = await World.PushBadAsync("gone", "services.reconciler.enable = lib.mkForce false;");
        await World.RolledBackAsync(revision, before);
        await PutBackUnattendedAsync();
    }

    [Fact]
    public async Task LostForGood_IsPutBackWithoutAnyDaemon_AndTakenUpByTheNext()
    {
        var before = await Host.RunningAsync();
        var gate = World.NewGate();
        var revision = await World.PushBadAsync("lost", Patient(gate, "20s"));
        await gate.UntilReachedAsync();
        await Machine.ShellAsync(
            """
            mkdir /run/systemd/system/reconciler.service.d
            printf '[Unit]\nConditionPathExists=/run/there-is-a-daemon\n' > /run/systemd/system/reconciler.service.d/lost.conf
            systemctl daemon-reload
            systemctl kill -s KILL reconciler
            systemctl stop reconciler
            """);
        await gate.OpenAsync();
        await Host.UntilAsync("the system before, without a daemon", async () => await Host.RunningAsync() == before);
        Assert.Equal("0", await Host.DaemonAsync());

        await Machine.ShellAsync("touch /run/there-is-a-daemon; systemctl start reconciler");
        await World.RolledBackAsync(revision, before);
        await PutBackUnattendedAsync();
    }

    private async Task PutBackUnattendedAsync()
    {
        var fact = Assert.Single(await Host.LedgerAsync(), IsPutBackUnattended);
        Assert.Equal("exit 0", fact.GetProperty("fact").GetProperty("howEnded").GetString());
    }

    private static bool IsPutBackUnattended(System.Text.Json.JsonElement entry) => entry.GetProperty("kind").GetString() == "putBackUnattended";

    private async Task NoTimerIsLeftAsync()
    {
        Assert.Equal("", await Machine.ShellAsync("systemctl list-units --all --plain --no-legend 'reconciler-dead-mans-switch-*'"));
        Assert.Equal("", await Machine.ShellAsync("ls /var/lib/reconciler/dead-mans-switch | grep -x order || true"));
    }
}
