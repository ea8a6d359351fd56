namespace Reconciler.HostTests;

/// <summary>The world around the daemon fails: disk, ledger, clone, remotes. It says so, leaves the host alone, and goes on by itself.</summary>
public sealed class TroubleTests(Beginnings beginnings) : HostTest(beginnings)
{
    private const string State = "/var/lib/reconciler";

    [Fact]
    public async Task FullDisk_BeforeFetch_IsToldAndRecovers()
    {
        await UseSmallDiskAsync();
        var before = await Host.RunningAsync();
        await FillAsync();
        var revision = await World.PushAsync("full 1");
        var status = await Host.UntilAsync("the full disk told", IsAboutSpace);
        Assert.True(status.GetProperty("isSettled").GetBoolean());
        Assert.Equal(before, await Host.RunningAsync());
        await EmptyAsync();
        await World.ConfirmedAsync(revision, "full 1");
    }

    [Fact]
    public async Task FullDisk_InBuild_ActivatesNothingAndRecovers()
    {
        await UseSmallDiskAsync();
        var switches = await Host.SwitchesAsync();
        var gate = World.NewGate();
        var revision = await World.PushAsync("full 2", Slow(gate));
        await gate.UntilReachedAsync();
        await FillAsync();
        await gate.OpenAsync();
        await Host.UntilAsync("the full disk told", IsAboutSpace);
        Assert.Equal(switches, await Host.SwitchesAsync());
        await EmptyAsync();
        await World.ConfirmedAsync(revision, "full 2");
    }

    [Fact]
    public async Task FullDisk_OnTrial_IsToldAndRecovers()
    {
        await UseSmallDiskAsync();
        var gate = World.NewGate();
        var revision = await World.PushAsync("full 3", Patient(gate));
        await gate.UntilReachedAsync();
        await FillAsync();
        await gate.OpenAsync();

        // The first fact the ledger cannot take stops everything; some room may turn up by itself afterwards.
        await Host.UntilAsync(
            "the full disk told", async () => (await Host.LogAsync()).Contains("cannot be written: its disk is full. Make room there", StringComparison.Ordinal));
        await EmptyAsync();
        await World.ConfirmedAsync(revision, "full 3");
        await Host.UntilAsync("the note", async () => (await Repository.NoteAsync(revision)).Length > 0);
        Assert.DoesNotContain("is damaged", await Host.LogAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("garbage", "head -c 65536 /dev/urandom > ledger.db")]
    [InlineData("a damaged page", "dd if=/dev/urandom of=ledger.db bs=4096 seek=1 count=4 conv=notrunc status=none")]
    public async Task UnreadableLedger_IsToldAndNothingIsDone(string mark, string damage)
    {
        var switches = await Host.SwitchesAsync();
        await Machine.ShellAsync(
            $"""
            systemctl stop reconciler
            cd {State}
            mkdir -p /root/backup; rm -rf /root/backup/*; cp -a ledger.db* /root/backup/
            rm -f ledger.db-wal ledger.db-shm
            {damage}
            systemctl start reconciler
            """);
        var revision = await Repository.PushAsync(Change(mark));
        var status = await Host.UntilAsync("the ledger's trouble", status => status.GetProperty("state").GetString() == "broken");
        Assert.Contains("ledger", status.GetProperty("headline").GetString(), StringComparison.Ordinal);
        Assert.True(status.GetProperty("needsAttention").GetBoolean());
        Assert.Contains("ledger", await Host.LogAsync(), StringComparison.Ordinal);
        await Host.RunAsync("sync");
        Assert.Equal(switches, await Host.SwitchesAsync());
        await Machine.ShellAsync($"cd {State}; rm -f ledger.db*; cp -a /root/backup/ledger.db* .");
        await World.ConfirmedAsync(revision, mark);
    }

    [Theory]
    [InlineData("truncated pack", "for pack in objects/pack/*.pack; do chmod u+w $pack; truncate -s 100 $pack; done")]
    [InlineData("no objects", "rm -rf objects")]
    [InlineData("no HEAD", "rm HEAD")]
    [InlineData("garbage in refs", "rm -f packed-refs; find refs -type f -delete; head -c 300 /dev/urandom > packed-refs")]
    public async Task DamagedClone_IsMended(string mark, string damage)
    {
        await Machine.ShellAsync($"cd {State}/mirror.git; git gc -q --prune=now; {damage}");
        await World.ConfirmedAsync(await World.PushAsync(mark), mark);
    }

    [Fact]
    public async Task DamagedClone_AtStart_IsMended()
    {
        await Machine.ShellAsync($"systemctl stop reconciler; rm -rf {State}/mirror.git/objects; systemctl start reconciler");
        await World.ConfirmedAsync(await World.PushAsync("mended at start"), "mended at start");
    }

    [Fact]
    public async Task RemoteGone_WhileRunning_IsToldAndRecovers()
    {
        Repository.GoAway();
        await Host.RunAsync("sync");
        var status = await Host.UntilAsync("the remote's trouble", HasTrouble);
        Assert.True(status.GetProperty("isSettled").GetBoolean());
        Repository.ComeBack();
        var revision = await Repository.PushAsync(Change("back"));
        await World.ConfirmedAsync(revision, "back");
    }

    [Fact]
    public async Task RemoteGone_AtStart_IsToldAndRecovers()
    {
        Repository.GoAway();
        await Host.RestartDaemonAsync();
        var status = await Host.UntilAsync("the remote's trouble", HasTrouble);
        Assert.Equal("unreachable", status.GetProperty("state").GetString());
        Assert.Contains("origin", status.GetProperty("headline").GetString(), StringComparison.Ordinal);
        Repository.ComeBack();
        var revision = await Repository.PushAsync(Change("back at start"));
        await World.ConfirmedAsync(revision, "back at start");
    }

    private static bool HasTrouble(System.Text.Json.JsonElement status) =>
        status.GetProperty("remotes")[0].TryGetProperty("trouble", out var trouble) && trouble.GetString() is not null;

    private static bool IsAboutSpace(System.Text.Json.JsonElement status) =>
        System.Text.RegularExpressions.Regex.IsMatch(
            $"{status.GetProperty("headline")} {(status.GetProperty("remotes")[0].TryGetProperty("trouble", out var trouble) ? trouble : "")}",
            "disk is full|[Nn]o space left|full disk");

    private string Change(string mark)
    {
        Repository.Change(mark);
        return mark;
    }

    private Task<string> FillAsync() => Machine.ShellAsync($"cat /dev/zero > {State}/filler 2> /dev/null || true; cat /dev/zero > {State}/filler2 2> /dev/null || true");

    private Task<string> EmptyAsync() => Machine.ShellAsync($"rm {State}/filler*");

    private Task<string> UseSmallDiskAsync() => Machine.ShellAsync(
        $"""
        systemctl stop reconciler
        rm -rf /root/state; cp -a {State} /root/state
        mount -t tmpfs -o size=32M,mode=0750 tmpfs {State}
        cp -a /root/state/. {State}/
        systemctl start reconciler
        """);
}
