namespace Reconciler.HostTests;

/// <summary>A repository with a <c>configuration.nix</c> and no flake.</summary>
public sealed class PlainTests(Beginnings beginnings) : HostTest(beginnings)
{
    /// <inheritdoc/>
    protected override MachineKind Kind { get; } = new() { IsPlain = true };

    [Fact]
    public async Task GoodCommit_IsConfirmed() => await World.ConfirmedAsync(await World.PushAsync("plain"), "plain");

    [Fact]
    public async Task BadCommit_IsRolledBack()
    {
        var before = await Host.RunningAsync();
        await World.RolledBackAsync(await World.PushBadAsync("plain and sick", Sick), before);
    }
}
