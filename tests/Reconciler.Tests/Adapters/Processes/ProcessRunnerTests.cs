using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Reconciler.Adapters.Processes;
using Reconciler.Tests.Making;
using Xunit;

namespace Reconciler.Tests.Adapters.Processes;

public sealed class ProcessRunnerTests : IDisposable
{
    private readonly ProcessRunner _runner = new(TimeProvider.System);
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 4", 4)]
    [InlineData("exit 100", 100)]
    [InlineData("kill -KILL $$", 137)]
    [InlineData("kill -TERM $$", 143)]
    public async Task RunAsync_OfAProgramThatEnds_TellsHow(string script, int code)
    {
        var outcome = Assert.IsType<ProcessOutcome.Exited>(await _runner.RunAsync(Shell(script), Cancellation));

        Assert.Equal(code, outcome.Code);
        Assert.Equal(code == 0, outcome.Succeeded);
        Assert.Equal(code == 0, outcome.IsSuccess);
    }

    [Fact]
    public async Task RunAsync_KeepsEachStreamAsItWasWritten()
    {
        var outcome = await ExitedAsync(Shell("printf 'a\\n\\nb'; printf 'é€\\r\\nlast\\n' >&2"));

        Assert.Equal("a\n\nb", outcome.Output);
        Assert.Equal("é€\r\nlast\n", outcome.Error);
    }

    [Fact]
    public async Task RunAsync_CallsBackForEachLine_TheLastWithoutItsEndToo()
    {
        var lines = new List<ProcessLine>();
        await ExitedAsync(Shell("printf 'one\\r\\n\\ntwo'") with { OnLine = lines.Add });

        Assert.Equal([new(false, "one"), new(false, ""), new(false, "two")], lines);
    }

