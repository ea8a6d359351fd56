namespace Reconciler.HostTests.Making;

/// <summary>A test with a booted machine to itself. Skipped where there can be none.</summary>
public abstract class HostTest : IAsyncLifetime
{
    private readonly Beginnings _beginnings;
    private World? _world;

    /// <summary>Takes what machines begin as.</summary>
    protected HostTest(Beginnings beginnings)
    {
        Assert.SkipWhen(Beginnings.Published is null, "RECONCILER_PUBLISHED does not name the folder of the published daemon; run ./test --only machine as root");
        _beginnings = beginnings;
    }

    /// <summary>What the machine is like.</summary>
    protected virtual MachineKind Kind => MachineKind.Flake;

    internal World World => _world ?? throw new InvalidOperationException("there is no machine yet");

    internal Machine Machine => World.Machine;

    internal Host Host => World.Host;

    internal Repository Repository => World.Repository;

    /// <summary>Nix: a health check that fails, always.</summary>
    internal const string Sick = """services.reconciler.health.checks.sick = { type = "command"; command = [ "/bin/sh" "-c" "echo I am sick; exit 1" ]; };""";

    /// <summary>Nix: a health check that stops at a gate.</summary>
    internal static string Patient(Gate gate, string timeout = "200s") =>
        $$"""services.reconciler.health.checks.patient = { type = "command"; command = [ "/bin/sh" "-c" "{{gate.Script}}" ]; timeout = "{{timeout}}"; };""";

    /// <summary>Nix: a build that stops at a gate.</summary>
    internal static string Slow(Gate gate) => $$"""system.checks = [ (pkgs.runCommand "slow" { } "{{gate.Script}}; touch $out") ];""";

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => _world = await _beginnings.NewWorldAsync(Kind);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_world is null)
        {
            return;
        }

        if (TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(await Host.LastWordsAsync());
        }

        await _world.DestroyAsync();
    }
}
