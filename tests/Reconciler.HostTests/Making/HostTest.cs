namespace Reconciler.HostTests.Making;

/// <summary>A test on a booted machine. Skipped where there is none.</summary>
public abstract class HostTest
{
    private readonly World _world;

    /// <summary>Takes the world of the class.</summary>
    protected HostTest(World world)
    {
        Assert.SkipWhen(world.Machine is null, "RECONCILER_PUBLISHED does not name the folder of the published daemon; run ./test --only machine as root");
        _world = world;
    }

    internal World World => _world;

    internal Machine Machine => _world.Machine;

    internal Host Host => _world.Host;

    internal Repository Repository => _world.Repository;

    /// <summary>Nix: a health check that fails, always.</summary>
    internal const string Sick = """services.reconciler.health.checks.sick = { type = "command"; command = [ "/bin/sh" "-c" "echo I am sick; exit 1" ]; };""";
}