    [Fact]
    public async Task RunAsync_OfThousandsOfLines_KeepsTheirOrder()
    {
        var lines = new List<string>();
        var errors = new List<string>();
        await ExitedAsync(Shell("seq 1 20000; seq 1 20000 >&2") with { OnLine = l => (l.IsError ? errors : lines).Add(l.Text) });

        var numbers = Enumerable.Range(1, 20000).Select(i => i.ToString(CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(numbers, lines);
        Assert.Equal(numbers, errors);
    }

    [Fact]
    public async Task RunAsync_OfHugeOutput_KeepsTheBeginningOfOneStreamAndTheEndOfTheOther()
    {
        var outcome = await ExitedAsync(Shell("yes out | head -c 20000000; seq 1 1000000 >&2") with { KeepCharacters = 1000 });

        Assert.Equal(1001, outcome.Output.Length);
        Assert.StartsWith("out\nout\n", outcome.Output, StringComparison.Ordinal);
        Assert.EndsWith("…", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(1001, outcome.Error.Length);
        Assert.StartsWith("…", outcome.Error, StringComparison.Ordinal);
        Assert.EndsWith("\n999999\n1000000\n", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_OfOneEndlessLine_CutsTheLineAndKeepsTheText()
    {
        var lines = new List<string>();
        var outcome = await ExitedAsync(Shell("head -c 100000 /dev/zero | tr '\\0' x") with { OnLine = l => lines.Add(l.Text) });

        Assert.Equal(16 * 1024, Assert.Single(lines).Length);
        Assert.Equal(100_000, outcome.Output.Length);
    }

    [Fact]
    public async Task RunAsync_OfBytesThatAreNoText_DoesNotMind()
    {
        var outcome = await ExitedAsync(Shell("printf '\\377\\376ok\\n'"));

        Assert.Equal("\ufffd\ufffdok\n", outcome.Output);
    }

    [Fact]
    public async Task RunAsync_HandsOverItsInput()
    {
        var text = string.Concat(Enumerable.Repeat("é line\n", 50_000));
        var outcome = await ExitedAsync(ProcessRequest.Of("sha256sum") with { Input = text });
        var expected = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));

        Assert.StartsWith(expected, outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_WithoutInput_ClosesIt()
    {
        Assert.Equal("", (await ExitedAsync(ProcessRequest.Of("cat"))).Output);
    }

    [Fact]
    public async Task RunAsync_OfAProgramThatDoesNotReadItsInput_DoesNotMind()
    {
        var outcome = await ExitedAsync(ProcessRequest.Of("true") with { Input = new string('x', 10_000_000) });

        Assert.True(outcome.Succeeded);
    }

    [Fact]
    public async Task RunAsync_PassesArgumentsAsTheyAre()
    {
        ImmutableArray<string> arguments = ["%s|", "a b", "$HOME", "'", "\"", "", "*", "-x", "ü\nz"];

        Assert.Equal("a b|$HOME|'|\"||*|-x|ü\nz|", (await ExitedAsync(new ProcessRequest("printf", arguments))).Output);
    }

    [Theory]
    [InlineData("/nowhere/program")]
    [InlineData("no-such-program-anywhere")]
    [InlineData("/etc/passwd")]
    [InlineData("/")]
    [InlineData("")]
    [InlineData("true\0")]
    public async Task RunAsync_OfAProgramThatCannotBeStarted_SaysSo(string program)
    {
        var outcome = Assert.IsType<ProcessOutcome.NotStarted>(await _runner.RunAsync(ProcessRequest.Of(program), Cancellation));

        Assert.NotEqual("", outcome.Detail);
    }

    [Fact]
    public async Task RunAsync_WithANulInAnArgument_IsNotStarted()
    {
        Assert.IsType<ProcessOutcome.NotStarted>(await _runner.RunAsync(ProcessRequest.Of("echo", "a\0b"), Cancellation));
    }

    [Fact]
    public async Task RunAsync_InAFolderThatIsMissing_IsNotStarted()
    {
        Assert.IsType<ProcessOutcome.NotStarted>(await _runner.RunAsync(ProcessRequest.Of("true") with { WorkingDirectory = _folder.At("none") }, Cancellation));
    }

    [Fact]
    public async Task RunAsync_RunsInItsFolder_OrInTheRoot()
    {
        Assert.Equal(_folder.Path + "\n", (await ExitedAsync(ProcessRequest.Of("pwd") with { WorkingDirectory = _folder.Path })).Output);
        Assert.Equal("/\n", (await ExitedAsync(ProcessRequest.Of("pwd"))).Output);
    }

    [Fact]
    public async Task RunAsync_AddsAndRemovesVariables()
    {
        var request = ProcessRequest.Of("env") with
        {
            Environment = ImmutableDictionary<string, string?>.Empty.Add("ADDED", "one two").Add("PATH", "/usr/bin:/bin").Add("HOME", null),
        };
        var lines = (await ExitedAsync(request)).Output.Split('\n');

        Assert.Contains("ADDED=one two", lines);
        Assert.Contains("PATH=/usr/bin:/bin", lines);
        Assert.DoesNotContain(lines, l => l.StartsWith("HOME=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_PastItsTimeLimit_KillsItAndAllItsChildren()
    {
        var pids = _folder.At("pids");
        var request = Shell($"echo before >&2; (sleep 300 & echo $! >> {pids}; exec sleep 300) & echo $! >> {pids}; echo $$ >> {pids}; wait") with { Timeout = TimeSpan.FromSeconds(1) };

        var outcome = Assert.IsType<ProcessOutcome.TimedOut>(await _runner.RunAsync(request, Cancellation));

        Assert.Equal("before\n", outcome.Error);
        Assert.Equal(TimeSpan.FromSeconds(1), outcome.Limit);
        await AssertGoneAsync(pids, 3);
    }

    [Fact]
    public async Task RunAsync_WhenCancelled_KillsItAndAllItsChildrenAndThrows()
    {
        var pids = _folder.At("pids");
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var request = Shell($"sleep 300 & echo $! >> {pids}; echo $$ >> {pids}; echo ready; wait") with { OnLine = _ => cancel.Cancel() };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _runner.RunAsync(request, cancel.Token));

        await AssertGoneAsync(pids, 2);
    }

    [Fact]
    public async Task RunAsync_WhenCancelledBefore_StartsNothing()
    {
        var mark = _folder.At("mark");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _runner.RunAsync(ProcessRequest.Of("touch", mark), new CancellationToken(canceled: true)));

        Assert.False(File.Exists(mark));
    }

    [Fact]
    public async Task RunAsync_OfAProgramThatLeavesAChildWithItsPipes_DoesNotWaitForTheChild()
    {
        var pids = _folder.At("pids");
        var outcome = await ExitedAsync(Shell($"sleep 300 & echo $! > {pids}; echo done; exit 3") with { Timeout = TimeSpan.FromMinutes(4) });

        Assert.Equal(3, outcome.Code);
        Assert.Equal("done\n", outcome.Output);
        Assert.True(outcome.Took < TimeSpan.FromMinutes(1));
        KillAll(pids);
    }

    [Fact]
    public async Task RunAsync_OfAProgramThatLeavesAChildWithItsInput_DoesNotWaitForTheChild()
    {
        var pids = _folder.At("pids");
        var request = Shell($"exec 3<&0; sleep 300 <&3 & echo $! > {pids}; exit 3") with { Input = new string('x', 10_000_000), Timeout = TimeSpan.FromMinutes(4) };

        Assert.Equal(3, (await ExitedAsync(request)).Code);
        KillAll(pids);
    }

    [Fact]
    public async Task RunAsync_WithACallbackThatThrows_LetsTheProgramEndAndThrows()
    {
        var mark = _folder.At("mark");
        var request = Shell($"seq 1 200000; touch {mark}") with { OnLine = _ => throw new InvalidOperationException("a bug") };

        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => _runner.RunAsync(request, Cancellation));

        Assert.Equal("a bug", e.Message);
        Assert.True(File.Exists(mark));
    }

    [Fact]
    public async Task RunAsync_ManyAtOnce_KeepsThemApart()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => ExitedAsync(Shell($"echo {i}; exit {i}"))));

        Assert.Equal(Enumerable.Range(0, 40), outcomes.Select(o => o.Code));
        Assert.Equal(Enumerable.Range(0, 40).Select(i => $"{i}\n"), outcomes.Select(o => o.Output));
    }

    [Fact]
    public void Describe_TellsCauseInOneLine()
    {
        Assert.Equal("git exited with 128: fatal: no such ref", new ProcessOutcome.Exited(128, "", "warning\nfatal: no such ref\n", default).Describe("git"));
        Assert.Equal("git was killed by signal 9", new ProcessOutcome.Exited(137, "", "", default).Describe("git"));
        Assert.Equal("git did not end within 60 s", new ProcessOutcome.TimedOut(TimeSpan.FromMinutes(1), "").Describe("git"));
        Assert.Equal("git could not be started: none", new ProcessOutcome.NotStarted("none").Describe("git"));
        Assert.Equal("git succeeded", new ProcessOutcome.Exited(0, "", "", default).Describe("git"));
    }

    private static ProcessRequest Shell(string script) => ProcessRequest.Of("sh", "-c", script);

    private async Task<ProcessOutcome.Exited> ExitedAsync(ProcessRequest request) =>
        Assert.IsType<ProcessOutcome.Exited>(await _runner.RunAsync(request, Cancellation));

    private static async Task AssertGoneAsync(string pids, int count)
    {
        var all = await File.ReadAllLinesAsync(pids, Cancellation);
        Assert.Equal(count, all.Length);
        foreach (var pid in all)
        {
            // A killed process may stay a moment as a zombie, which is gone as far as its work goes.
            while (IsAlive(pid))
            {
                await Task.Delay(10, Cancellation);
            }
        }
    }

    private static bool IsAlive(string pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[stat.LastIndexOf(')')..][2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static void KillAll(string pids)
    {
        foreach (var pid in File.ReadAllLines(pids))
        {
            using var process = Process.GetProcessById(int.Parse(pid, CultureInfo.InvariantCulture));
            process.Kill();
        }
    }
}
