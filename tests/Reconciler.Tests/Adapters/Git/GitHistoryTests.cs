using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Reconciler.Adapters.Git;
using Reconciler.Model;
using Xunit;

namespace Reconciler.Tests.Adapters.Git;

public sealed class GitHistoryTests : IDisposable
{
    private readonly HistorySandbox _box = new();

    private GitHistory History => field ??= new GitHistory(_box.Program(), _box.Runner, null, NullLogger<GitHistory>.Instance);

    public void Dispose() => _box.Dispose();

    // a---b---c   main
    [Fact]
    public void Compare_SaysAheadBehindAndSame_OnALine()
    {
        var a = _box.Commit("a");
        _box.Commit("b");
        var c = _box.Commit("c");
        _box.Publish();

        Assert.Equal(Lineage.Ahead, History.Compare(a, c));
        Assert.Equal(Lineage.Behind, History.Compare(c, a));
        Assert.Equal(Lineage.Same, History.Compare(c, c));
    }

    // a---b---d   main, then force-pushed to
    //  \--c       what was b before
    [Fact]
    public void Compare_SaysDiverged_AfterAForcePush()
    {
        var a = _box.Commit("a");
        var b = _box.Commit("b");
        _box.Publish();
        _box.Git(_box.Work, "reset", "--quiet", "--hard", a.Sha);
        var c = _box.Commit("c");
        _box.Publish();

        Assert.Equal(Lineage.Diverged, History.Compare(b, c));
        Assert.Equal(Lineage.Ahead, History.Compare(a, c));
    }

    // a---b-------m   main
    //  \---c---d-/
    [Fact]
    public void Compare_SaysAhead_ThroughTheSecondParentOfAMerge()
    {
        var a = _box.Commit("a");
        _box.Commit("b");
        _box.Git(_box.Work, "checkout", "--quiet", "-b", "side", a.Sha);
        _box.Commit("c");
        var d = _box.Commit("d");
        _box.Git(_box.Work, "checkout", "--quiet", "main");
        _box.Git(_box.Work, "merge", "--quiet", "--no-ff", "-m", "m", "side");
        var m = _box.Head();
        _box.Publish();

        Assert.Equal(Lineage.Ahead, History.Compare(d, m));
        Assert.Equal(Lineage.Behind, History.Compare(m, d));
        Assert.Equal(["m", "d", "c"], History.Between(new Revision(_box.Git(_box.Work, "rev-parse", "m^1".Replace("m", m.Sha))), m, 10).Select(c => c.Subject));
    }

    // a---b   and   x---y   (no common commit)
    [Fact]
    public void Compare_SaysDiverged_ForUnrelatedAndUnknownCommits()
    {
        var a = _box.Commit("a");
        _box.Git(_box.Work, "checkout", "--quiet", "--orphan", "other");
        var x = _box.Commit("x");
        _box.Publish();
        var unknown = new Revision(new string('1', 40));

        Assert.Equal(Lineage.Diverged, History.Compare(a, x));
        Assert.Equal(Lineage.Diverged, History.Compare(a, unknown));
        Assert.Equal(Lineage.Diverged, History.Compare(unknown, a));
        Assert.Equal(Lineage.Diverged, History.Compare(unknown, unknown));
        Assert.Equal(Lineage.Diverged, History.Compare(a, new Revision(new string('1', 64))));
        Assert.Null(History.Describe(unknown));
        Assert.Empty(History.Between(a, unknown, 5));
    }

    [Fact]
    public void Compare_AnswersOnTenThousandCommits()
    {
        var (first, middle, last) = _box.ImportLongHistory(10_000);
        _box.Publish();
        var watch = Stopwatch.StartNew();

        Assert.Equal(Lineage.Ahead, History.Compare(first, last));
        Assert.Equal(Lineage.Behind, History.Compare(last, first));
        Assert.Equal(Lineage.Ahead, History.Compare(middle, last));
        var compared = watch.Elapsed;
        Assert.Equal(50, History.Between(null, last, 50).Length);
        Assert.Equal(50, History.Between(middle, last, 50).Length);
        TestContext.Current.SendDiagnosticMessage($"3 compares of 10,000 commits {compared.TotalMilliseconds:0} ms, lists {(watch.Elapsed - compared).TotalMilliseconds:0} ms");
    }

