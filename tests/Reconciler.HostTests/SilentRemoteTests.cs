namespace Reconciler.HostTests;

/// <summary>The only remote hangs: git waits for it, and it never answers.</summary>
public sealed class SilentRemoteTests(Beginnings beginnings) : HostTest(beginnings)
{
    /// <inheritdoc/>
    protected override MachineKind Kind { get; } = new()
    {
        Settings = """repository.remotes = lib.mkForce [ { name = "origin"; url = "/srv/infra.git"; timeout = "15s"; } ];""",
    };

    [Fact]
    public async Task HangingRemote_IsToldAndRecovers()
    {
        var before = await Host.RunningAsync();
        Repository.Change("heard at last");
        var revision = await Repository.PushAsync("heard at last", "parked");

        // Whoever opens a pipe without a writer waits, and git opens its configuration first.
        await Machine.ShellAsync($"cd /srv/infra.git; mv config config.away; mkfifo config; echo {revision} > refs/heads/main");
        var status = await Host.UntilAsync("the silence told", status =>
            status.GetProperty("remotes")[0].TryGetProperty("trouble", out var trouble) && trouble.GetString() is { } text
            && text.Contains("did not answer within 15 s", StringComparison.Ordinal));
        Assert.True(status.GetProperty("isSettled").GetBoolean());
        Assert.Equal(before, await Host.RunningAsync());
        Assert.Contains("did not answer within 15 s", await Host.LogAsync(), StringComparison.Ordinal);

        await Machine.ShellAsync("cd /srv/infra.git; rm config; mv config.away config");
        await World.ConfirmedAsync(revision, "heard at last");
        Assert.Equal(1, (await Machine.RunAsync("pgrep", "-f", "upload-pack")).Code);
    }
}
