namespace Reconciler.HostTests;

/// <summary>
/// The power fails, and takes with it what had not reached the disk. The machine boots the last confirmed system; the daemon tries once more,
/// and not for ever.
/// </summary>
public sealed class PowerCutTests(Beginnings beginnings) : HostTest(beginnings)
{
    /// <inheritdoc/>
    protected override MachineKind Kind { get; } = new() { HasDisk = true };

    [Fact]
    public async Task CutOnTrial_BootsConfirmedSystem_TriesOnceMoreAndConfirms()
    {
        var before = await Host.RunningAsync();
        var gate = World.NewGate();
        var revision = await World.PushAsync("cut", Patient(gate));
        await gate.UntilReachedAsync();
        await Machine.CutPowerAsync();
        await Machine.RestartAsync();
        Assert.Equal(before, await Host.BootedAsync());
        await gate.OpenAsync();
        await World.ConfirmedAsync(revision, "cut");
        Assert.Equal(2, await TrialsAsync());
    }

    [Fact]
    public async Task CutOnTrialTwice_RollsBack()
    {
        var before = await Host.RunningAsync();
        var gate = World.NewGate();
        var revision = await World.PushBadAsync("cut twice", Patient(gate));
        for (var cut = 0; cut < 2; cut++)
        {
            await gate.UntilReachedAsync();
            await gate.CloseAsync();
            await Machine.CutPowerAsync();
            await Machine.RestartAsync();
            Assert.Equal(before, await Host.BootedAsync());
        }

        await World.RolledBackAsync(revision, before);
        Assert.Equal(2, await TrialsAsync());
    }

    [Theory]
    [InlineData("start", true)]
    [InlineData("bootloader-installed", false)]
    public async Task CutInConfirm_Confirms(string stage, bool bootsOld)
    {
        var before = await Host.RunningAsync();
        var gate = World.NewGate();
        await gate.IntoSwitchAsync("boot", stage);
        var revision = await World.PushAsync($"cut {stage}");
        await gate.UntilReachedAsync();
        await Machine.CutPowerAsync();
        await Machine.RestartAsync();
        Assert.Equal(bootsOld, before == await Host.BootedAsync());
        await World.ConfirmedAsync(revision, $"cut {stage}");
    }

    [Fact]
    public async Task CutInRollback_BootsConfirmedSystem_RollsBack()
    {
        var before = await Host.RunningAsync();
        var gate = World.NewGate();
        await gate.IntoSwitchAsync("test", "activated", before);
        var revision = await World.PushBadAsync("sick and cut", Sick);
        await gate.UntilReachedAsync();
        await Machine.CutPowerAsync();
        await Machine.RestartAsync();
        Assert.Equal(before, await Host.BootedAsync());
        await World.RolledBackAsync(revision, before);
    }

    [Fact]
    public async Task CutAfterConfirm_BootsIt()
    {
        var revision = await World.PushAsync("kept");
        await World.ConfirmedAsync(revision, "kept");
        await Machine.CutPowerAsync();
        await Machine.RestartAsync();
        await World.ConfirmedAsync(revision, "kept");
    }

    [Fact]
    public async Task CutAfterEachTelling_GoesOnTelling()
    {
        for (var cut = 0; cut < 4; cut++)
        {
            var revision = await World.PushAsync($"told {cut}");
            await World.ConfirmedAsync(revision, $"told {cut}");
            await Host.UntilAsync("the note", async () => (await Repository.NoteAsync(revision)).Length > 0);
            await Machine.CutPowerAsync();
            await Machine.RestartAsync();
        }

        var before = await Host.RunningAsync();
        await World.RolledBackAsync(await World.PushBadAsync("told once more", Sick), before);
    }

    // How often the latest deployment was put on trial.
    private async Task<int> TrialsAsync() => (await Host.LedgerAsync())
        .Select(entry => entry.GetProperty("kind").GetString())
        .Reverse().TakeWhile(kind => kind != "deploymentBegan").Count(kind => kind == "trialBegan");
}