    [Fact]
    public void Compare_Ends_WhenALooseObjectWasCutShort()
    {
        var a = _box.Commit("a", "f", "one");
        var b = _box.Commit("b", "f", "two");
        _box.Publish();
        var loose = Path.Combine(_box.Work, ".git", "objects", b.Sha[..2], b.Sha[2..]);
        var inMirror = Path.Combine(_box.Mirror, "objects", b.Sha[..2], b.Sha[2..]);
        Directory.CreateDirectory(Path.GetDirectoryName(inMirror)!);
        Directory.Delete(Path.Combine(_box.Mirror, "objects", "pack"), recursive: true);
        File.WriteAllBytes(inMirror, File.ReadAllBytes(loose)[..^20]);

        Assert.Equal(Lineage.Diverged, History.Compare(a, b));
        Assert.Null(History.Describe(b));
        File.WriteAllBytes(inMirror, []);
        Assert.Equal(Lineage.Diverged, History.Compare(a, b));
    }

    [Fact]
    public void Compare_SaysDiverged_WhenAPackIsDamaged()
    {
        var a = _box.Commit("a");
        var b = _box.Commit("b");
        _box.Publish();
        foreach (var pack in Directory.GetFiles(Path.Combine(_box.Mirror, "objects", "pack"), "*.pack"))
        {
            File.SetUnixFileMode(pack, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            var bytes = File.ReadAllBytes(pack);
            Array.Fill(bytes, (byte)0x5a, 12, bytes.Length - 32);
            File.WriteAllBytes(pack, bytes);
        }

        Assert.Equal(Lineage.Diverged, History.Compare(a, b));
        Assert.Null(History.Describe(a));
        Assert.Empty(History.Between(null, b, 3));
        Assert.Null(History.Resolve("main"));
    }

    [Fact]
    public void Compare_FollowsAMirrorThatIsReplaced()
    {
        var a = _box.Commit("a");
        _box.Publish();
        Assert.NotNull(History.Describe(a));

        Directory.Delete(_box.Mirror, recursive: true);
        Assert.Null(History.Describe(a));

        _box.Git(_box.Folder, "init", "--quiet", "--bare", "mirror.git");
        var b = _box.Commit("b");
        _box.Publish();
        Assert.Equal(Lineage.Ahead, History.Compare(a, b));
    }

    [Fact]
    public void Describe_BoundsAndCleansHostileText()
    {
        var hostile = _box.Commit($"\u001b[31mred\u001b[0m\tand \u202edeceiving\r {new string('x', 5000)}\n\nbody");
        _box.Publish();

        var summary = History.Describe(hostile)!;

        Assert.StartsWith("red and deceiving xxx", summary.Subject, StringComparison.Ordinal);
        Assert.Equal(200, summary.Subject.Length);
        Assert.Equal("Ann", summary.Author);
    }

    [Fact]
    public void Describe_Answers_ForAnEmptyMessage()
    {
        var empty = _box.Commit("");
        _box.Publish();

        Assert.Equal("", History.Describe(empty)!.Subject);
    }

    // a---b---c   main, tags v1 (annotated) on b, same-named branch and tag "twice" on different commits
    [Fact]
    public void Resolve_FindsIdsBranchesAndTags_AndNothingThatIsAmbiguous()
    {
        var a = _box.Commit("a");
        var b = _box.Commit("b");
        _box.Git(_box.Work, "tag", "-a", "-m", "one", "v1");
        _box.Git(_box.Work, "branch", "twice");
        var c = _box.Commit("c");
        _box.Git(_box.Work, "tag", "twice");
        _box.Git(_box.Work, "tag", "of-a-file", _box.Git(_box.Work, "hash-object", "-w", "--stdin"));
        _box.Publish();

        Assert.Equal(a, History.Resolve(a.Sha));
        Assert.Equal(a, History.Resolve(a.Sha[..10].ToUpperInvariant()));
        Assert.Equal(c, History.Resolve("main"));
        Assert.Equal(c, History.Resolve("origin/main"));
        Assert.Equal(b, History.Resolve("v1"));
        Assert.Null(History.Resolve("twice"));
        Assert.Null(History.Resolve("of-a-file"));
        Assert.All(["", "HEAD~1", "main^", "@", "main@{1}", ":/a", "-x", "..", "refs/../x", new string('a', 300), "nothing", "00000"], t => Assert.Null(History.Resolve(t)));
    }

    [Fact]
    public async Task Questions_MayBeAskedByManyThreads()
    {
        var a = _box.Commit("a");
        var b = _box.Commit("b");
        _box.Publish();

        await Parallel.ForAsync(0, 200, TestContext.Current.CancellationToken, (_, _) =>
        {
            Assert.Equal(Lineage.Ahead, History.Compare(a, b));
            Assert.Equal(b, History.Resolve("main"));
            return ValueTask.CompletedTask;
        });
    }
}
