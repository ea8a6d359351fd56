namespace Reconciler.HostTests;

/// <summary>Two remotes, of which the first takes connections and never answers.</summary>
public sealed class RemotesTests(Beginnings beginnings) : HostTest(beginnings)
{
    /// <inheritdoc/>
    protected override MachineKind Kind { get; } = new()
    {
        Settings =
            """
            repository.remotes = lib.mkForce [
              { name = "silent"; url = "http://127.0.0.1:9999/infra.git"; allowInsecure = true; timeout = "30s"; push = false; }
              { name = "origin"; url = "/srv/infra.git"; }
            ];
            """,
    };

    [Fact]
    public async Task HangingRemote_DelaysNothingAndIsTold()
    {
        await Machine.TellAsync("systemd-run", "--quiet", "--unit=silent", "systemd-socket-activate", "--listen=127.0.0.1:9999", "/usr/bin/sleep", "infinity");
        await Host.RestartDaemonAsync();
        Repository.Change("despite it");
        var revision = await Repository.PushAsync("despite it");
        await World.ConfirmedAsync(revision, "despite it");
        await Host.UntilAsync("the silent remote told", status =>
            status.GetProperty("remotes")[0].TryGetProperty("trouble", out var trouble) && trouble.GetString() is { } text
            && text.Contains("30", StringComparison.Ordinal));
    }
}
