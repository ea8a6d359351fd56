using System.Text;
using Microsoft.Extensions.Time.Testing;
using Reconciler.Cli;
using Reconciler.Configuration;
using Reconciler.History;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Ports;
using Reconciler.Reconciling;
using Reconciler.Tests.Fakes;
using Reconciler.Tests.Golden;
using Reconciler.Tests.Making;
using Reconciler.Tests.Web;
using Xunit;

namespace Reconciler.Tests.Cli;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("suspend moving racks", "suspend 'moving racks' {user}")]
    [InlineData("resume", "resume {user}")]
    [InlineData("pin abcd", "pin abcd {user}")]
    [InlineData("pin", "pin  {user}")]
    [InlineData("unpin", "unpin {user}")]
    [InlineData("quarantine release abcd", "release abcd {user}")]
    [InlineData("rollback 40 --yes", "rollback 40 {user}")]
    [InlineData("rollback -y", "rollback  {user}")]
    [InlineData("sync --allow-rewind abcd", "sync abcd {user}")]
    public async Task Requests_ReachTheDesk(string line, string asked)
    {
        await using var control = new FakeControl();
        await control.StartAsync();

        var result = await RunAsync(control, line);

        Assert.Equal((0, "Done.\n", ""), result);
        Assert.Equal([asked.Replace("{user}", Environment.UserName, StringComparison.Ordinal)], control.Asked);
    }

    [Fact]
    public async Task Requests_FailWithTheReason_WhenTheDeskRefuses()
    {
        await using var control = new FakeControl { Answer = new(false, "Nothing is\u001b pinned.") };
        await control.StartAsync();

        Assert.Equal((ExitCode.Failed, "", "Nothing is\uFFFD pinned.\n"), await RunAsync(control, "unpin"));
    }

    [Fact]
    public async Task Rollback_AsksForYes_WhenThereIsNoTerminal()
    {
        await using var control = new FakeControl();
        await control.StartAsync();

        Assert.Equal((ExitCode.Usage, "", "There is no terminal to ask at; say --yes to go ahead.\n"), await RunAsync(control, "rollback"));
        Assert.Empty(control.Asked);
    }

    [Fact]
    public async Task Commands_SayThatTheDaemonIsNotRunning()
    {
        await using var control = new FakeControl();

        var (code, _, error) = await RunAsync(control, "status");

        Assert.Equal(ExitCode.Unreachable, code);
        Assert.Equal($"The daemon is not running ({control.Socket} is not there). Start it with: systemctl start reconciler\n", error);
    }

    [Fact]
    public async Task Plan_ExitsWithWhetherSomethingWouldChange()
    {
        await using var control = new FakeControl();
        await control.StartAsync();

        Assert.Equal(ExitCode.WouldChange, (await RunAsync(control, "plan")).Code);
        control.PlanAnswer = control.PlanAnswer with { Plan = new SystemPlan() };
        Assert.Equal(ExitCode.Ok, (await RunAsync(control, "plan")).Code);
        control.PlanAnswer = new PlanAnswer(A.Revision(), null, null, "it does not build");
        Assert.Equal(ExitCode.NoPlan, (await RunAsync(control, "plan")).Code);
    }

    [Fact]
    public async Task SyncWait_LooksPastDecisionsFromBeforeTheLook()
    {
        await using var control = new FakeControl();
        var reached = A.Start.AddSeconds(5);
        control.Current = control.Current with { Git = new GitView([new RemoteView("origin", A.Revision(), null, null, reached)]) };
        control.Next.Enqueue(control.Current with { DecidedAt = reached, Step = new HostStep.Hold(new HoldReason.NeedsOperator(new DeploymentId(2), A.Toplevel("old"), new Failure.ActivationFailed("exit 2", ""), "it hangs", null)) });
        await control.StartAsync();

        var (code, output, _) = await RunAsync(control, "sync --wait");

        Assert.Equal(ExitCode.NeedsOperator, code);
        Assert.DoesNotContain("up to date", output, StringComparison.Ordinal);
        Assert.Contains("NEEDS OPERATOR", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logs_PrintTheLatestDeployment()
    {
        await using var control = new FakeControl();
        await control.StartAsync();

        Assert.Equal((0, "log of 2, followed\n\e[31mred\e[0m\n", ""), await RunAsync(control, "logs -f"));
    }

    [Theory]
    [InlineData(null, ExitCode.Ok)]
    [InlineData("entry 3 was changed", ExitCode.LedgerBroken)]
    public async Task LedgerVerify_WorksWithoutTheDaemon(string? fault, int expected)
    {
        await using var control = new FakeControl { Verdict = new LedgerVerdict(2, "abc", fault) };

        Assert.Equal(expected, (await RunAsync(control, "ledger verify")).Code);
    }

    [Theory]
    [InlineData("frobnicate")]
    [InlineData("history -n 0")]
    [InlineData("show")]
    [InlineData("rollback x")]
    public async Task WrongCommandLines_AreUsageErrors(string line)
    {
        await using var control = new FakeControl();

        var (code, _, error) = await RunAsync(control, line);

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("--help", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckConfig_TellsEveryError()
    {
        await using var control = new FakeControl();
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, """{"repository": {"ulr": "/x"}, "drift": {"repair": 1}}""", TestContext.Current.CancellationToken);
        var error = new StringWriter();

        var code = await CommandLine.InvokeAsync(
            ["check-config", file],
            Commands.Context(control, new StringWriter(), error) with { LoadConfiguration = path => ConfigurationFile.Load(path, "web1") },
            TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.Usage, code);
        Assert.Equal(4, error.ToString().TrimEnd().Split('\n').Length);
        File.Delete(file);
    }

    [Fact]
    public async Task Commands_SayThatTheConfigurationIsWrong_WhenTheyFallBackToTheUsualSocket()
    {
        await using var control = new FakeControl();
        await control.StartAsync();
        using var error = new StringWriter { NewLine = "\n" };
        var context = Commands.Context(control, TextWriter.Null, error) with { LoadConfiguration = _ => ConfigurationParser.Parse("""{"repositry": 1}"""u8.ToArray(), "web1") };

        Assert.Equal(ExitCode.Unreachable, await CommandLine.InvokeAsync(["resume", "--config", "/etc/c.json"], context, TestContext.Current.CancellationToken));
        Assert.StartsWith("Warning: /etc/c.json cannot be used (", error.ToString(), StringComparison.Ordinal);
        Assert.Contains($"so the daemon is asked at {ControlSettings.DefaultSocket}.\n", error.ToString(), StringComparison.Ordinal);

        error.GetStringBuilder().Clear();
        Assert.Equal(ExitCode.Ok, await CommandLine.InvokeAsync(["resume", "--config", "/etc/c.json", "--socket", control.Socket], context, TestContext.Current.CancellationToken));
        Assert.Equal("", error.ToString());
    }

    [Fact]
    public async Task Help_ListsVerbsAndExitCodes()
    {
        await using var control = new FakeControl();

        var (code, output, _) = await RunAsync(control, "--help");

        Assert.Equal(0, code);
        GoldenText.Check("help", output.Replace("Reconciler.Tests", "reconciler", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("status")]
    [InlineData("history")]
    [InlineData("show 2")]
    [InlineData("generations")]
    [InlineData("plan")]
    [InlineData("quarantine list")]
    [InlineData("status --json")]
    public async Task Pages_ReadAsRecorded(string line)
    {
        await using var control = new FakeControl();
        await control.StartAsync();

        GoldenText.Check(line.Replace(' ', '-'), (await RunAsync(control, line)).Output);
    }

    [Fact]
    public async Task PlanWithPackages_ReadsAsRecorded()
    {
        await using var control = new FakeControl();
        control.PlanAnswer = control.PlanAnswer with
        {
            Plan = new SystemPlan
            {
                Stop = ["old.service"],
                Restart = ["nginx.service"],
                Reload = ["sshd.service"],
                LeftAlone = ["reconciler.service"],
                Packages = [new("nginx", ["1.26.3"], ["1.28.0"]), new("htop", [], ["3.4.1"]), new("hello", ["2.10"], [])],
                ClosureBytes = 1_600_000_000,
                ClosureBytesBefore = 1_580_000_000,
                RebootReasons = ["kernel"],
            },
        };
        await control.StartAsync();

        GoldenText.Check("plan-packages", (await RunAsync(control, "plan")).Output);
    }

    [Fact]
    public async Task ShowOfAFailedDeployment_TellsChecksAndJournal()
    {
        await using var control = new FakeControl();
        var sick = A.ProbeResult(passed: false, units: "nginx.service");
        control.Current = control.Current with
        {
            History = A.History([
                .. A.Tried(),
                new LedgerEvent.RollbackBegan(
                    new Failure.Unhealthy([sick]),
                    new JournalExcerpt([new UnitJournal("nginx.service", ["bind() to 0.0.0.0:80 failed", "\u001b[31mexiting\u001b[0m"])])),
                new LedgerEvent.RolledBack(),
                new LedgerEvent.Told(new DeploymentId(2), true, "reconciler/revert-82f3e9c"),
            ]),
        };
        await control.StartAsync();

        GoldenText.Check("show-rolled-back", (await RunAsync(control, "show 2")).Output);
    }

    private static Task<(int Code, string Output, string Error)> RunAsync(FakeControl control, string line) => Commands.RunAsync(control, line);
}
