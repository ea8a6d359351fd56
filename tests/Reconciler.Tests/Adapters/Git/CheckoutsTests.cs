using Microsoft.Extensions.Logging.Abstractions;
using Reconciler.Adapters.Git;
using Reconciler.Model;
using Reconciler.Ports;
using Xunit;

namespace Reconciler.Tests.Adapters.Git;

public sealed class CheckoutsTests : IDisposable
{
    private readonly HistorySandbox _box = new();
    private readonly GitMirror _mirror;

    public CheckoutsTests() => _mirror = new GitMirror(_box.Program(), TimeProvider.System, NullLogger<GitMirror>.Instance);

    private Checkouts Checkouts => field ??= Make();

    private string State => Path.Combine(_box.Folder, "checkout");

    public void Dispose()
    {
        _mirror.Dispose();
        _box.Dispose();
    }

    [Fact]
    public async Task CheckOut_LaysOutExactlyTheCommit_WithADetachedHead()
    {
        File.CreateSymbolicLink(Path.Combine(_box.Work, "link"), "sub/f");
        File.WriteAllText(Path.Combine(_box.Work, "run"), "#!/bin/sh\n");
        File.SetUnixFileMode(Path.Combine(_box.Work, "run"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var a = _box.Commit("a", "sub/f", "one");
        var b = _box.Commit("b", "sub/g", "two");
        _box.Publish();

        var tree = await CheckOut(b);
        Assert.True(File.Exists(Path.Combine(tree, "sub/g")));
        Assert.Equal(b.Sha, _box.Git(tree, "rev-parse", "HEAD"));

        Assert.Equal(tree, await CheckOut(a));
        Assert.Equal(a.Sha, _box.Git(tree, "rev-parse", "HEAD"));
        Assert.Equal("HEAD", _box.Git(tree, "rev-parse", "--abbrev-ref", "HEAD"));
        Assert.False(File.Exists(Path.Combine(tree, "sub/g")));
        Assert.Equal("sub/f", new FileInfo(Path.Combine(tree, "link")).LinkTarget);
        Assert.True(File.GetUnixFileMode(Path.Combine(tree, "run")).HasFlag(UnixFileMode.UserExecute));
        Assert.Equal("", _box.Git(tree, "status", "--porcelain", "--ignored"));
    }

    [Fact]
    public async Task CheckOut_RemovesAllThatABuildLeft()
    {
        _box.Commit("a", ".gitignore", "*.ignored\nresult\n");
        var b = _box.Commit("b", "f", "one");
        _box.Publish();
        var tree = await CheckOut(b);
        File.WriteAllText(Path.Combine(tree, "x.ignored"), "");
        Directory.CreateSymbolicLink(Path.Combine(tree, "result"), "/");
        Directory.CreateDirectory(Path.Combine(tree, "empty"));
        _box.Git(tree, "init", "--quiet", "nested");
        File.WriteAllText(Path.Combine(tree, "f"), "two");
        File.SetUnixFileMode(Path.Combine(tree, ".gitignore"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.WriteAllText(Path.Combine(tree, "added"), "");
        _box.Git(tree, "add", "added");

        await CheckOut(b);

        Assert.Equal([".git", ".gitignore", "f"], Directory.GetFileSystemEntries(tree).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal("one", File.ReadAllText(Path.Combine(tree, "f")));
        Assert.False(File.GetUnixFileMode(Path.Combine(tree, ".gitignore")).HasFlag(UnixFileMode.UserExecute));
    }

    [Theory]
    [InlineData("index")]
    [InlineData("HEAD")]
    [InlineData("config")]
    [InlineData("objects/info/alternates")]
    public async Task CheckOut_MakesABrokenWorkTreeAnew(string file)
    {
        var a = _box.Commit("a", "f", "one");
        var b = _box.Commit("b", "f", "two");
        _box.Publish();
        var tree = await CheckOut(a);
        File.WriteAllText(Path.Combine(tree, ".git", file), "\0\0\0 broken");

        await CheckOut(b);

        Assert.Equal("two", File.ReadAllText(Path.Combine(tree, "f")));
        Assert.Equal(b.Sha, _box.Git(tree, "rev-parse", "HEAD"));
    }

    [Fact]
    public async Task CheckOut_SurvivesALockLeftByAPowerCut_AndAMirrorMadeAnew()
    {
        var a = _box.Commit("a", "f", "one");
        _box.Publish();
        var tree = await CheckOut(a);
        File.WriteAllText(Path.Combine(tree, ".git", "index.lock"), "");
        Directory.Delete(_box.Mirror, recursive: true);
        _box.Git(_box.Folder, "init", "--quiet", "--bare", "mirror.git");
        var b = _box.Commit("b", "f", "two");
        _box.Publish();

        await CheckOut(b);

        Assert.Equal("two", File.ReadAllText(Path.Combine(tree, "f")));
    }

    [Fact]
    public async Task CheckOut_WithObjectsTheMirrorCannotGive_HasTheNextLookMendIt()
    {
        var a = _box.Commit("a", "f", "one");
        _box.Publish();
        Assert.Null(await _mirror.EnsureAsync(TestContext.Current.CancellationToken));
        var pack = Assert.Single(Directory.GetFiles(Path.Combine(_box.Mirror, "objects", "pack"), "*.pack"));
        var bytes = File.ReadAllBytes(pack);
        bytes.AsSpan(20, bytes.Length - 40).Fill(0x55);
        File.Delete(pack);
        File.WriteAllBytes(pack, bytes);
        Assert.True(_mirror.IsSound); // nobody has noticed yet

        Assert.IsType<CheckoutOutcome.Failed>(await Checkouts.CheckOutAsync(a, TestContext.Current.CancellationToken));
        Assert.False(_mirror.IsSound);
        Assert.Null(await _mirror.EnsureAsync(TestContext.Current.CancellationToken));
        _box.Publish();

        Assert.Equal("one", File.ReadAllText(Path.Combine(await CheckOut(a), "f")));
    }

    [Fact]
    public async Task CheckOut_NeverTouchesARepositoryAboveIt()
    {
        var a = _box.Commit("a", "f", "one");
        _box.Publish();
        _box.Git(_box.Folder, "init", "--quiet", "-b", "above", ".");
        File.WriteAllText(Path.Combine(_box.Folder, "precious"), "mine");
        var tree = await CheckOut(a);
        Directory.Delete(Path.Combine(tree, ".git"), recursive: true);
        Directory.CreateDirectory(Path.Combine(tree, ".git"));

        await CheckOut(a);

        Assert.Equal("mine", File.ReadAllText(Path.Combine(_box.Folder, "precious")));
        Assert.Equal(a.Sha, _box.Git(tree, "rev-parse", "HEAD"));
    }

    [Fact]
    public async Task CheckOut_RunsNothingTheRepositoryAsksFor_AndKeepsBytesAsCommitted()
    {
        var proof = Path.Combine(_box.Folder, "proof");
        var global = Path.Combine(_box.Folder, "home");
        Directory.CreateDirectory(global);
        File.WriteAllText(Path.Combine(global, ".gitconfig"), $"[filter \"evil\"]\n\tsmudge = touch {proof}; cat\n[core]\n\tfsmonitor = touch {proof}\n");
        File.WriteAllText(Path.Combine(_box.Work, ".gitattributes"), "f filter=evil ident\ng text eol=crlf\n");
        File.WriteAllText(Path.Combine(_box.Work, "g"), "a\nb\n");
        var a = _box.Commit("a", "f", "$Id$ one");
        _box.Publish();
        var tree = await CheckOut(a);
        var hook = Path.Combine(tree, ".git", "hooks", "post-checkout");
        Directory.CreateDirectory(Path.GetDirectoryName(hook)!);
        File.WriteAllText(hook, $"#!/bin/sh\ntouch {proof}\n");
        File.SetUnixFileMode(hook, (UnixFileMode)0b111_101_101);

        await CheckOut(a);

        Assert.False(File.Exists(proof));
        Assert.Equal("$Id$ one", File.ReadAllText(Path.Combine(tree, "f")));
        Assert.Equal("a\nb\n", File.ReadAllText(Path.Combine(tree, "g")));
    }

    [Fact]
    public async Task CheckOut_TakesHostileFileNames()
    {
        string[] names = ["-rf", " blank ", "new\nline", "quote\"'$(x)", "ünï", "a/../b".Replace("/../", "_"), ".hidden"];
        foreach (var name in names)
        {
            File.WriteAllText(Path.Combine(_box.Work, name), name);
        }

        var a = _box.Commit("a");
        var b = _box.Commit("b", "other");
        _box.Publish();

        await CheckOut(b);
        var tree = await CheckOut(a);

        Assert.All(names, name => Assert.Equal(name, File.ReadAllText(Path.Combine(tree, name))));
    }

    // main.git has ../lib.git as a submodule, first at one commit, then at the next, then not at all.
    [Fact]
    public async Task CheckOut_BringsSubmodules_RelativeToTheRemote()
    {
        var (first, second, third) = MakeSubmodule("../lib.git");

        var tree = await CheckOut(first);
        Assert.Equal("one", File.ReadAllText(Path.Combine(tree, "lib/l")));
        File.WriteAllText(Path.Combine(tree, "lib/l"), "changed");
        File.WriteAllText(Path.Combine(tree, "lib/junk"), "");

        await CheckOut(second);
        Assert.Equal("two", File.ReadAllText(Path.Combine(tree, "lib/l")));
        Assert.False(File.Exists(Path.Combine(tree, "lib/junk")));
        Assert.Equal("", _box.Git(tree, "status", "--porcelain", "--ignored"));

        await CheckOut(third);
        Assert.False(Directory.Exists(Path.Combine(tree, "lib")));
        await CheckOut(first);
        Assert.Equal("one", File.ReadAllText(Path.Combine(tree, "lib/l")));
    }

    [Fact]
    public async Task CheckOut_RefusesSubmodulesByOtherProtocols()
    {
        var proof = Path.Combine(_box.Folder, "proof");
        var (first, _, _) = MakeSubmodule($"ext::sh -c touch% {proof}");

        var failed = Assert.IsType<CheckoutOutcome.Failed>(await Checkouts.CheckOutAsync(first, TestContext.Current.CancellationToken));

        Assert.Contains("submodules", Assert.IsType<Failure.CheckoutFailed>(failed.Failure).Detail, StringComparison.Ordinal);
        Assert.False(File.Exists(proof));
    }

    [Fact]
    public async Task CheckOut_SaysSo_WhenTheCommitIsMissingOrItsFilesAreInLfs()
    {
        var missing = Assert.IsType<CheckoutOutcome.Failed>(
            await Checkouts.CheckOutAsync(new Revision(new string('1', 40)), TestContext.Current.CancellationToken));
        Assert.Contains("does not hold", Assert.IsType<Failure.CheckoutFailed>(missing.Failure).Detail, StringComparison.Ordinal);

        _box.Commit("a", ".gitattributes", "*.nix filter=lfs\n");
        var lfs = _box.Commit("b", "flake.nix", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n");
        _box.Publish();
        var failed = Assert.IsType<CheckoutOutcome.Failed>(await Checkouts.CheckOutAsync(lfs, TestContext.Current.CancellationToken));
        var detail = Assert.IsType<Failure.CheckoutFailed>(failed.Failure).Detail;
        Assert.Contains("Git LFS is not supported", detail, StringComparison.Ordinal);
        Assert.Contains("flake.nix", detail, StringComparison.Ordinal);
    }

    private Checkouts Make() => new(_box.Program(), _mirror, new CheckoutSettings { Folder = State }, NullLogger<Checkouts>.Instance);

    private async Task<string> CheckOut(Revision revision)
    {
        var outcome = await Checkouts.CheckOutAsync(revision, TestContext.Current.CancellationToken);
        return outcome is CheckoutOutcome.Ready { Path: var path } ? path : throw new InvalidOperationException(outcome.ToString());
    }

    private (Revision First, Revision Second, Revision Third) MakeSubmodule(string url)
    {
        var lib = Path.Combine(_box.Folder, "libwork");
        _box.Git(_box.Folder, "init", "--quiet", "--bare", "-b", "main", "lib.git");
        _box.Git(_box.Folder, "init", "--quiet", "-b", "main", "libwork");
        File.WriteAllText(Path.Combine(lib, "l"), "one");
        _box.Git(lib, "add", "l");
        _box.Git(lib, "commit", "--quiet", "-m", "one");
        var one = _box.Git(lib, "rev-parse", "HEAD");
        File.WriteAllText(Path.Combine(lib, "l"), "two");
        _box.Git(lib, "commit", "--quiet", "-a", "-m", "two");
        var two = _box.Git(lib, "rev-parse", "HEAD");
        _box.Git(lib, "push", "--quiet", Path.Combine(_box.Folder, "lib.git"), "main");

        File.WriteAllText(Path.Combine(_box.Work, ".gitmodules"), $"[submodule \"lib\"]\n\tpath = lib\n\turl = {url}\n");
        var first = Link(one);
        var second = Link(two);
        _box.Git(_box.Work, "rm", "--quiet", "--cached", "lib", ".gitmodules");
        _box.Git(_box.Work, "commit", "--quiet", "-m", "without");
        var third = _box.Head();
        _box.Publish();
        return (first, second, third);

        Revision Link(string sha)
        {
            _box.Git(_box.Work, "add", ".gitmodules");
            _box.Git(_box.Work, "update-index", "--add", "--cacheinfo", $"160000,{sha},lib");
            _box.Git(_box.Work, "commit", "--quiet", "-m", "lib");
            return _box.Head();
        }
    }
}
