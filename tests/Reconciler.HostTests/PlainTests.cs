namespace Reconciler.HostTests;

/// <summary>A repository with a <c>configuration.nix</c> and no flake.</summary>
public sealed class PlainTests(PlainTests.WithoutFlake world) : HostTest(world), IClassFixture<PlainTests.WithoutFlake>
{
    /// <summary>The world of these tests.</summary>
    public sealed class WithoutFlake : World
    {
        /// <inheritdoc/>
        protected override bool IsPlain => true;
    }

    [Fact]
    public async Task GoodCommit_IsConfirmed() => await World.ConfirmedAsync(await World.PushAsync("plain"), "plain");

    [Fact]
    public async Task BadCommit_IsRolledBack()
    {
        var before = await Host.RunningAsync();
        await World.RolledBackAsync(await World.PushBadAsync("plain and sick", Sick), before);
    }
}
