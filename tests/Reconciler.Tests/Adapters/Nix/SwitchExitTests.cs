using Reconciler.Adapters.Nix;
using Reconciler.Model;
using Xunit;

namespace Reconciler.Tests.Adapters.Nix;

/// <summary>How far an activation came before it ended decides whether the host may be called untouched.</summary>
public sealed class SwitchExitTests
{
    private const string Stopping = "stopping the following units: web.service\nError: no answer from systemd\n";
    private const string Activating = "activating the configuration...\nError: no answer from systemd\n";

    [Theory]
    [InlineData(Stopping)]
    [InlineData(Activating)]
    public void Outcome_Exit11AfterItHasBegun_IsBroken(string output) =>
        Assert.Equal("exit 11", Assert.IsType<ActivationOutcome.Broken>(Outcome(11, output)).HowEnded);

    [Theory]
    [InlineData("")]
    [InlineData("Error: Could not acquire lock\n")]
    public void Outcome_Exit11BeforeItHasBegun_IsLockHeld(string output) => Assert.IsType<ActivationOutcome.LockHeld>(Outcome(11, output));

    [Theory]
    [InlineData(Stopping)]
    [InlineData(Activating)]
    [InlineData("stopping the following units: web.service\nCould not acquire lock of something else\n")]
    public void Outcome_Exit1AfterItHasBegun_IsBroken(string output) =>
        Assert.Equal("exit 1", Assert.IsType<ActivationOutcome.Broken>(Outcome(1, output)).HowEnded);

    [Theory]
    [InlineData("")]
    [InlineData("Pre-switch checks failed\n")]
    public void Outcome_Exit1BeforeItHasBegun_IsRefused(string output) => Assert.IsType<ActivationOutcome.Refused>(Outcome(1, output));

    [Fact]
    public void BootEntry_Exit11AfterItHasBegun_IsNoHeldLock() =>
        Assert.IsType<Failure.BootEntryFailed>(SwitchExit.BootEntry(new DetachedEnd.Exited(11, Activating)));

    private static ActivationOutcome Outcome(int code, string output) => SwitchExit.Outcome(new DetachedEnd.Exited(code, output));
}
