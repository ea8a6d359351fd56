using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Reconciler.Adapters.Git;
using Reconciler.Model;
using Reconciler.Ports;
using Reconciler.Tests.Adapters.Forge;
using Xunit;

namespace Reconciler.Tests.Adapters.Git;

// good---x---bad   main; bad and x change f, good has its first text
public sealed class GitStoryTests : IDisposable
{
    private const string Notes = "refs/notes/reconciler/web1";
    private readonly HistorySandbox _box = new();
    private readonly Revision _good;
    private readonly Revision _bad;

    public GitStoryTests()
    {
        _good = _box.Commit("good", "f", "good");
        _box.Commit("x", "g", "new file");
        _bad = _box.Commit("bad", "f", "bad");
        _box.Publish();
    }

    private string Branch => $"refs/heads/reconciler/revert-{_bad.Short}";

    public void Dispose() => _box.Dispose();

    [Fact]
    public async Task Tell_WritesAndPushesANote_ThatGitLogShows()
    {
        var told = Assert.IsType<TellOutcome.Told>(await Tell(Story.Confirmed(_good)));

        Assert.True(told.Pushed);
        Assert.Null(told.Explanation);
        Assert.Null(told.Remark);
        var shown = _box.Git(_box.Remote, "log", "-1", "--notes=reconciler/web1", "--format=%N", _good.Sha);
        using var json = JsonDocument.Parse(shown);
        Assert.Equal("confirmed", json.RootElement.GetProperty("deployments")[0].GetProperty("outcome").GetString());
        Assert.Equal("", _box.Git(_box.Mirror, "for-each-ref", "refs/notes"));
        _box.Git(_box.Remote, "fsck", "--strict");
    }

    [Fact]
    public async Task Tell_ChangesNothing_WhenToldAgain()
    {
        await Tell(Story.Confirmed(_good));
        await Tell(Rollback());
        var before = Refs();

        await Tell(Story.Confirmed(_good) with { LedgerPosition = 77 });
        var told = Assert.IsType<TellOutcome.Told>(await Tell(Rollback() with { LedgerPosition = 78, RestoredGeneration = null }));

        Assert.Equal(before, Refs());
        Assert.True(told.Pushed);
        Assert.NotNull(told.Explanation);
    }

