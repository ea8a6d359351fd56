using System.Collections.Immutable;
using Reconciler.Adapters.Processes;
using Reconciler.Model;
using Xunit;

namespace Reconciler.Tests.Adapters.Health;

public sealed class UnitProbeTests
{
    [Theory]
    [InlineData("loaded", "active", "running", "success", true, "web.service is active (running)")]
    [InlineData("loaded", "active", "exited", "success", true, "web.service is active (exited)")]
    [InlineData("loaded", "reloading", "reload", "success", true, "web.service is reloading (reload)")]
    [InlineData("loaded", "activating", "start-pre", "success", false, "web.service is still starting (start-pre), wanted active")]
    [InlineData("loaded", "activating", "auto-restart", "exit-code", false, "web.service waits to be restarted automatically; its last run ended with exit-code, wanted active")]
    [InlineData("loaded", "activating", "auto-restart-queued", "oom-kill", false, "web.service waits to be restarted automatically; its last run ended with oom-kill, wanted active")]
    [InlineData("loaded", "failed", "failed", "timeout", false, "web.service has failed (timeout), wanted active")]
    [InlineData("loaded", "inactive", "dead", "success", false, "web.service is inactive (dead), wanted active")]
    [InlineData("loaded", "inactive", "dead", "exit-code", false, "web.service is inactive (dead); its last run ended with exit-code, wanted active")]
    [InlineData("loaded", "deactivating", "stop-sigterm", "success", false, "web.service is stopping (stop-sigterm), wanted active")]
    [InlineData("not-found", "inactive", "dead", "success", false, "web.service does not exist, wanted active")]
    [InlineData("not-found", "active", "running", "success", true, "web.service is active (running)")] // its file is gone, it runs on
    [InlineData("masked", "inactive", "dead", "success", false, "web.service is masked, wanted active")]
    [InlineData("bad-setting", "inactive", "dead", "success", false, "web.service cannot be loaded (bad-setting), wanted active")]
    public async Task Probe_Unit_TellsItsState(string load, string active, string sub, string result, bool passed, string detail)
    {
        // systemctl writes properties in an order of its own.
        var processes = ScriptedProcesses.Writing($"Result={result}\nLoadState={load}\nActiveState={active}\nSubState={sub}\n");

        var probed = await ProbeAsync(processes);

        Assert.Equal((passed, detail), (probed.Passed, probed.Detail));
        Assert.Equal(passed ? [] : ["web.service"], probed.Units);
        Assert.Equal("systemctl show --no-pager -p LoadState,ActiveState,SubState,Result -- web.service", Line(processes));
    }

    [Fact]
    public async Task Probe_SystemctlFails_SaysSo()
    {
        var silent = await ProbeAsync(ScriptedProcesses.Writing(""));
        var broken = await ProbeAsync(ScriptedProcesses.Writing("", 1, "Failed to connect to bus\n"));
        var missing = await ProbeAsync(new ScriptedProcesses(_ => new ProcessOutcome.NotStarted("No such file")));

        Assert.Equal("the state of web.service cannot be read: systemctl did not tell it", silent.Detail);
        Assert.Equal("the state of web.service cannot be read: systemctl exited with 1: Failed to connect to bus", broken.Detail);
        Assert.Equal("the state of web.service cannot be read: systemctl could not be started: No such file", missing.Detail);
        Assert.All([silent, broken, missing], result => Assert.False(result.Passed));
    }

    [Fact]
    public async Task Probe_NameThatIsAnOption_IsNotRun()
    {
        var processes = ScriptedProcesses.Writing("");

        var probed = await ProbeAsync(processes, "--host=evil");

        Assert.False(probed.Passed);
        Assert.Empty(processes.Asked);
    }

    [Theory]
    [InlineData("", "", "", true, "no unit has failed")]
    [InlineData("old.service", "old.service loaded failed failed Old\n", "", true, "no unit has failed since the trial began")]
    [InlineData("old.service", "old.service loaded failed failed Old\nweb.service loaded failed failed Web\n", "web.service", false, "failed since the trial began: web.service")]
    [InlineData("", "● web.service loaded failed failed Web\n  db.service loaded failed failed Db\n", "db.service web.service", false, "failed since the trial began: db.service, web.service")]
    [InlineData("", "reconciler-trial-7.service loaded failed failed x\nreconciler-rollback.service loaded failed failed x\n", "", true, "no unit has failed since the trial began")]
    [InlineData("", "reconciler.service loaded failed failed x\n", "reconciler.service", false, "failed since the trial began: reconciler.service")]
    public async Task Probe_FailedUnits_CountsTheNewOnes(string before, string listed, string units, bool passed, string detail)
    {
        var processes = ScriptedProcesses.Writing(listed);
        var check = new HealthCheck.NoNewlyFailedUnits("units", true, TimeSpan.FromSeconds(5));

        var probed = await HealthOf(processes).ProbeAsync(check, Words(before), CancellationToken.None);

        Assert.Equal((passed, detail), (probed.Passed, probed.Detail));
        Assert.Equal(Words(units), probed.Units);
        Assert.Equal("systemctl list-units --failed --plain --no-legend --full --no-pager", Line(processes));
    }

