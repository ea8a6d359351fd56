using Microsoft.Extensions.Time.Testing;
using Reconciler.Adapters.Processes;
using Reconciler.Model;
using Reconciler.Tests.Making;
using Xunit;

namespace Reconciler.Tests.Adapters.Health;

public sealed class HealthTests
{
    [Theory]
    [InlineData("exit 0", true, "sh exited with 0")]
    [InlineData("echo one; echo two; echo", true, "two")]
    [InlineData("echo told; echo warned >&2", true, "told")]
    [InlineData("echo bad; exit 3", false, "sh exited with 3, wanted 0: bad")]
    [InlineData("echo bad >&2; exit 3", false, "sh exited with 3, wanted 0: bad")]
    [InlineData("kill -9 $$", false, "sh was killed by signal 9")]
    [InlineData("printf 'a\\033[2Jb\\tc\\n'", true, "a [2Jb c")]
    [InlineData("test -z \"$NOTIFY_SOCKET$CREDENTIALS_DIRECTORY\" && echo none", true, "none")]
    public async Task Probe_Command_LastLineIsTheDetail(string script, bool passed, string detail)
    {
        var probed = await CommandAsync(TimeProvider.System, "sh", "-c", script);

        Assert.Equal((passed, detail), (probed.Passed, probed.Detail));
    }

    [Fact]
    public async Task Probe_CommandArguments_AreGivenAsTheyAre()
    {
        var probed = await CommandAsync(TimeProvider.System, "printf", "%s|", "a b", "$HOME", "*", "");

        Assert.Equal("a b|$HOME|*||", probed.Detail);
    }

    [Fact]
    public async Task Probe_CommandThatWritesMuch_LastLineIsKept()
    {
        var probed = await CommandAsync(TimeProvider.System, "sh", "-c", "yes | head -c 1000000; echo end");

        Assert.Equal("end", probed.Detail);
    }

    [Fact]
    public async Task Probe_LongDetail_IsCut()
    {
        var probed = await CommandAsync(TimeProvider.System, "sh", "-c", "yes é | head -c 3000 | tr -d '\\n'");

        Assert.Equal(300, probed.Detail.Length);
        Assert.EndsWith("é…", probed.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Probe_MissingProgram_SaysSo()
    {
        var probed = await CommandAsync(TimeProvider.System, "/nonexistent/check");

        Assert.False(probed.Passed);
        Assert.StartsWith("/nonexistent/check could not be started: ", probed.Detail, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Probe_CommandThatHangs_IsKilledAtItsLimitAndItsLastWordsTold()
    {
        using var folder = new TempFolder();
        var file = folder.At("pid");
        var clock = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.Zero };
        var probing = CommandAsync(clock, "sh", "-c", $"echo waiting for db; echo $$ > '{file}'; exec sleep 600");
        while (await PidAsync(file) is "")
        {
            await Task.Yield();
        }

        clock.Advance(TimeSpan.FromSeconds(5));
        var probed = await probing;

        Assert.Equal((false, "sh did not end within 5 s: waiting for db"), (probed.Passed, probed.Detail));
        var killed = $"/proc/{await PidAsync(file)}";
        while (Directory.Exists(killed))
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield(); // the kernel takes its time under load; one that is not killed sleeps on for ten minutes
        }
    }

    private static async Task<string> PidAsync(string file) => File.Exists(file) ? (await File.ReadAllTextAsync(file)).Trim() : "";

    [Fact]
    public async Task Probe_Repository_TellsWhatTheLookSays()
    {
        var check = new HealthCheck.RepositoryIsReachable("repo", false, TimeSpan.FromSeconds(5));

        var good = await HealthWith(_ => Task.FromResult<string?>(null)).ProbeAsync(check, [], CancellationToken.None);
        var bad = await HealthWith(_ => Task.FromResult<string?>("no\nroute")).ProbeAsync(check, [], CancellationToken.None);
        var broken = await HealthWith(_ => throw new InvalidOperationException("oops")).ProbeAsync(check, [], CancellationToken.None);

        Assert.Equal((true, "the repository can be reached", false), (good.Passed, good.Detail, good.Required));
        Assert.Equal((false, "no route"), (bad.Passed, bad.Detail));
        Assert.Equal((false, "the probe itself failed: oops"), (broken.Passed, broken.Detail));
    }

    [Fact]
    public async Task Probe_RepositoryLookThatHeedsNoToken_EndsAtItsLimit()
    {
        var clock = new FakeTimeProvider();
        var never = new TaskCompletionSource<string?>();
        var health = new Reconciler.Adapters.Health.Health(ScriptedProcesses.Writing(""), clock, _ => never.Task);

        var probing = health.ProbeAsync(new HealthCheck.RepositoryIsReachable("repo", true, TimeSpan.FromSeconds(90)), [], CancellationToken.None);
        clock.Advance(TimeSpan.FromSeconds(90));

        Assert.Equal("no answer within 1 m 30 s", (await probing).Detail);
    }

    private static Task<ProbeResult> CommandAsync(TimeProvider clock, params string[] command) =>
        new Reconciler.Adapters.Health.Health(new ProcessRunner(clock), clock, _ => Task.FromResult<string?>(null))
            .ProbeAsync(new HealthCheck.CommandSucceeds("own", true, TimeSpan.FromSeconds(5), [.. command]), [], CancellationToken.None);

    private static Reconciler.Adapters.Health.Health HealthWith(Func<CancellationToken, Task<string?>> repository) =>
        new(ScriptedProcesses.Writing(""), TimeProvider.System, repository);
}
