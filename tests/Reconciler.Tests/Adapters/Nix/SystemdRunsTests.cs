using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Reconciler.Adapters.Nix;
using Reconciler.Adapters.Processes;
using Xunit;

namespace Reconciler.Tests.Adapters.Nix;

/// <summary>Against a systemd that is a table of units.</summary>
public sealed class SystemdRunsTests : NixTests
{
    private const string Unit = "reconciler-trial-1-1.service";
    private static readonly DetachedRun Run = new(Unit, "d", "/s/bin/switch-to-configuration", ["test"], TimeSpan.FromMinutes(1));

    private static readonly DetachedRun Other = Run with { Unit = "reconciler-boot-entry.service", Arguments = ["boot"], IsUnique = false };

    private readonly Dictionary<string, Queue<string>> _states = [];
    private readonly FakeTimeProvider _clock = new() { AutoAdvanceAmount = TimeSpan.Zero };
    private ProcessOutcome _start = ScriptedRunner.Exit(0);
    private string _listing = "";
    private Queue<string> _listings = [];
    private string _output = "";

    private string OutputPath => _folder.At($"state/activations/{Unit}.log");

    [Fact]
    public async Task Run_WaitsForTheEndAndFollowsTheOutput()
    {
        var (runs, runner) = Make(Absent, Running, Running, Exited(4));
        _output = "stopping\nactivating\nlast words";

        var end = await AdvanceUntilAsync(runs.RunAsync(Run, new LineLog(_log), Token));

        Assert.Equal(new DetachedEnd.Exited(4, _output), end);
        Assert.Equal(["stopping", "activating", "last words"], _log.Lines);
        Assert.Equal(["list-units", "show", "systemd-run", "show", "show", "show"], Names(runner));
    }

    [Fact]
    public async Task Run_OfAUnitThatRuns_JoinsIt()
    {
        var (runs, runner) = Make(Running, Running, Exited(0));

        Assert.Equal(0, Assert.IsType<DetachedEnd.Exited>(await AdvanceUntilAsync(runs.RunAsync(Run, new LineLog(_log), Token))).Code);
        Assert.Equal(["list-units", "show", "show", "show"], Names(runner));
    }

    [Fact]
    public async Task Run_ClearsUnitsThatHaveEndedAndNoOther()
    {
        _listing = $"{Unit} loaded active exited x\nreconciler-rollback-1-1.service loaded failed failed x\nnixos-rebuild-switch-to-configuration.service loaded active exited x\n";
        var (runs, runner) = Make(Exited(1), Exited(0));
        Directory.CreateDirectory(_folder.At("state/activations"));
        await File.WriteAllTextAsync(_folder.At("state/activations/reconciler-rollback-1-1.service.log"), "old", Token);

        await AdvanceUntilAsync(runs.RunAsync(Run, new LineLog(_log), Token));

        Assert.Equal(["list-units", "show", "stop", "systemd-run", "reset-failed", "show"], Names(runner));
        Assert.Equal(["stop", Unit], runner.Requests[2].Arguments);
        Assert.Equal(["reset-failed", "reconciler-rollback-1-1.service"], runner.Requests[4].Arguments);
        Assert.False(File.Exists(_folder.At("state/activations/reconciler-rollback-1-1.service.log")));
    }