    [Fact]
    public async Task Probe_ManyFailedUnits_BlamesTen()
    {
        var listed = string.Concat(Enumerable.Range(0, 25).Select(i => $"unit{i:00}.service loaded failed failed x\n"));
        var check = new HealthCheck.NoNewlyFailedUnits("units", true, TimeSpan.FromSeconds(5));

        var probed = await HealthOf(ScriptedProcesses.Writing(listed)).ProbeAsync(check, [], CancellationToken.None);

        Assert.StartsWith("25 units failed since the trial began: unit00.service,", probed.Detail, StringComparison.Ordinal);
        Assert.Equal(10, probed.Units.Length);
    }

    [Fact]
    public async Task FailedUnits_NoSystemd_IsEmptyAndTheCheckFails()
    {
        var processes = new ScriptedProcesses(_ => new ProcessOutcome.NotStarted("No such file"));
        var check = new HealthCheck.NoNewlyFailedUnits("units", true, TimeSpan.FromSeconds(5));

        Assert.Empty(await HealthOf(processes).FailedUnitsAsync(CancellationToken.None));
        var probed = await HealthOf(processes).ProbeAsync(check, [], CancellationToken.None);
        Assert.Equal((false, "the failed units cannot be listed: systemctl could not be started: No such file"), (probed.Passed, probed.Detail));
    }

    [Fact]
    public async Task FailedUnits_Listed_AreSortedAndValid()
    {
        var processes = ScriptedProcesses.Writing("web.service loaded failed failed Web\n-x evil\n-.mount loaded failed failed /\ndb.service loaded failed failed\n\n");

        Assert.Equal(["-.mount", "db.service", "web.service"], await HealthOf(processes).FailedUnitsAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Journal_Units_AreAskedOneByOneAndBounded()
    {
        var processes = new ScriptedProcesses(request => new ProcessOutcome.Exited(
            0,
            request.Arguments[0] == "--unit=web.service" ? string.Join('\n', Enumerable.Range(1, 60).Select(i => $"{i}\u001b[31m {new string('x', 1000)}")) : "one\n\ntwo\n",
            "a warning\n",
            TimeSpan.Zero));

        var journal = await HealthOf(processes).JournalAsync(["web.service", "db.service", "--vacuum-size=1", "web.service"], DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), CancellationToken.None);

        Assert.Equal(["web.service", "db.service"], journal.Units.Select(unit => unit.Unit));
        Assert.Equal("journalctl --unit=web.service --since=@1700000000 -n 40 --no-pager --quiet -o short-iso", Line(processes));
        Assert.Equal(2, processes.Asked.Count);
        Assert.Equal(["one", "two"], journal.Units[1].Lines);
        Assert.StartsWith("60 [31m xxx", journal.Units[0].Lines[^1], StringComparison.Ordinal);
        Assert.All(journal.Units[0].Lines, line => Assert.True(line.Length <= 300 && !line.Any(char.IsControl)));
        Assert.InRange(journal.Units[0].Lines.Sum(line => line.Length), 300, 6000);
    }

    [Fact]
    public async Task Journal_NoJournalctl_IsNoneAfterOneTry()
    {
        var processes = new ScriptedProcesses(_ => new ProcessOutcome.NotStarted("No such file"));

        var journal = await HealthOf(processes).JournalAsync(["a.service", "b.service"], DateTimeOffset.UnixEpoch, CancellationToken.None);

        Assert.Same(JournalExcerpt.None, journal);
        Assert.Single(processes.Asked);
    }

    private static Task<ProbeResult> ProbeAsync(ScriptedProcesses processes, string unit = "web.service") =>
        HealthOf(processes).ProbeAsync(new HealthCheck.UnitIsActive("web", true, TimeSpan.FromSeconds(5), unit), [], CancellationToken.None);

    private static Reconciler.Adapters.Health.Health HealthOf(ScriptedProcesses processes) => new(processes, TimeProvider.System, _ => Task.FromResult<string?>(null));

    private static string Line(ScriptedProcesses processes) =>
        processes.Asked.TryPeek(out var first) ? $"{first.Program} {string.Join(' ', first.Arguments)}" : "";

    private static ImmutableArray<string> Words(string text) => [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
}
