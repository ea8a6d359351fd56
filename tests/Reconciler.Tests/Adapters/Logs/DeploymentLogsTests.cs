using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Reconciler.Adapters.Logs;
using Reconciler.Model;
using Reconciler.Tests.Making;
using Xunit;

namespace Reconciler.Tests.Adapters.Logs;

public sealed class DeploymentLogsTests : IDisposable
{
    private static readonly DeploymentId Seven = new(7);

    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 1, 8, 0, 0, 250, TimeSpan.Zero));
    private readonly DeploymentLogs _logs;

    public DeploymentLogsTests() => _logs = Logs(new DeploymentLogSettings(Folder));

    private string Folder => _folder.At("state/logs");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Write_PutsTheTimeBeforeEachLine()
    {
        using (var log = _logs.Open(Seven))
        {
            log.Write("building");
            _clock.Advance(TimeSpan.FromSeconds(1.5));
            log.Write("");
        }

        Assert.Equal("2026-03-01T08:00:00.250Z building\n2026-03-01T08:00:01.750Z \n", await File.ReadAllTextAsync(Path.Combine(Folder, "7.log"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Open_Again_Appends()
    {
        Write(Seven, "one");
        Write(Seven, "two");

        Assert.Equal(["one", "two"], await AllAsync(Seven));
    }

    [Fact]
    public async Task Open_AfterAPowerCutWithinALine_BeginsANewOne()
    {
        Directory.CreateDirectory(Folder);
        await File.WriteAllTextAsync(Path.Combine(Folder, "7.log"), "2026-03-01T08:00:00.250Z ha", TestContext.Current.CancellationToken);

        Write(Seven, "one");

        Assert.Equal(["ha", "one"], await AllAsync(Seven));
    }

    [Theory]
    [InlineData("\u001b[31;1mred\u001b[0m", "red")]
    [InlineData("\u001b]0;title\u0007text", "text")]
    [InlineData("\u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\", "link")]
    [InlineData("\u009b2Jgone", "gone")]
    [InlineData("a\tb\u0000c\u0008\u007f\u0085", "a\tbc")]
    [InlineData("first\nsecond\rthird", "first second third")]
    [InlineData("\u202etxt.exe", "txt.exe")]
    [InlineData("ends with \u001b", "ends with ")]
    [InlineData("ends with \u001b[", "ends with ")]
    public async Task Write_LeavesOutWhatATerminalWouldObey(string line, string clean)
    {
        Write(Seven, line);

        Assert.Equal([clean], await AllAsync(Seven));
    }

    [Fact]
    public async Task Write_OfBrokenSurrogates_MendsThem()
    {
        Write(Seven, "lone \ud800 surrogate 𝄞");

        Assert.Equal(["lone \ufffd surrogate 𝄞"], await AllAsync(Seven));
    }

    [Fact]
    public async Task Write_OfAnEndlessLine_IsBounded()
    {
        Write(Seven, new string('x', 1_000_000));

        Assert.Equal(new string('x', LogLine.Longest) + "…", Assert.Single(await AllAsync(Seven)));
    }

    [Fact]
    public async Task Write_PastTheLimit_KeepsBeginningAndEndAndSaysWhatIsMissing()
    {
        const int Limit = 64 * 1024;
        var logs = Logs(new DeploymentLogSettings(Folder) { LargestFile = Limit });
        using (var log = logs.Open(Seven))
        {
            for (var i = 1; i <= 10_000; i++)
            {
                log.Write($"line {i}");
            }
        }

        var lines = await AllAsync(Seven);
        Assert.True(new FileInfo(Path.Combine(Folder, "7.log")).Length <= Limit);
        Assert.Equal("line 1", lines[0]);
        Assert.Equal("line 10000", lines[^1]);
        var cut = Assert.Single(lines, l => l.StartsWith("… cut: ", StringComparison.Ordinal));
        var missing = 10_000 - (lines.Count - 1);
        Assert.Contains($" {missing} lines were left out here", cut, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_ByALaterStepPastTheLimit_IsStillKept()
    {
        var logs = Logs(new DeploymentLogSettings(Folder) { LargestFile = 64 * 1024 });
        for (var step = 0; step < 100; step++)
        {
            using var log = logs.Open(Seven);
            for (var i = 0; i < 1000; i++)
            {
                log.Write($"step {step} line {i}");
            }
        }

        Assert.True(new FileInfo(Path.Combine(Folder, "7.log")).Length <= 64 * 1024);
        Assert.Contains("step 1 line 999", await AllAsync(Seven));
    }

    [Fact]
    public void Open_KeepsTheNewestFilesOnly()
    {
        var logs = Logs(new DeploymentLogSettings(Folder) { Files = 3 });
        foreach (var position in new[] { 2, 9, 10, 100, 1000 })
        {
            using var log = logs.Open(new DeploymentId(position));
            log.Write("x");
        }

        Assert.Equal(["10.log", "100.log", "1000.log"], Directory.GetFiles(Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Write_WhereNothingCanBeWritten_DoesNotThrow()
    {
        await File.WriteAllTextAsync(_folder.At("state"), "a file where the folder should be", TestContext.Current.CancellationToken);

        Write(Seven, "lost");

        Assert.Empty(await AllAsync(Seven));
    }

    [Fact]
    public async Task Write_OnAFullDisk_DoesNotThrow_AndSaysWhatIsMissingWhenThereIsRoom()
    {
        var disk = Directory.CreateDirectory(_folder.At("disk")).FullName;
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk), "No file system can be mounted here; run as root.");
        try
        {
            var logs = Logs(new DeploymentLogSettings(disk));
            await File.WriteAllBytesAsync(Path.Combine(disk, "ballast"), new byte[32 * 1024], TestContext.Current.CancellationToken);
            using (var log = logs.Open(Seven))
            {
                for (var i = 0; i < 2000; i++)
                {
                    log.Write($"line {i} {new string('x', 50)}");
                }

                File.Delete(Path.Combine(disk, "ballast"));
                _clock.Advance(TimeSpan.FromSeconds(2));
                log.Write("room again");
            }

            var lines = await AllAsync(logs, Seven);
            Assert.Equal("room again", lines[^1]);
            Assert.Matches(@"^… \d{3,} lines could not be written here: .*", lines[^2]);
            Assert.StartsWith("line 0 ", lines[0], StringComparison.Ordinal);
        }
        finally
        {
            Run("umount", "--lazy", disk);
        }
    }

    [Fact]
    public async Task Write_FromManyThreads_KeepsLinesWhole()
    {
        using (var log = _logs.Open(Seven))
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(t => Task.Run(() =>
            {
                for (var i = 0; i < 500; i++)
                {
                    log.Write($"{t} {i} end");
                }
            })));
        }

        var lines = await AllAsync(Seven);
        Assert.Equal(2000, lines.Count);
        Assert.All(lines, l => Assert.Matches(@"^\d \d+ end$", l));
    }

    [Fact]
    public void Write_AfterDispose_IsDropped()
    {
        var log = _logs.Open(Seven);
        log.Dispose();
        log.Write("late");
        log.Dispose();

        Assert.False(File.Exists(Path.Combine(Folder, "7.log")));
    }

    [Fact]
    public async Task ReadAsync_OfNoLog_IsEmpty()
    {
        Assert.Empty(await AllAsync(Seven));
    }

    [Fact]
    public async Task ReadAsync_Following_SeesEachLineAsItComes_OverSeveralSteps()
    {
        await using var lines = _logs.ReadAsync(Seven, follow: true, TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        var next = lines.MoveNextAsync().AsTask();
        Assert.False(next.IsCompleted);
        using (var log = _logs.Open(Seven))
        {
            log.Write("one");
            Assert.True(await next);
            Assert.EndsWith(" one", lines.Current, StringComparison.Ordinal);
            next = lines.MoveNextAsync().AsTask();
            log.Write("two");
            Assert.True(await next);
            Assert.EndsWith(" two", lines.Current, StringComparison.Ordinal);
            next = lines.MoveNextAsync().AsTask();
        }

        // A step ended, the deployment did not.
        using (var log = _logs.Open(Seven))
        {
            Assert.False(next.IsCompleted);
            log.Write("three");
            Assert.True(await next);
            next = lines.MoveNextAsync().AsTask();
            _logs.Close(Seven);
            log.Write("last");
            Assert.True(await next);
            Assert.EndsWith(" last", lines.Current, StringComparison.Ordinal);
            next = lines.MoveNextAsync().AsTask();
            Assert.False(next.IsCompleted);
        }

        Assert.False(await next);
    }

    [Fact]
    public async Task ReadAsync_Following_EndsWhenALaterDeploymentBegins()
    {
        Write(Seven, "one");
        await using var lines = _logs.ReadAsync(Seven, follow: true, TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await lines.MoveNextAsync());
        var next = lines.MoveNextAsync().AsTask();

        Write(new DeploymentId(8), "other");

        Assert.False(await next);
        Assert.Single(await AllAsync(Seven, follow: true));
    }

    [Fact]
    public async Task ReadAsync_Following_EndsWhenCancelled()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        await using var lines = _logs.ReadAsync(Seven, follow: true, cancel.Token).GetAsyncEnumerator(cancel.Token);
        var next = lines.MoveNextAsync().AsTask();

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    [Fact]
    public async Task ReadAsync_FollowedWhileManyThreadsWrite_MissesNothing()
    {
        var reading = AllAsync(Seven, follow: true);
        using (var log = _logs.Open(Seven))
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(t => Task.Run(() =>
            {
                for (var i = 0; i < 1000; i++)
                {
                    log.Write($"{t} {i}");
                }
            })));
        }

        _logs.Close(Seven);
        var lines = await reading;
        Assert.Equal(4000, lines.Distinct().Count());
        Assert.Equal(4000, lines.Count);
    }

    private void Write(DeploymentId deployment, string line)
    {
        using var log = _logs.Open(deployment);
        log.Write(line);
    }

    private Task<List<string>> AllAsync(DeploymentId deployment, bool follow = false) => AllAsync(_logs, deployment, follow);

    /// <summary>The lines without their times.</summary>
    private static async Task<List<string>> AllAsync(DeploymentLogs logs, DeploymentId deployment, bool follow = false)
    {
        var lines = new List<string>();
        await foreach (var line in logs.ReadAsync(deployment, follow, TestContext.Current.CancellationToken))
        {
            lines.Add(line["2026-03-01T08:00:00.250Z ".Length..]);
        }

        return lines;
    }

    private DeploymentLogs Logs(DeploymentLogSettings settings) => new(settings, _clock, NullLogger<DeploymentLogs>.Instance);

    private static bool Run(string program, params IEnumerable<string> arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
