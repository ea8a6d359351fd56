using Reconciler.Adapters.Nix;
using Xunit;

namespace Reconciler.Tests.Adapters.Nix;

public sealed class ControlGroupTests
{
    [Theory]
    [InlineData("0::/system.slice/reconciler.service\n", "reconciler.service")]
    [InlineData("9:name=systemd:/system.slice/reconciler.service\n1:cpu:/\n", "reconciler.service")]
    [InlineData("8:pids:/system.slice/other.service\n0::/\n", null)]
    [InlineData("0::/user.slice/user-1000.slice/session-2.scope\n", null)]
    [InlineData("0::/user.slice/user-1000.slice/user@1000.service/app.slice/a.service\n", null)]
    [InlineData("0::/system.slice/a b.service\n", null)]
    [InlineData("", null)]
    public void ServiceOf_IsTheSystemService(string text, string? expected) => Assert.Equal(expected, ControlGroup.ServiceOf(text));
}
