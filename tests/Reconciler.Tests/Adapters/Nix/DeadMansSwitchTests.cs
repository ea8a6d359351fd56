using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Reconciler.Adapters.Nix;
using Reconciler.Adapters.Processes;
using Reconciler.Model;
using Reconciler.Ports;
using Xunit;

namespace Reconciler.Tests.Adapters.Nix;

/// <summary>Timers are written down instead of started; when a test lets one go off, the real program runs in a real shell.</summary>
public sealed class DeadMansSwitchTests : IDisposable
{
    private static readonly DeploymentId Seven = new(7);

    private readonly NixFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 3, 12, 0, 0, TimeSpan.Zero));
    private readonly ScriptedRunner _runner;
    private readonly Toplevel _old;
    private ProcessOutcome _start = ScriptedRunner.Exit(0);
    private Action _starting = () => { };
    private string _unit = "LoadState=loaded\nActiveState=inactive\nSubState=dead\n";

    public DeadMansSwitchTests()
    {
        _runner = new ScriptedRunner(request => request switch
        {
            { Program: "systemd-run" } => Start(),
            { Arguments: ["show", ..] } => ScriptedRunner.Exit(0, _unit),
            _ => ScriptedRunner.Exit(0),
        });
        _old = _folder.System("old");
        Directory.CreateDirectory(_old.Path + "/sw/bin");
        foreach (var program in new[] { "nix-env", "systemctl", "sleep" })
        {
            WriteProgram($"{_old.Path}/sw/bin/{program}", $"echo \"{program} $*\" >> {_folder.At("done")}");
        }

        Switches("exit 0");
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string[] Done => _folder.Read("done").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Arm_StartsATimerThatNeedsNothingOfTheDaemon()
    {
        Assert.Null(await Make().ArmAsync(Order(TimeSpan.FromMinutes(22)), Token));

        var request = Assert.Single(_runner.Requests);
        Assert.Contains("--on-active=1320s", request.Arguments);
        Assert.Equal("/bin/sh", request.Arguments[request.Arguments.IndexOf("--") + 1]);
        Assert.DoesNotContain(request.Arguments, argument => argument.StartsWith("--property=User", StringComparison.Ordinal));
    }

    [Fact]
    public async Task TimerGoesOff_ActivatesTheSystemBeforeAndStartsTheDaemon()
    {
        var armed = Make();
        await armed.ArmAsync(Order(), Token);
        Assert.IsType<DeadMansSighting.Quiet>(await armed.LookAsync(Seven, Token));

        await GoOffAsync();

        Assert.Equal(["old test", "systemctl reset-failed reconciler.service", "systemctl restart --no-block reconciler.service"], Done);
        var act = Assert.IsType<DeadMansSighting.Acted>(await Make().LookAsync(Seven, Token)).Act;
        Assert.Equal("exit 0", act.HowEnded);
        Assert.True(act.Succeeded);
        Assert.InRange(act.At, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddMinutes(1));
    }

    [Fact]
    public async Task TimerGoesOff_WhenBootMayHaveMoved_PutsThatBackFirst()
    {
        await Make().ArmAsync(Order(bootToo: true), Token);

        await GoOffAsync();

        Assert.Equal([$"nix-env --profile {_folder.Settings.Profile} --set {_old.Path}", "old boot", "old test"], Done.Take(3));
    }

    [Fact]
    public async Task TimerGoesOff_WhileAnotherSwitchHoldsTheLock_TriesAgain()
    {
        Switches($"test -e {_folder.At("free")} || {{ touch {_folder.At("free")}; exit 11; }}");
        await Make().ArmAsync(Order(), Token);

        await GoOffAsync();

        Assert.Equal(["old test", "sleep 5", "old test"], Done.Take(3));
        Assert.True(Assert.IsType<DeadMansSighting.Acted>(await Make().LookAsync(Seven, Token)).Act.Succeeded);
    }

    [Fact]
    public async Task TimerGoesOff_AndTheSwitchFails_SaysSoAndStartsTheDaemonAllTheSame()
    {
        Switches("exit 2");
        await Make().ArmAsync(Order(), Token);

        await GoOffAsync();

        Assert.False(Assert.IsType<DeadMansSighting.Acted>(await Make().LookAsync(Seven, Token)).Act.Succeeded);
        Assert.Contains("systemctl restart --no-block reconciler.service", Done);
    }

    [Fact]
    public async Task TimerGoesOff_AfterTheOrderWasTakenBack_DoesNothing()
    {
        var armed = Make();
        await armed.ArmAsync(Order(), Token);

        Assert.True(armed.Disarm(Seven, takenUp: null));
        await GoOffAsync();

        Assert.Empty(Done);
        Assert.IsType<DeadMansSighting.Quiet>(await armed.LookAsync(Seven, Token));
    }

    [Fact]
    public async Task TimerThatIsNotNamedAnyMore_DoesNothing()
    {
        var armed = Make();
        await armed.ArmAsync(Order(), Token);
        _clock.Advance(TimeSpan.FromSeconds(5));
        await armed.ArmAsync(Order(TimeSpan.FromSeconds(30)), Token);

        await GoOffAsync(timer: 0);
        Assert.Empty(Done);

        await GoOffAsync(timer: 1);
        Assert.NotEmpty(Done);
    }

    [Fact]
    public async Task ArmAnew_ForEarlier_StartsTheNewTimerBeforeItStopsTheOld()
    {
        var armed = Make();
        await armed.ArmAsync(Order(), Token);
        var first = TimerOf(0);
        _clock.Advance(TimeSpan.FromSeconds(5));
        await armed.ArmAsync(Order(TimeSpan.FromSeconds(30)), Token);

        Assert.Equal(["systemd-run", "systemd-run", "systemctl"], _runner.Requests.Select(request => request.Program));
        Assert.Equal(["stop", first + ".timer"], _runner.Requests[2].Arguments);
    }

    [Fact]
    public async Task ArmAnew_ForLater_KeepsTheTimerAndLetsItWait()
    {
        var armed = Make();
        await armed.ArmAsync(Order(), Token);
        _clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Null(await armed.ArmAsync(Order(TimeSpan.FromMinutes(10), bootToo: true), Token));
        await GoOffAsync();

        Assert.Single(_runner.Requests);
        Assert.Equal(545, Done.Where(line => line.StartsWith("sleep ", StringComparison.Ordinal)).Sum(line => int.Parse(line[6..], System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal([$"nix-env --profile {_folder.Settings.Profile} --set {_old.Path}", "old boot", "old test"], Done.SkipWhile(line => line.StartsWith("sleep ", StringComparison.Ordinal)).Take(3));
        Assert.Contains($"timer {TimerOf(0)}\n", await File.ReadAllTextAsync(At("act"), Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TimerThatWaits_ForAnOrderThatIsTakenBack_DoesNothing()
    {
        await ArmedForLaterAsync(TimeSpan.FromMinutes(10));
        WriteProgram(_old.Path + "/sw/bin/sleep", $"mv {At("order")} {At("withdrawn")}");

        await GoOffAsync();

        Assert.Empty(Done);
    }

    [Fact]
    public async Task TimerThatWaits_AndIsToWaitLonger_WaitsForTheRest()
    {
        await ArmedForLaterAsync(TimeSpan.FromMinutes(2));
        WriteProgram(_old.Path + "/sw/bin/sleep", $"echo \"sleep $1\" >> {_folder.At("done")}\nsed -i 's/wait 60/wait 100/' {At("order")}");

        await GoOffAsync();

        Assert.Equal(["sleep 30", "sleep 30", "sleep 30", "sleep 10", "old test"], Done.Take(5));
    }

    [Fact]
    public async Task ArmAnew_ForMuchLater_StartsANewTimer()
    {
        var armed = Make();
        await armed.ArmAsync(Order(), Token);
        _clock.Advance(TimeSpan.FromSeconds(5));

        await armed.ArmAsync(Order(TimeSpan.FromHours(2)), Token);

        Assert.Equal(["systemd-run", "systemd-run", "systemctl"], _runner.Requests.Select(request => request.Program));
    }

    [Theory]
    [InlineData(56, true)]
    [InlineData(54, false)]
    public async Task Arm_WhenTheTimerThatIsReadyIsAboutToGoOff_StartsAnother(int seconds, bool starts)
    {
        var armed = Make();
        await armed.ReadyAsync(Order(), Token);
        _clock.Advance(TimeSpan.FromSeconds(seconds));

        Assert.Null(await armed.ArmAsync(Order(), Token));

        Assert.Equal(starts ? 2 : 1, _runner.Requests.Count);
    }

    [Fact]
    public async Task Ready_GivesNoOrder_AndArmUsesIt()
    {
        var armed = Make();
        await armed.ReadyAsync(Order(), Token);
        await GoOffAsync();
        Assert.Empty(Done);

        await armed.ArmAsync(Order(), Token);
        await GoOffAsync();

        Assert.Single(_runner.Requests);
        Assert.Equal("old test", Done[0]);
    }

    [Fact]
    public async Task Ready_ForAnotherDeployment_ServesNone()
    {
        var armed = Make();
        await armed.ReadyAsync(Order() with { Deployment = new DeploymentId(6) }, Token);

        await armed.ArmAsync(Order(), Token);

        Assert.Equal(2, _runner.Requests.Count);
    }

    [Fact]
    public async Task Disarm_OfAnOrderGivenWhileItActedOnTheOneBefore_IsTooLate()
    {
        var armed = Make();
        await armed.ArmAsync(Order(), Token);
        var order = await File.ReadAllTextAsync(At("order"), Token);
        await GoOffAsync();
        await File.WriteAllTextAsync(At("order"), order, Token);

        Assert.False(armed.Disarm(Seven, null));
    }

    [Fact]
    public async Task ArmAnew_ThatSystemdRefuses_LeavesTheOldOrder()
    {
        var armed = Make();
        await armed.ArmAsync(Order(), Token);
        _start = ScriptedRunner.Exit(1, error: "Failed to connect to bus");
        _clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal("systemd-run", Assert.IsType<Failure.HostToolFailed>(await armed.ArmAsync(Order(TimeSpan.FromSeconds(30)), Token)).Tool);
        await GoOffAsync(timer: 0);

        Assert.NotEmpty(Done);
    }

    [Fact]
    public async Task ActNow_StartsWhatTheTimerWouldStart_OnlyWhileItStandsForThisDeployment()
    {
        var armed = Make();
        await armed.ArmAsync(Order(), Token);
        await armed.ActNowAsync(new DeploymentId(8), Token);
        Assert.Single(_runner.Requests);

        await armed.ActNowAsync(Seven, Token);
        Assert.Equal(["start", "--no-block", TimerOf(0) + ".service"], _runner.Requests[^1].Arguments);

        armed.Disarm(Seven, takenUp: null);
        await armed.ActNowAsync(Seven, Token);
        Assert.Equal(2, _runner.Requests.Count);
    }

    [Fact]
    public async Task ActNow_OfAnOrderForLater_DoesNotWait()
    {
        var armed = await ArmedForLaterAsync(TimeSpan.FromMinutes(10));

        await armed.ActNowAsync(Seven, Token);
        await GoOffAsync();

        Assert.Equal("old test", Done[0]);
    }

    [Fact]
    public async Task Stands_FromArmedUntilTakenBackOrActedOn()
    {
        var armed = Make();
        Assert.False(armed.Stands(Seven));
        await armed.ArmAsync(Order(), Token);
        Assert.True(Make().Stands(Seven));
        Assert.False(armed.Stands(new DeploymentId(8)));

        armed.Disarm(Seven, takenUp: null);
        Assert.False(armed.Stands(Seven));

        await armed.ArmAsync(Order(), Token);
        await GoOffAsync(timer: 1);
        Assert.False(armed.Stands(Seven));
    }

    [Fact]
    public async Task ArmAnew_InTheInstantTheOldTimerGoesOff_IsTooLate_AndWhatThatDoesIsSeen()
    {
        var armed = Make();
        await armed.ArmAsync(Order(), Token);
        _starting = () => File.Move(At("order"), At("act"));
        _clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Contains("already", Assert.IsType<Failure.HostToolFailed>(await armed.ArmAsync(Order(TimeSpan.FromSeconds(30), bootToo: true), Token)).Detail, StringComparison.Ordinal);

        Assert.False(armed.Stands(Seven));
        Assert.False(armed.Disarm(Seven, takenUp: null));
        Assert.Equal("cut short", Assert.IsType<DeadMansSighting.Acted>(await armed.LookAsync(Seven, Token)).Act.HowEnded);
        Assert.Equal(["stop", TimerOf(1) + ".timer"], _runner.Requests.Last(request => request.Arguments[0] == "stop").Arguments);
    }

    [Fact]
    public async Task ArmAnew_AfterItWasTakenBack_DoesNotCountOnTheTimerThatMayBeStopped()
    {
        var armed = Make();
        await armed.ArmAsync(Order(), Token);
        armed.Disarm(Seven, takenUp: null);
        await armed.TidyAsync(Token);

        await armed.ArmAsync(Order(TimeSpan.FromMinutes(10)), Token);

        Assert.Contains($"timer {TimerOf(1)}\nwait 0\n", await File.ReadAllTextAsync(At("order"), Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ArmAnew_AfterWhatItDidWasTakenUp_StandsAndForgetsThat()
    {
        var armed = Make();
        await armed.ArmAsync(Order(), Token);
        await GoOffAsync();
        var act = Assert.IsType<DeadMansSighting.Acted>(await armed.LookAsync(Seven, Token)).Act;
        Assert.NotNull(await armed.ArmAsync(Order(), Token));
        Assert.True(armed.Disarm(Seven, act));

        Assert.Null(await armed.ArmAsync(Order() with { TakenUp = act }, Token));

        Assert.True(armed.Stands(Seven));
        Assert.IsType<DeadMansSighting.Quiet>(await armed.LookAsync(Seven, Token));
    }

    [Fact]
    public async Task TimerGoesOff_InTheInstantAnotherIsSet_LeavesThatOrder()
    {
        await Make().ArmAsync(Order(), Token);
        WriteProgram($"{_old.Path}/sw/bin/mv", $"printf 'deployment 7\ntimer another\n' > {At("order")}\nexec /bin/mv \"$@\"");

        await GoOffAsync();

        Assert.Empty(Done);
        Assert.Equal("deployment 7\ntimer another\n", await File.ReadAllTextAsync(At("order"), Token));
        Assert.False(File.Exists(At("act")));
    }

    [Theory]
    [InlineData("exit 1", true)] // a folder that cannot be written: nobody could have taken it back either
    [InlineData("rm \"$1\"; exit 1", false)] // taken back in this instant
    public async Task TimerGoesOff_AndTheOrderCannotBeTaken_ActsOnlyWhileItStands(string move, bool acts)
    {
        await Make().ArmAsync(Order(), Token);
        WriteProgram($"{_old.Path}/sw/bin/mv", move);

        await GoOffAsync();

        Assert.Equal(acts, Done.Contains("old test"));
    }

    [Fact]
    public async Task Tidy_TakesBackAnOrderThatStillStands()
    {
        var armed = Make();
        await armed.ArmAsync(Order(), Token);

        await armed.TidyAsync(Token);

        Assert.False(armed.Stands(Seven));
        Assert.Equal(["stop", TimerOf(0) + ".timer"], _runner.Requests[^1].Arguments);
    }

    [Fact]
    public async Task Disarm_AfterItActed_IsTooLate()
    {
        var armed = Make();
        await armed.ArmAsync(Order(), Token);
        await GoOffAsync();

        Assert.False(armed.Disarm(Seven, takenUp: null));
        Assert.True(armed.Disarm(new DeploymentId(8), takenUp: null));
    }

    [Fact]
    public void Disarm_WhenNothingWasSet_IsNoTrouble() => Assert.True(Make().Disarm(Seven, takenUp: null));

    [Fact]
    public async Task Look_OfOneThatActedForAnotherDeployment_IsQuiet()
    {
        await Make().ArmAsync(Order(), Token);
        await GoOffAsync();

        Assert.IsType<DeadMansSighting.Quiet>(await Make().LookAsync(new DeploymentId(8), Token));
    }

    [Theory]
    [InlineData("LoadState=loaded\nActiveState=active\nSubState=running\n", true)]
    [InlineData("LoadState=not-found\nActiveState=inactive\nSubState=dead\n", false)]
    public async Task Look_OfOneThatHasNotWrittenItsEnd_AsksWhetherItStillRuns(string unit, bool runs)
    {
        var armed = Make();
        await armed.ArmAsync(Order(), Token);
        await File.WriteAllTextAsync(At("act"), await File.ReadAllTextAsync(At("order"), Token) + "began 1772539200\n", Token);
        File.Delete(At("order"));
        _unit = unit;

        var sighting = await armed.LookAsync(Seven, Token);

        if (runs)
        {
            Assert.IsType<DeadMansSighting.Acting>(sighting);
        }
        else
        {
            var act = Assert.IsType<DeadMansSighting.Acted>(sighting).Act;
            Assert.Equal(("cut short", false, DateTimeOffset.FromUnixTimeSeconds(1772539200)), (act.HowEnded, act.Succeeded, act.At));
        }
    }

    [Fact]
    public async Task Look_AtAReportThatIsNone_IsQuiet()
    {
        Directory.CreateDirectory(At(""));
        await File.WriteAllTextAsync(At("act"), "deployment 99999999999999999999999\ntimer x\nended\n", Token);

        Assert.IsType<DeadMansSighting.Quiet>(await Make().LookAsync(Seven, Token));
    }

    [Fact]
    public async Task Tidy_StopsTheTimerOfWhatWasTakenBack_Once()
    {
        var armed = Make();
        await armed.ArmAsync(Order(), Token);
        armed.Disarm(Seven, takenUp: null);

        await armed.TidyAsync(Token);
        await armed.TidyAsync(Token);

        Assert.Equal(["stop", TimerOf(0) + ".timer"], _runner.Requests[^1].Arguments);
        Assert.Equal(2, _runner.Requests.Count);
    }

    [Fact]
    public async Task Arm_WhereItsFolderCannotBe_IsAFailureThatSaysWhy()
    {
        await File.WriteAllTextAsync(_folder.At("state/dead-mans-switch"), "", Token);

        Assert.Contains("dead-mans-switch", Assert.IsType<Failure.HostToolFailed>(await Make().ArmAsync(Order(), Token)).Detail, StringComparison.Ordinal);
        Assert.Empty(_runner.Requests);
    }

    [Fact]
    public async Task Boot_IsWrittenForTheUnitThatGuardsIt_AndTakenBack()
    {
        var armed = Make();

        Assert.Null(armed.ArmBoot(_old, TimeSpan.FromMinutes(7)));
        Assert.Equal($"{_old.Path} 420\n", await File.ReadAllTextAsync(At("boot"), Token));

        armed.DisarmBoot();
        armed.DisarmBoot();
        Assert.False(File.Exists(At("boot")));
    }

    private ProcessOutcome Start()
    {
        _starting();
        return _start;
    }

    private DeadMansSwitch Make() => new(
        new DeadMansSwitchSettings(_folder.At("state/dead-mans-switch"), _folder.Settings.Profile, "reconciler.service", _folder.At("run")), _runner, _clock, NullLogger<DeadMansSwitch>.Instance);

    private async Task<DeadMansSwitch> ArmedForLaterAsync(TimeSpan later)
    {
        var armed = Make();
        await armed.ArmAsync(Order(), Token);
        await armed.ArmAsync(Order(later), Token);
        return armed;
    }

    private DeadMansOrder Order(TimeSpan? after = null, bool bootToo = false) => new(Seven, _old, after ?? TimeSpan.FromMinutes(1), bootToo);

    private string At(string file) => _folder.At("state/dead-mans-switch/" + file);

    private string TimerOf(int start) => Started(start).Arguments.Single(argument => argument.StartsWith("--unit=", StringComparison.Ordinal))["--unit=".Length..];

    private ProcessRequest Started(int start) => _runner.Requests.Where(request => request.Program == "systemd-run").ElementAt(start);

    private async Task GoOffAsync(int timer = 0)
    {
        ImmutableArray<string> command = [.. Started(timer).Arguments.SkipWhile(argument => argument != "--").Skip(1)];
        var outcome = await new ProcessRunner(TimeProvider.System).RunAsync(ProcessRequest.Of(command[0], command[1..]), Token);
        Assert.True(outcome.IsSuccess, outcome.Describe("put-back.sh"));
    }

    private void Switches(string script) => WriteProgram(_old.Path + "/bin/switch-to-configuration", $"echo \"old $1\" >> {_folder.At("done")}\n{script}");

    private static void WriteProgram(string path, string script)
    {
        File.WriteAllText(path, "#!/bin/sh\n" + script + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
