using Reconciler.Adapters.Health;
using Reconciler.Adapters.Processes;
using Reconciler.Model;
using Reconciler.Planning;
using Xunit;

namespace Reconciler.Tests.Adapters.Health;

public sealed class ServicesProbeTests
{
    private static readonly HealthCheck.ServicesStayUp Check = new("up", Required: true, TimeSpan.FromSeconds(10), ["web.service", "db.service"]);

    [Theory]
    [InlineData("active", "running", 0)]
    [InlineData("active", "running", 1)]
    [InlineData("activating", "auto-restart", 1)] // once may be a service that waits for another
    [InlineData("activating", "start", 0)]
    [InlineData("inactive", "dead", 0)] // a oneshot that has run
    public void Read_ServiceThatStaysUp_Holds(string active, string sub, int restarts)
    {
        var seen = ServicesProbe.Read(Block("web.service", active, sub, restarts));

        Assert.True(seen.Holds);
        Assert.Empty(seen.Units);
    }

    [Theory]
    [InlineData("failed", "failed", 0, "exit-code", "web.service has failed (exit-code)")]
    [InlineData("activating", "auto-restart", 2, "exit-code", "web.service keeps ending and was restarted 2 times")]
    [InlineData("activating", "auto-restart-queued", 2, "exit-code", "web.service keeps ending and was restarted 2 times")]
    [InlineData("active", "running", 2, "success", "web.service was restarted 2 times since it was started")]
    public void Read_ServiceThatDoesNotStayUp_IsBlamed(string active, string sub, int restarts, string result, string detail)
    {
        var seen = ServicesProbe.Read(Block("web.service", active, sub, restarts, result));

        Assert.Equal((false, detail), (seen.Holds, seen.Detail));
        Assert.Equal(["web.service"], seen.Units);
    }

    [Fact]
    public void Read_SeveralServices_BlamesOnlyThoseThatAreDown()
    {
        var seen = ServicesProbe.Read(string.Join(
            '\n',
            Block("web.service", "failed", "failed", 0, "timeout"), Block("db.service", "active", "running", 0), Block("mail.service", "active", "running", 5)));

        Assert.Equal("web.service has failed (timeout); mail.service was restarted 5 times since it was started", seen.Detail);
        Assert.Equal(["web.service", "mail.service"], seen.Units);
    }

    [Fact]
    public async Task Look_AsksForAllServicesAtOnce()
    {
        var processes = ScriptedProcesses.Writing(Block("web.service", "active", "running", 0));

        Assert.True((await new ServicesProbe(processes).LookAsync(Check, TestContext.Current.CancellationToken)).Holds);
        Assert.Equal(["web.service", "db.service"], Assert.Single(processes.Asked).Arguments.SkipWhile(argument => argument != "--").Skip(1));
    }

    [Fact]
    public async Task Look_SystemctlFails_DoesNotHold()
    {
        var processes = ScriptedProcesses.Writing("", code: 1, error: "Failed to connect to bus");

        var seen = await new ServicesProbe(processes).LookAsync(Check, TestContext.Current.CancellationToken);

        Assert.Equal((false, "the state of the services cannot be read: systemctl exited with 1: Failed to connect to bus"), (seen.Holds, seen.Detail));
    }

    [Fact]
    public async Task Look_NoUnitWithAProperName_AsksNothing()
    {
        var processes = new ScriptedProcesses(_ => new ProcessOutcome.NotStarted("not wanted"));

        Assert.True((await new ServicesProbe(processes).LookAsync(Check with { Units = ["--all"] }, TestContext.Current.CancellationToken)).Holds);
        Assert.Empty(processes.Asked);
    }

    [Fact]
    public void TrialChecks_WatchServicesThatAreStartedOrRestartedAndNothingElse()
    {
        var plan = new SystemPlan
        {
            Start = ["web.service", "data.mount"],
            Restart = ["db.service", "web.service", "poll.timer"],
            Reload = ["dbus.service"],
            Stop = ["gone.service"],
            LeftAlone = ["getty.service"],
        };

        var check = Assert.Single(TrialChecks.Of(HealthDeclaration.Nothing, HealthDeclaration.Nothing, [], plan).OfType<HealthCheck.ServicesStayUp>());
        Assert.Equal(["web.service", "db.service"], check.Units);
        Assert.True(check.Required);
    }

    [Fact]
    public void TrialChecks_NoServiceIsStartedOrNoPlanIsKnown_WatchNone()
    {
        Assert.Empty(Watching(new SystemPlan { Start = ["data.mount"], Reload = ["dbus.service"] }));
        Assert.Empty(Watching(null));
    }

    private static IEnumerable<HealthCheck> Watching(SystemPlan? plan) =>
        TrialChecks.Of(HealthDeclaration.Nothing, HealthDeclaration.Nothing, [], plan).OfType<HealthCheck.ServicesStayUp>();

    private static string Block(string unit, string active, string sub, int restarts, string result = "success") =>
        $"Id={unit}\nActiveState={active}\nSubState={sub}\nNRestarts={restarts}\nResult={result}\n";
}
