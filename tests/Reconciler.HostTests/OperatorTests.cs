using System.Text.Json;

namespace Reconciler.HostTests;

/// <summary>What an operator asks for at the command line.</summary>
public sealed class OperatorTests(Beginnings beginnings) : HostTest(beginnings)
{
    [Fact]
    public async Task Suspend_HoldsUntilResume()
    {
        await Host.TellAsync("suspend", "moving", "house");
        var revision = await World.PushAsync("suspended");
        var status = await Host.UntilAsync("the new tip seen", status =>
            status.GetProperty("state").GetString() == "suspended"
            && status.GetProperty("wanted").GetProperty("revision").GetString() == revision);
        Assert.Contains("moving house", status.GetProperty("headline").GetString(), StringComparison.Ordinal);
        Assert.Null(Making.Host.DeploymentOf(status, revision));
        await Host.TellAsync("resume");
        await World.ConfirmedAsync(revision, "suspended");
    }

    [Fact]
    public async Task Rollback_EndsTheTrial()
    {
        var before = await Host.RunningAsync();
        var gate = World.NewGate();
        var revision = await World.PushBadAsync("refused", Patient(gate));
        await gate.UntilReachedAsync();
        await Host.TellAsync("rollback", "--yes");
        await gate.OpenAsync();
        await World.RolledBackAsync(revision, before);
    }

    [Fact]
    public async Task RollbackToGeneration_HoldsTheRevisionLeftUntilReleased()
    {
        await World.ConfirmedAsync(await World.PushAsync("older"), "older");
        var older = await Host.RunningAsync();
        var left = await World.PushAsync("left");
        await World.ConfirmedAsync(left, "left");
        await Host.TellAsync("rollback", "--yes", await GenerationAsync(older));
        await Host.UntilAsync("the older system", async () => await Host.RunningAsync() == older);
        await Host.UntilAsync("it settled", status =>
            status.GetProperty("isSettled").GetBoolean() && Making.Host.PhaseOf(status.GetProperty("deployments")[0]) == "confirmed");
        await World.SoundAsync();
        Assert.Equal("quarantined", (await Host.StatusAsync())!.Value.GetProperty("state").GetString());

        World.Repeat(left);
        await Host.TellAsync("quarantine", "release", left[..7]);
        await Host.UntilAsync("the revision again", async () => await Host.MarkAsync() == "left");
        await World.ConfirmedAsync(left, "left");
    }

    [Fact]
    public async Task Pin_KeepsTheRevisionUntilUnpin()
    {
        var pinned = await World.PushAsync("pinned");
        await World.ConfirmedAsync(pinned, "pinned");
        await Host.TellAsync("pin", pinned[..7]);
        var newer = await World.PushAsync("unpinned");
        await Host.UntilAsync("the new tip seen", status =>
            status.GetProperty("isSettled").GetBoolean() && status.GetProperty("remotes")[0].GetProperty("main").GetString() == newer);
        await World.ConfirmedAsync(pinned, "pinned");
        await Host.TellAsync("unpin");
        await World.ConfirmedAsync(newer, "unpinned");
    }

    [Fact]
    public async Task ReleasedRevision_IsTriedOnceMore()
    {
        var before = await Host.RunningAsync();
        var revision = await World.PushBadAsync("twice sick", Sick);
        await World.RolledBackAsync(revision, before);
        World.Repeat(revision);
        await Host.TellAsync("quarantine", "release", revision[..7]);
        await Host.UntilAsync("a second deployment", async () => (await DeploymentsOfAsync(revision)).Count == 2);
        await World.RolledBackAsync(revision, before);
        Assert.Equal(["rolledBack", "rolledBack"], (await DeploymentsOfAsync(revision)).Select(Making.Host.PhaseOf));
    }

    private async Task<List<JsonElement>> DeploymentsOfAsync(string revision)
    {
        using var history = JsonDocument.Parse(await Host.TellAsync("history", "--json"));
        return [.. history.RootElement.GetProperty("deployments").EnumerateArray()
            .Where(d => d.TryGetProperty("revision", out var found) && found.GetString() == revision).Select(d => d.Clone())];
    }

    private async Task<string> GenerationAsync(string toplevel)
    {
        using var list = JsonDocument.Parse(await Host.TellAsync("generations", "--json"));
        return list.RootElement.GetProperty("generations").EnumerateArray()
            .First(generation => generation.GetProperty("toplevel").GetString() == toplevel)
            .GetProperty("number").GetRawText();
    }
}
