using Xunit;
using static Reconciler.Tests.Adapters.Git.GitRemotesFixture;

namespace Reconciler.Tests.Adapters.Git;

public sealed class GitMirrorTests : IDisposable
{
    private readonly GitSandbox _sandbox = new();
    private readonly string _remote;
    private readonly string _main;
    private readonly string _note;

    public GitMirrorTests()
    {
        _remote = _sandbox.NewRepository("r.git");
        _sandbox.Commit(_remote, "main", "one");
        _main = _sandbox.Commit(_remote, "main", "two");
        using var git = NewLife();
        git.TipsAsync().GetAwaiter().GetResult();
        // What cannot be fetched again: its objects are loose, as libgit2 writes them.
        _note = _sandbox.Commit(Mirror, "temporary", "a note", isRoot: true);
        _sandbox.In(Mirror, "update-ref", "refs/notes/reconciler/host", _note);
        _sandbox.In(Mirror, "update-ref", "-d", "refs/heads/temporary");
    }

    private string Mirror => _sandbox.PathOf("state/mirror.git");

    public void Dispose() => _sandbox.Dispose();

    /// <summary>Breaks the mirror in each way; true when it must be made anew.</summary>
    public static TheoryData<string, bool> Damages => new()
    {
        { "truncated pack", true },
        { "missing pack", true },
        { "missing objects directory", true },
        { "bad HEAD", false },
        { "missing HEAD", false },
        { "garbage ref", false },
        { "empty ref", false },
        { "garbage packed-refs", false },
        { "leftover locks", false },
        { "truncated loose object", false },
        { "broken config", false },
        { "ref to nothing", true },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task Look_AfterDamage_MendsTheMirror(string damage, bool isMadeAnew)
    {
        Damage(damage);
        using var git = NewLife();

        Assert.Equal(Of(_main), await git.LookAsync());

        Assert.Equal(isMadeAnew, Directory.Exists(Mirror + ".broken"));
        Assert.Equal(_main, _sandbox.In(Mirror, "rev-parse", "refs/remotes/origin/main"));
        _sandbox.In(Mirror, "fsck", "--full", "--strict");
        if (damage is not "missing objects directory")
        {
            Assert.Equal("a note", _sandbox.In(Mirror, "show", "refs/notes/reconciler/host:file"));
        }

        Assert.Equal(0, await git.ProcessesOfAsync(() => git.TipsAsync()));
        var next = _sandbox.Commit(_remote, "main", "three");
        Assert.Equal(Of(next), await git.LookAsync());
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task Look_AfterDamageWhileRunning_MendsTheMirrorWhenItMatters(string damage, bool isMadeAnew)
    {
        using var git = NewLife();
        await git.TipsAsync();
        Damage(damage);

        var next = _sandbox.Commit(_remote, "main", "three");
        Assert.Equal(Of(next), await git.LookAsync());

        Assert.Equal(next, _sandbox.In(Mirror, "rev-parse", "refs/remotes/origin/main"));
        _ = isMadeAnew;
    }

    [Fact]
    public async Task Look_AfterSuspicion_FindsABitThatFlippedInABlob()
    {
        using var git = NewLife();
        await git.TipsAsync();
        var pack = Assert.Single(Directory.GetFiles(Mirror + "/objects/pack", "*.pack"));
        var bytes = await File.ReadAllBytesAsync(pack, TestContext.Current.CancellationToken);
        for (var i = 20; i < bytes.Length - 20; i++)
        {
            bytes[i] ^= 0x10;
        }

        File.Delete(pack);
        await File.WriteAllBytesAsync(pack, bytes, TestContext.Current.CancellationToken);
        git.Mirror.Suspect();

        Assert.Equal(Of(_main), await git.LookAsync());
        Assert.True(Directory.Exists(Mirror + ".broken"));
        Assert.Equal("two", _sandbox.In(Mirror, "show", $"{_main}:file"));
        Assert.Equal(0, await git.ProcessesOfAsync(() => git.TipsAsync()));
    }

    [Fact]
    public async Task Look_AtARemoteThatIsItselfCorrupt_GoesOverTheMirrorOnceInTenMinutes()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        using var git = new GitRemotesFixture(_sandbox, clock, Remote(_remote));
        await git.TipsAsync();

        int Searches() => git.Runner.Requests.Count(request => request.Arguments.Contains("fsck"));
        for (var look = 0; look < 3; look++)
        {
            git.Mirror.Suspect();
            await git.TipsAsync();
            Assert.Equal(1, Searches());
        }

        clock.Advance(TimeSpan.FromMinutes(10));
        await git.TipsAsync();
        Assert.Equal(2, Searches());
        clock.Advance(TimeSpan.FromMinutes(10));
        await git.TipsAsync();
        Assert.Equal(2, Searches());
    }

    [Fact]
    public async Task Look_AfterOurOwnRefBroke_DropsOnlyIt()
    {
        var objects = Directory.GetDirectories(Mirror + "/objects", "??").SelectMany(Directory.GetFiles).ToArray();
        Assert.NotEmpty(objects);
        foreach (var file in objects)
        {
            File.Delete(file);
        }

        using var git = NewLife();
        Assert.Equal(Of(_main), await git.LookAsync());
        _sandbox.In(Mirror, "fsck", "--full");
    }

    [Fact]
    public async Task Look_WhenTheMirrorCannotBeMade_SaysSo()
    {
        Directory.Delete(Mirror, recursive: true);
        Directory.Delete(_sandbox.PathOf("state"), recursive: true);
        await File.WriteAllTextAsync(_sandbox.PathOf("state"), "in the way", TestContext.Current.CancellationToken);
        using var git = NewLife();

        Assert.Contains("cannot be made or mended", await git.TroubleAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Maintain_PacksOnlyWhenThereAreManyPacks()
    {
        using var git = NewLife();
        await git.TipsAsync();
        Assert.Equal(0, await git.ProcessesOfAsync(() => git.Mirror.MaintainAsync(TestContext.Current.CancellationToken)));
        var tip = _main;
        for (var i = 0; i < 51; i++)
        {
            tip = _sandbox.Commit(_remote, "main", $"commit {i}");
            await git.TipsAsync();
        }

        Assert.Equal(1, await git.ProcessesOfAsync(() => git.Mirror.MaintainAsync(TestContext.Current.CancellationToken)));
        Assert.InRange(Directory.GetFiles(Mirror + "/objects/pack", "*.pack").Length, 1, 2);
        Assert.Equal(0, await git.ProcessesOfAsync(async () => Assert.Equal(Of(tip), await git.LookAsync())));
    }

    [Fact]
    public async Task Look_WithAnotherBranchWatched_ForgetsTheOldOne()
    {
        _sandbox.In(Mirror, "update-ref", "refs/remotes/origin/testing/old", _main); // would be in the way of refs/remotes/origin/testing
        _sandbox.In(_remote, "branch", "testing", _main);
        using var git = NewLife();

        Assert.Equal(Of(_main, _main), await git.LookAsync());
    }

    private GitRemotesFixture NewLife() => new(_sandbox, null, Remote(_remote));

    private void Damage(string damage)
    {
        var pack = Directory.GetFiles(Mirror + "/objects/pack", "*.pack")[0];
        switch (damage)
        {
            case "truncated pack":
                File.SetAttributes(pack, FileAttributes.Normal);
                using (var file = new FileStream(pack, FileMode.Open))
                {
                    file.SetLength(file.Length / 2);
                }

                break;
            case "missing pack":
                File.Delete(pack);
                break;
            case "missing objects directory":
                Directory.Delete(Mirror + "/objects", recursive: true);
                break;
            case "bad HEAD":
                File.WriteAllText(Mirror + "/HEAD", "\0\0\0\0");
                break;
            case "missing HEAD":
                File.Delete(Mirror + "/HEAD");
                break;
            case "garbage ref":
                File.WriteAllText(Mirror + "/refs/remotes/origin/main", "what\n");
                break;
            case "empty ref":
                File.WriteAllText(Mirror + "/refs/remotes/origin/main", "");
                break;
            case "garbage packed-refs":
                _sandbox.In(Mirror, "pack-refs", "--all");
                File.AppendAllText(Mirror + "/packed-refs", "nonsense\n\0\0\0\0");
                break;
            case "leftover locks":
                foreach (var name in new[] { "HEAD.lock", "packed-refs.lock", "config.lock", "refs/remotes/origin/main.lock" })
                {
                    File.WriteAllText($"{Mirror}/{name}", "");
                }

                break;
            case "truncated loose object":
                var loose = Mirror + "/objects/ab";
                Directory.CreateDirectory(loose);
                File.WriteAllBytes($"{loose}/{new string('c', 38)}", [0x78, 0x01]);
                break;
            case "broken config":
                File.WriteAllText(Mirror + "/config", "[core\nx");
                break;
            case "ref to nothing":
                File.WriteAllText(Mirror + "/refs/remotes/origin/main", new string('a', 40) + "\n");
                break;
            default:
                throw new ArgumentException(damage, nameof(damage));
        }
    }
}