    [Fact]
    public async Task Tell_PushesARevertOfAllSinceTheGoodRevision()
    {
        var told = Assert.IsType<TellOutcome.Told>(await Tell(Rollback()));

        Assert.Equal($"reconciler/revert-{_bad.Short}", told.Explanation);
        Assert.Equal(_box.Git(_box.Remote, "rev-parse", $"{_good.Sha}^{{tree}}"), _box.Git(_box.Remote, "rev-parse", $"{Branch}^{{tree}}"));
        Assert.Equal(_bad.Sha, _box.Git(_box.Remote, "log", "-1", "--format=%P", Branch));
        Assert.Equal(
            "Reconciler on web1 <reconciler@web1.invalid> 2026-11-22T12:01:11+00:00", _box.Git(_box.Remote, "log", "-1", "--format=%an <%ae> %cI", Branch));
        Assert.StartsWith($"Revert to {_good.Short}: ", _box.Git(_box.Remote, "log", "-1", "--format=%B", Branch), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tell_MakesTheSameCommit_WhenAllThatIsLocalWasLost()
    {
        await Tell(Rollback());
        var before = _box.Git(_box.Remote, "rev-parse", Branch);
        _box.Git(_box.Remote, "update-ref", "-d", Branch);
        Directory.Delete(Path.Combine(_box.Folder, "story.git"), recursive: true);

        await Tell(Rollback());

        Assert.Equal(before, _box.Git(_box.Remote, "rev-parse", Branch));
    }

    [Fact]
    public async Task Tell_GoesOnWhereItStopped_WhenTheRemoteWasAway()
    {
        var away = _box.Remote + ".away";
        Directory.Move(_box.Remote, away);
        var failed = Assert.IsType<TellOutcome.Failed>(await Tell(Rollback()));
        Assert.Contains("origin", failed.Detail, StringComparison.Ordinal);
        var written = _box.Git(Path.Combine(_box.Folder, "story.git"), "rev-parse", Branch);
        Directory.Move(away, _box.Remote);

        Assert.IsType<TellOutcome.Told>(await Tell(Rollback()));

        Assert.Equal(written, _box.Git(_box.Remote, "rev-parse", Branch));
    }

    [Fact]
    public async Task Tell_LeavesTheRevertOfAnotherHost_AndSaysSo()
    {
        await Tell(Rollback(), state: "story1.git");
        var first = _box.Git(_box.Remote, "rev-parse", Branch);

        var told = Assert.IsType<TellOutcome.Told>(await Tell(Rollback(host: "web2"), state: "story2.git"));

        Assert.True(told.Pushed);
        Assert.Equal($"reconciler/revert-{_bad.Short}", told.Explanation);
        Assert.Contains("Reconciler on web1", told.Remark, StringComparison.Ordinal);
        Assert.Equal(first, _box.Git(_box.Remote, "rev-parse", Branch));
        Assert.NotEqual("", _box.Git(_box.Remote, "for-each-ref", "refs/notes/reconciler/web2"));
    }

    [Fact]
    public async Task Tell_KeepsItsHandsOffABranchOfSomebodyElse()
    {
        var foreign = _box.Commit("a fix of mine");
        _box.Git(_box.Work, "push", "--quiet", _box.Remote, $"{foreign.Sha}:{Branch}");

        var told = Assert.IsType<TellOutcome.Told>(await Tell(Rollback()));

        Assert.Contains("somebody else", told.Remark, StringComparison.Ordinal);
        Assert.Equal(foreign.Sha, _box.Git(_box.Remote, "rev-parse", Branch));
    }

    // good---x---bad---revert---fix   (somebody went on from our branch)
    [Fact]
    public async Task Tell_IsContent_WhenSomebodyWentOnFromItsBranch()
    {
        await Tell(Rollback());
        _box.Git(_box.Work, "fetch", "--quiet", _box.Remote, Branch);
        _box.Git(_box.Work, "reset", "--quiet", "--hard", "FETCH_HEAD");
        var fix = _box.Commit("fix on top");
        _box.Git(_box.Work, "push", "--quiet", _box.Remote, $"{fix.Sha}:{Branch}");

        var told = Assert.IsType<TellOutcome.Told>(await Tell(Rollback()));

        Assert.Null(told.Remark);
        Assert.Equal(fix.Sha, _box.Git(_box.Remote, "rev-parse", Branch));
    }

    [Fact]
    public async Task Tell_DoesNotBringABranchBack_ThatWasMergedAndDeleted()
    {
        await Tell(Rollback());
        _box.Git(_box.Remote, "update-ref", "refs/heads/main", _box.Git(_box.Remote, "rev-parse", Branch));
        _box.Git(_box.Remote, "update-ref", "-d", Branch);
        _box.FetchMirror();

        await Tell(Rollback());

        Assert.Equal("", _box.Git(_box.Remote, "for-each-ref", Branch));
    }

    [Fact]
    public async Task Tell_MergesNotes_WhenTheRemotesMoved()
    {
        await Tell(Story.Confirmed(_good, id: 1));
        await Tell(Story.Confirmed(_bad, id: 2), state: "reinstalled.git");

        // A person writes to the same notes ref, on a commit of ours and on another one.
        _box.Git(_box.Work, "fetch", "--quiet", _box.Remote, $"{Notes}:{Notes}");
        _box.Git(_box.Work, "notes", "--ref=reconciler/web1", "append", "-m", "looked at it, fine", _good.Sha);
        _box.Git(_box.Work, "notes", "--ref=reconciler/web1", "add", "-m", "only a person's", _box.Git(_box.Work, "rev-parse", "HEAD^"));
        _box.Git(_box.Work, "push", "--quiet", _box.Remote, Notes);
        var told = Assert.IsType<TellOutcome.Told>(await Tell(Story.Confirmed(_good, id: 3, seconds: 60)));

        Assert.True(told.Pushed);
        Assert.Null(told.Remark);
        var good = Note(_good.Sha);
        Assert.Contains("looked at it, fine", good, StringComparison.Ordinal);
        Assert.Contains("\"deployment\": 1", good, StringComparison.Ordinal);
        Assert.Contains("\"deployment\": 3", good, StringComparison.Ordinal);
        Assert.Contains("\"deployment\": 2", Note(_bad.Sha), StringComparison.Ordinal);
        Assert.Equal("only a person's", Note(_box.Git(_box.Work, "rev-parse", "HEAD^")));
        _box.Git(_box.Remote, "fsck", "--strict");
    }

    [Fact]
    public async Task Tell_WritesToEveryRemoteThatMayBeWritten()
    {
        var second = Path.Combine(_box.Folder, "second.git");
        _box.Git(_box.Folder, "clone", "--quiet", "--bare", _box.Remote, second);
        GitRemoteSettings[] remotes =
        [
            new() { Name = "gone", Url = "/nonexistent/gone.git", MayPush = true },
            new() { Name = "origin", Url = _box.Remote, MayPush = true },
            new() { Name = "mirror", Url = second, MayPush = true },
        ];

        var told = Assert.IsType<TellOutcome.Told>(await Tell(Rollback(), remotes: remotes));

        Assert.True(told.Pushed);
        Assert.Contains("gone", told.Remark, StringComparison.Ordinal);
        Assert.Equal(_box.Git(_box.Remote, "rev-parse", Branch, Notes), _box.Git(second, "rev-parse", Branch, Notes));
    }

    [Fact]
    public async Task Tell_IsToldButNotPushed_WhenNoRemoteMayBeWritten()
    {
        var told = Assert.IsType<TellOutcome.Told>(await Tell(Rollback(), remotes: [new GitRemoteSettings { Name = "origin", Url = _box.Remote }]));

        Assert.False(told.Pushed);
        Assert.Null(told.Explanation);
        Assert.Contains("no remote may be written", told.Remark, StringComparison.Ordinal);
        Assert.Equal("", _box.Git(_box.Remote, "for-each-ref", "refs/notes"));
        _box.Git(Path.Combine(_box.Folder, "story.git"), "rev-parse", Branch, Notes);
    }

    [Fact]
    public async Task Tell_IsToldButNotPushed_WhenTheRemoteRefuses()
    {
        var hook = Path.Combine(_box.Remote, "hooks", "pre-receive");
        Directory.CreateDirectory(Path.GetDirectoryName(hook)!);
        File.WriteAllText(hook, "#!/bin/sh\necho 'this deploy key is read-only' >&2\nexit 1\n");
        File.SetUnixFileMode(hook, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var told = Assert.IsType<TellOutcome.Told>(await Tell(Rollback()));

        Assert.False(told.Pushed);
        Assert.Contains("may not be written", told.Remark, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("config")]
    [InlineData("hooks")]
    public async Task Tell_RunsNothingOfAnotherUsers_WhenTheRemoteIsAPath(string part)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can give a file away");
        var proof = Path.Combine(_box.Folder, "proof");
        var hook = Path.Combine(_box.Remote, "hooks", "post-receive");
        Directory.CreateDirectory(Path.GetDirectoryName(hook)!);
        File.WriteAllText(hook, $"#!/bin/sh\nid -u > {proof}\n");
        File.SetUnixFileMode(hook, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        _box.Git(_box.Remote, "config", "core.alternateRefsCommand", $"id -u > {proof}; true");
        Directory.CreateDirectory(Path.Combine(_box.Remote, "objects", "info"));
        File.WriteAllText(Path.Combine(_box.Remote, "objects", "info", "alternates"), Path.Combine(_box.Mirror, "objects") + "\n");
        _box.Run(_box.Folder, null, "chown", "65534", Path.Combine(_box.Remote, part));

        var told = Assert.IsType<TellOutcome.Told>(await Tell(Rollback()));

        Assert.False(told.Pushed);
        Assert.Contains("belongs to user 65534", told.Remark, StringComparison.Ordinal);
        Assert.False(File.Exists(proof));
        _box.Run(_box.Folder, null, "chown", "0", Path.Combine(_box.Remote, part));
        Assert.Equal("", _box.Git(_box.Remote, "for-each-ref", "refs/notes"));
    }

    [Fact]
    public async Task Tell_RunsTheHooksOfAPathRemote_ThatIsOurOwn()
    {
        var proof = Path.Combine(_box.Folder, "proof");
        var hook = Path.Combine(_box.Remote, "hooks", "post-receive");
        Directory.CreateDirectory(Path.GetDirectoryName(hook)!);
        File.WriteAllText(hook, $"#!/bin/sh\ntouch {proof}\n");
        File.SetUnixFileMode(hook, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        Assert.True(Assert.IsType<TellOutcome.Told>(await Tell(Rollback())).Pushed);

        Assert.True(File.Exists(proof));
    }

    [Fact]
    public async Task Tell_MakesNoBranch_WhereNoneHelps()
    {
        var sameFiles = _box.Commit("says other words");
        _box.Git(_box.Work, "commit", "--quiet", "--allow-empty", "-m", "and others");
        var tip = _box.Head();
        _box.Publish();

        var noCommit = Assert.IsType<TellOutcome.Told>(await Tell(Rollback() with { Restored = null }));
        var same = Assert.IsType<TellOutcome.Told>(await Tell(Story.RolledBack(new Failure.Unhealthy([]), tip, sameFiles)));
        var unknown = Assert.IsType<TellOutcome.Told>(await Tell(Rollback() with { Restored = new Revision(new string('1', 40)) }));
        var nobody = Assert.IsType<TellOutcome.Told>(await Tell(Story.RolledBack(new Failure.GaveWay(tip, []), _bad, _good)));

        Assert.Contains("came from no commit", noCommit.Remark, StringComparison.Ordinal);
        Assert.Contains("same files", same.Remark, StringComparison.Ordinal);
        Assert.Contains("no longer holds", unknown.Remark, StringComparison.Ordinal);
        Assert.Null(nobody.Remark);
        Assert.All([noCommit, same, unknown, nobody], told => Assert.Null(told.Explanation));
        Assert.Equal("", _box.Git(_box.Remote, "for-each-ref", "refs/heads/reconciler"));
    }

    [Fact]
    public async Task Tell_StartsAnew_WhenItsOwnRepositoryIsDamaged()
    {
        await Tell(Rollback());
        var story = Path.Combine(_box.Folder, "story.git");
        var loose = Directory.GetFiles(Path.Combine(story, "objects"), "*", SearchOption.AllDirectories).First(f => Path.GetFileName(f).Length == 38);
        File.SetUnixFileMode(loose, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllBytes(loose, File.ReadAllBytes(loose)[..^5]);
        File.WriteAllText(Path.Combine(story, "refs", "heads", "stale.lock"), "");

        Assert.IsType<TellOutcome.Told>(await Tell(Story.Confirmed(_good, id: 5, seconds: 90)));
        Assert.Contains("confirmed", Note(_good.Sha), StringComparison.Ordinal);
        Assert.Contains("rolled back", Note(_bad.Sha), StringComparison.Ordinal);

        File.WriteAllText(Path.Combine(story, "config"), "[[[");
        File.WriteAllText(Path.Combine(story, "refs", "notes", "reconciler", "web1.lock"), "");
        Assert.IsType<TellOutcome.Told>(await Tell(Story.Confirmed(_good, id: 6, seconds: 99)));
        Assert.Contains("\"deployment\": 6", Note(_good.Sha), StringComparison.Ordinal);
        Assert.Contains("\"deployment\": 5", Note(_good.Sha), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tell_StartsAnew_WhenAFolderOfItsOwnRepositoryCannotBeRead()
    {
        await Tell(Rollback());
        var story = Path.Combine(_box.Folder, "story.git");
        Directory.Delete(Path.Combine(story, "refs"), recursive: true);
        File.WriteAllText(Path.Combine(story, "refs"), "no folder any more, as a file system that was damaged may say");

        Assert.IsType<TellOutcome.Told>(await Tell(Story.Confirmed(_good, id: 5, seconds: 90)));

        Assert.Contains("confirmed", Note(_good.Sha), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(story + ".damaged", "refs")));
    }

    [Theory]
    [InlineData("refs/theirs/notes/reconciler/web1")]
    [InlineData("refs/theirs/heads/reconciler/revert-0000000")]
    public async Task Tell_StartsAnew_WhenARefOutlivedItsObject(string name)
    {
        await Tell(Rollback());
        var story = Path.Combine(_box.Folder, "story.git");
        foreach (var (path, content) in new[] { (name, new string('1', 40)), ("refs/notes/reconciler/web1", _bad.Sha) })
        {
            // As after a power cut: our notes are those of before, the remote's are newer, and what was fetched of them is gone.
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(story, path))!);
            File.WriteAllText(Path.Combine(story, path), content + "\n");
        }

        Assert.IsType<TellOutcome.Told>(await Tell(Story.Confirmed(_good, id: 5, seconds: 90)));
        Assert.Contains("confirmed", Note(_good.Sha), StringComparison.Ordinal);
        Assert.Contains("rolled back", Note(_bad.Sha), StringComparison.Ordinal);
        Assert.True(Directory.Exists(story + ".damaged"));
    }

    [Fact]
    public async Task Tell_RecoversByItself_WhenTheMirrorWasMadeAnew()
    {
        await Tell(Rollback());
        _box.Git(_box.Remote, "update-ref", "-d", Branch);
        Directory.Move(_box.Mirror, _box.Mirror + ".broken");
        _box.Git(_box.Folder, "init", "--quiet", "--bare", "mirror.git");

        // The objects the revert leans on are not there now: whatever comes of this try, it is no exception.
        await Tell(Rollback());
        await Tell(Story.Confirmed(_good, id: 7, seconds: 99));
        _box.Publish();

        var told = Assert.IsType<TellOutcome.Told>(await Tell(Rollback()));
        Assert.True(told.Pushed);
        Assert.NotNull(told.Explanation);
        Assert.Equal(_bad.Sha, _box.Git(_box.Remote, "log", "-1", "--format=%P", Branch));
        Assert.Contains("rolled back", Note(_bad.Sha), StringComparison.Ordinal);
        _box.Git(_box.Remote, "fsck", "--strict");
    }

    [Fact]
    public async Task Tell_KeepsTheMirrorWhereItIs_Meanwhile()
    {
        var git = _box.Program();
        using var mirror = new GitMirror(git, TimeProvider.System, NullLogger<GitMirror>.Instance);
        using var forge = new GitStory(git, mirror, new StorySettings { RepositoryPath = Path.Combine(_box.Folder, "story.git") }, NullLogger<GitStory>.Instance);
        using var checkouts = new Checkouts(git, mirror, new CheckoutSettings { Folder = Path.Combine(_box.Folder, "checkout") }, NullLogger<Checkouts>.Instance);
        using var alone = await mirror.AloneAsync(TestContext.Current.CancellationToken);

        var telling = forge.TellAsync(Rollback(), TestContext.Current.CancellationToken);
        var checkingOut = checkouts.CheckOutAsync(_bad, TestContext.Current.CancellationToken);

        // Both get to the lock without a pause, so this is no matter of time.
        Assert.False(telling.IsCompleted || checkingOut.IsCompleted || Directory.Exists(Path.Combine(_box.Folder, "story.git")));
        alone.Dispose();
        Assert.IsType<TellOutcome.Told>(await telling);
        Assert.IsType<CheckoutOutcome.Ready>(await checkingOut);
    }

    private DeploymentStory Rollback(string host = "web1") =>
        Story.RolledBack(new Failure.Unhealthy([Story.Probe("web answers", false, "no")]), _bad, _good, host);

    private string Note(string sha) => _box.Git(_box.Remote, "log", "-1", "--notes=reconciler/web1", "--format=%N", sha);

    private string Refs() => _box.Git(_box.Remote, "for-each-ref") + _box.Git(Path.Combine(_box.Folder, "story.git"), "for-each-ref", "refs/heads", "refs/notes");

    private async Task<TellOutcome> Tell(DeploymentStory story, string state = "story.git", GitRemoteSettings[]? remotes = null)
    {
        var git = _box.Program(remotes ?? []);
        using var mirror = new GitMirror(git, TimeProvider.System, NullLogger<GitMirror>.Instance);
        using var forge = new GitStory(
            git, mirror, new StorySettings { RepositoryPath = Path.Combine(_box.Folder, state) }, NullLogger<GitStory>.Instance);
        return await forge.TellAsync(story, TestContext.Current.CancellationToken);
    }
}