    [Fact]
    public async Task Run_ThatSystemdRefuses_WasNotStarted()
    {
        _start = ScriptedRunner.Exit(1, error: "Failed to connect to bus: No such file or directory");
        var (runs, _) = Make(Absent, Absent);

        var end = Assert.IsType<DetachedEnd.NotStarted>(await AdvanceUntilAsync(runs.RunAsync(Run, new LineLog(_log), Token)));

        Assert.Contains("Failed to connect to bus", end.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ThatNobodyCanTellTheStartOf_IsNotTakenForUnstarted()
    {
        _start = new ProcessOutcome.TimedOut(TimeSpan.FromSeconds(30), "");
        var (runs, _) = Make(Absent, "", "", Running, Exited(0));

        Assert.IsType<DetachedEnd.Exited>(await AdvanceUntilAsync(runs.RunAsync(Run, new LineLog(_log), Token)));
    }

    [Fact]
    public async Task Run_WhereSystemdNeverAnswers_IsNotStarted()
    {
        var (runs, runner) = Make("");

        Assert.IsType<DetachedEnd.NotStarted>(await AdvanceUntilAsync(runs.RunAsync(Run, new LineLog(_log), Token)));
        Assert.DoesNotContain("systemd-run", Names(runner));
    }

    [Theory]
    [InlineData("reconciler-rollback-1-3.service loaded active running x")]
    [InlineData("● reconciler-repair-9-1.service loaded activating start x")]
    [InlineData("reconciler-boot-entry.service loaded deactivating stop-sigterm x")]
    public async Task Run_WaitsForOneOfAnotherNameThatAnEarlierDaemonLeft(string other)
    {
        var (runs, runner) = Make(Absent, Exited(0));
        _listings = new Queue<string>([other, other, "", ""]);

        Assert.IsType<DetachedEnd.Exited>(await AdvanceUntilAsync(runs.RunAsync(Run, new LineLog(_log), Token)));

        Assert.Equal(["list-units", "show", "list-units", "list-units", "systemd-run", "show"], Names(runner));
        Assert.Contains("which an earlier daemon left running", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WhileAnotherNeverEnds_GivesUpAfterItsOwnTimeLimit()
    {
        _listing = "reconciler-rollback-1-3.service loaded active running x\n";
        var (runs, runner) = Make(Absent);
        var begun = _clock.GetUtcNow();

        var end = await AdvanceUntilAsync(runs.RunAsync(Run, new LineLog(_log), Token));

        Assert.Equal(new DetachedEnd.Busy("reconciler-rollback-1-3.service"), end);
        Assert.DoesNotContain("systemd-run", Names(runner));
        Assert.InRange(_clock.GetUtcNow() - begun, Run.Timeout, Run.Timeout + TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task Run_ThatStartedAlthoughSystemdRunFailed_IsWaitedFor()
    {
        _start = new ProcessOutcome.TimedOut(TimeSpan.FromSeconds(30), "");
        var (runs, _) = Make(Absent, Running, Exited(0));

        Assert.IsType<DetachedEnd.Exited>(await AdvanceUntilAsync(runs.RunAsync(Run, new LineLog(_log), Token)));
    }

    [Fact]
    public async Task Run_ThatIsNotUnique_WaitsForTheOneOfItsNameAndStartsAfterIt()
    {
        var (runs, runner) = Make(Running, Exited(9), Exited(0));
        _listings = new Queue<string>([$"{Unit} loaded active running x", $"{Unit} loaded active exited x"]);

        var end = await AdvanceUntilAsync(runs.RunAsync(Run with { IsUnique = false }, new LineLog(_log), Token));

        Assert.Equal(0, Assert.IsType<DetachedEnd.Exited>(end).Code);
        Assert.Equal(["list-units", "show", "show", "list-units", "stop", "systemd-run", "show"], Names(runner));
    }

    [Fact]
    public async Task Run_AfterOneWhoseEndIsKnown_AsksNothingBeforehand()
    {
        var (runs, runner) = Make(Absent, Exited(0));
        _states[Other.Unit] = new Queue<string>([Exited(3)]);
        await AdvanceUntilAsync(runs.RunAsync(Run, new LineLog(_log), Token));
        var before = runner.Requests.Count;

        var end = await AdvanceUntilAsync(runs.RunAsync(Other, new LineLog(_log), Token));

        Assert.Equal(3, Assert.IsType<DetachedEnd.Exited>(end).Code);
        Assert.Equal(["systemd-run", "stop", "show"], Names(runner).Skip(before));
        Assert.Equal(["stop", Unit], runner.Requests[before + 1].Arguments);
    }

    [Fact]
    public async Task Run_OfTheSameNameAgain_LooksFirst()
    {
        var (runs, runner) = Make(Absent, Exited(0));
        await AdvanceUntilAsync(runs.RunAsync(Run, new LineLog(_log), Token));
        var before = runner.Requests.Count;
        _listing = $"{Unit} loaded active exited x\n";

        await AdvanceUntilAsync(runs.RunAsync(Run, new LineLog(_log), Token));

        Assert.Equal(["list-units", "show", "stop", "systemd-run", "show"], Names(runner).Skip(before));
    }

    [Fact]
    public async Task Run_AfterOneThatWasCut_LooksFirst()
    {
        var (runs, runner) = Make(Absent, Absent);
        _states[Other.Unit] = new Queue<string>([Absent, Exited(0)]);
        Assert.IsType<DetachedEnd.Cut>(await AdvanceUntilAsync(runs.RunAsync(Run, new LineLog(_log), Token)));
        var before = runner.Requests.Count;

        await AdvanceUntilAsync(runs.RunAsync(Other, new LineLog(_log), Token));

        Assert.Equal("list-units", Names(runner).Skip(before).First());
    }

    [Fact]
    public async Task Run_WithoutALookThatSystemdRefuses_LooksAndTriesAgain()
    {
        var (runs, runner) = Make(Absent, Exited(0));
        _states[Other.Unit] = new Queue<string>([Running, Running, Exited(5)]);
        await AdvanceUntilAsync(runs.RunAsync(Run, new LineLog(_log), Token));
        var before = runner.Requests.Count;
        _start = ScriptedRunner.Exit(1, error: "Failed to start transient service unit: Unit was already loaded");

        var end = await AdvanceUntilAsync(runs.RunAsync(Other with { IsUnique = true }, new LineLog(_log), Token));

        Assert.Equal(5, Assert.IsType<DetachedEnd.Exited>(end).Code);
        Assert.Equal(["systemd-run", "stop", "list-units", "show", "show", "show"], Names(runner).Skip(before));
    }

    [Fact]
    public async Task Run_WhereTheKernelTellsItsProcess_AsksSystemdOnlyWhenThatIsGone()
    {
        var (runs, runner) = Make(Absent, Exited(0));
        Directory.CreateDirectory(_folder.At("proc/77"));
        _folder.Service(Unit, 77);
        var running = runs.RunAsync(Run, new LineLog(_log), Token);
        await AdvanceAsync(TimeSpan.FromSeconds(3));

        Assert.Equal(["list-units", "show", "systemd-run"], Names(runner));

        Directory.Delete(_folder.At("proc/77"));
        Assert.IsType<DetachedEnd.Exited>(await AdvanceUntilAsync(running));
        Assert.Equal("show", Names(runner).Last());
    }

    [Fact]
    public async Task Run_WhoseProcessIsGoneBeforeItIsSeen_AsksSystemd()
    {
        var (runs, runner) = Make(Absent, Exited(0));
        Directory.CreateDirectory(_folder.At("services"));

        Assert.IsType<DetachedEnd.Exited>(await AdvanceUntilAsync(runs.RunAsync(Run, new LineLog(_log), Token)));
        Assert.Equal(["list-units", "show", "systemd-run", "show"], Names(runner));
    }

    [Fact]
    public async Task Await_WhileTheProcessLives_AsksOnlyEachTenSeconds()
    {
        var (runs, runner) = Make(RunningAs(77), RunningAs(77), Exited(0));
        Directory.CreateDirectory(_folder.At("proc/77"));
        var waiting = runs.AwaitAsync(Unit, new LineLog(_log), Token);

        Assert.Equal(1, await AskedWithinAsync(TimeSpan.FromSeconds(9), runner));
        Assert.Equal(2, await AskedWithinAsync(TimeSpan.FromSeconds(9), runner));
        Assert.False(waiting.IsCompleted);

        Directory.Delete(_folder.At("proc/77"));
        Assert.IsType<DetachedEnd.Exited>(await AdvanceUntilAsync(waiting));
        Assert.Equal(3, runner.Requests.Count);
    }

    [Fact]
    public async Task Await_OfAProcessThatIsGoneBeforeSystemdSaysSo_AsksAgain()
    {
        var (runs, runner) = Make(RunningAs(77), RunningAs(77), RunningAs(77), Exited(3));

        Assert.Equal(3, Assert.IsType<DetachedEnd.Exited>(await AdvanceUntilAsync(runs.AwaitAsync(Unit, new LineLog(_log), Token))).Code);
        Assert.Equal(4, runner.Requests.Count);
    }

    [Fact]
    public async Task Await_FollowsTheOutputWhileTheProcessLives()
    {
        var (runs, _) = Make(RunningAs(77), Exited(0));
        Directory.CreateDirectory(_folder.At("proc/77"));
        Directory.CreateDirectory(_folder.At("state/activations"));
        var waiting = runs.AwaitAsync(Unit, new LineLog(_log), Token);

        await File.WriteAllTextAsync(OutputPath, "stopping\nactiv", Token);
        await AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(["stopping"], _log.Lines);

        await File.AppendAllTextAsync(OutputPath, "ating", Token);
        Directory.Delete(_folder.At("proc/77"));
        await AdvanceUntilAsync(waiting);
        Assert.Equal(["stopping", "activating"], _log.Lines);
    }

    [Fact]
    public async Task Await_OutlastsASystemdThatDoesNotAnswer()
    {
        var (runs, _) = Make(Running, "", "", Running, "", Exited(0));

        Assert.IsType<DetachedEnd.Exited>(await AdvanceUntilAsync(runs.AwaitAsync(Unit, new LineLog(_log), Token)));
    }

    [Fact]
    public async Task Await_OfASystemdThatNeverAnswersAgain_GivesUp()
    {
        var (runs, _) = Make(Running, "");

        Assert.Equal("lost from sight", Assert.IsType<DetachedEnd.Cut>(await AdvanceUntilAsync(runs.AwaitAsync(Unit, new LineLog(_log), Token))).How);
    }

    [Fact]
    public async Task Await_OfAUnitThatWasRemoved_IsCut()
    {
        var (runs, _) = Make(Running, Absent);

        Assert.Equal("its unit was removed", Assert.IsType<DetachedEnd.Cut>(await AdvanceUntilAsync(runs.AwaitAsync(Unit, new LineLog(_log), Token))).How);
    }

    [Fact]
    public async Task Find_ReadsOutcomeAndOutputOfAnEarlierLife()
    {
        var (runs, _) = Make(Exited(2));
        Directory.CreateDirectory(_folder.At("state/activations"));
        await File.WriteAllTextAsync(OutputPath, "snippet failed\n", Token);

        Assert.Equal(new DetachedSighting.Ended(new DetachedEnd.Exited(2, "snippet failed\n")), await runs.FindAsync(Unit, Token));
    }

    private static string Absent => "LoadState=not-found\nActiveState=inactive\nSubState=dead\nResult=success\nExecMainCode=0\nExecMainStatus=0\nJob=\n";

    private static string Running => "LoadState=loaded\nActiveState=active\nSubState=running\nResult=success\nExecMainCode=0\nExecMainStatus=0\nJob=\n";

    private static string RunningAs(int process) => Running + $"MainPID={process}\n";

    private static string Exited(int code) => $"LoadState=loaded\nActiveState=active\nSubState=exited\nResult=success\nExecMainCode=1\nExecMainStatus={code}\nJob=\n";

    // The last state stays; an empty one is no answer.
    private (SystemdRuns Runs, ScriptedRunner Runner) Make(params string[] states)
    {
        _states[Unit] = new Queue<string>(states);
        var runner = new ScriptedRunner(Answer);
        return (new SystemdRuns(_folder.At("state/activations"), runner, _clock, NullLogger.Instance, _folder.At("proc"), _folder.At("services")), runner);
    }

    private ProcessOutcome Answer(ProcessRequest request)
    {
        switch (request.Program, request.Arguments[0])
        {
            case ("systemctl", "show"):
                var states = _states[request.Arguments[^1]];
                var state = states.Count > 1 ? states.Dequeue() : states.Peek();
                return state.Length == 0 ? ScriptedRunner.Exit(1, error: "Failed to get properties: Transport endpoint is not connected") : ScriptedRunner.Exit(0, state);
            case ("systemctl", "list-units"):
                return ScriptedRunner.Exit(0, _listings.TryDequeue(out var listing) ? listing : _listing);
            case ("systemd-run", _):
                File.WriteAllText(OutputPath, _output);
                return _start;
            default:
                return ScriptedRunner.Exit(0);
        }
    }

    private static IEnumerable<string> Names(ScriptedRunner runner) =>
        runner.Requests.Select(request => request.Program == "systemctl" ? request.Arguments[0] : request.Program);

    private async Task<int> AskedWithinAsync(TimeSpan time, ScriptedRunner runner)
    {
        await AdvanceAsync(time);
        return runner.Requests.Count;
    }

    private async Task AdvanceAsync(TimeSpan time)
    {
        for (var end = _clock.GetUtcNow() + time; _clock.GetUtcNow() < end;)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }
    }

    // Everything but the pauses completes at once, so each advance of the clock is one round.
    private async Task<DetachedEnd> AdvanceUntilAsync(Task<DetachedEnd> task)
    {
        for (var round = 0; !task.IsCompleted && round < 10_000; round++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.True(task.IsCompleted, "it waits for ever");
        return await task;
    }
}
