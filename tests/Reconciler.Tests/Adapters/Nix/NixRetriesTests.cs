using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Reconciler.Adapters.Nix;
using Reconciler.Adapters.Processes;
using Reconciler.Ports;
using Xunit;

namespace Reconciler.Tests.Adapters.Nix;

public sealed class NixRetriesTests : IDisposable
{
    private readonly NixFolder _folder = new();
    private readonly FakeTimeProvider _clock = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("error: SQLite database '/nix/var/nix/db/db.sqlite' is busy", 3)]
    [InlineData("error: cannot connect to socket at '/nix/var/nix/daemon-socket/socket': Connection refused", 3)]
    [InlineData("error: path '/nix/store/x' is not valid", 1)]
    [InlineData("error: writing to file: No space left on device", 1)]
    public async Task SetProfile_IsTriedAgainOnlyForWhatPasses(string error, int tries)
    {
        var runner = new ScriptedRunner(_ => ScriptedRunner.Exit(1, error: error));

        Assert.IsType<ProfileOutcome.Failed>(await SetAsync(runner));

        Assert.Equal(tries, runner.Requests.Count);
    }

    [Fact]
    public async Task SetProfile_ThatWorksTheSecondTime_IsSet()
    {
        var system = _folder.System("one");
        var tries = 0;
        var runner = new ScriptedRunner(_ =>
        {
            if (tries++ == 0)
            {
                return ScriptedRunner.Exit(1, error: "error: SQLite database is busy");
            }

            _folder.Profile(7, (7, system));
            return ScriptedRunner.Exit(0);
        });

        Assert.Equal(new ProfileOutcome.Set(7), await SetAsync(runner));
    }

    private async Task<ProfileOutcome> SetAsync(IProcessRunner runner)
    {
        var host = new NixHost(_folder.Settings, runner, _clock, NullLogger<NixHost>.Instance);
        var setting = host.SetProfileAsync(_folder.System("one"), TestContext.Current.CancellationToken);
        for (var round = 0; !setting.IsCompleted && round < 1000; round++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        return await setting;
    }
}
