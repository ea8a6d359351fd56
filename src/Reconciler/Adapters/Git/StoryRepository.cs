using LibGit2Sharp;
using Microsoft.Extensions.Logging;
using Reconciler.Adapters.Forge;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Adapters.Git;

/// <summary>The local repository stories are written to: notes and revert branches, kept apart from the mirror so that nobody else writes to it.</summary>
/// <remarks>Not safe for several threads. It can be lost: what was pushed comes back from the remotes, and a story is told again until it was told.</remarks>
internal sealed partial class StoryRepository(string path, string mirrorObjects, ILogger logger)
{
    private const int LargestNote = 256 * 1024;
    private const int ManyLooseObjects = 1000;
    private const long LeastRoom = 1 << 20;
    private readonly LooseObjects _loose = new();

    /// <summary>Where it is.</summary>
    public string Path => path;

    /// <summary>Whether it is time to pack it.</summary>
    public bool WantsPacking => _loose.Known > ManyLooseObjects;

    /// <summary>The ref of a host's notes.</summary>
    public static string NotesRef(HostName host) => $"refs/notes/reconciler/{host}";

    /// <summary>To be called after the repository was packed.</summary>
    public void Packed() => _loose.Forget();

    /// <summary>Moves it out of the way, where it can be looked at; the next use begins anew.</summary>
    /// <exception cref="IOException">It cannot be moved.</exception>
    public void SetAside(string why)
    {
        var aside = path + ".damaged";
        LogSetAside(path, aside, why);
        PrivateFolder.SetAside(path, aside);
        _loose.Forget();
    }

    /// <summary>Does something with the repository; one that is damaged is set aside, and a new one takes its place.</summary>
    /// <exception cref="LibGit2SharpException">It cannot be written, as on a full disk.</exception>
    /// <exception cref="IOException">As above.</exception>
    public T Use<T>(Func<Repository, T> act)
    {
        try
        {
            return Once(act);
        }
        catch (Exception e) when (e is LibGit2SharpException or IOException && Directory.Exists(path))
        {
            // On a full disk libgit2 complains of this and that, often of what was the matter before.
            if (e.Message.Contains("No space left", StringComparison.Ordinal) || new DriveInfo(path).AvailableFreeSpace < LeastRoom)
            {
                throw new IOException($"No space left on its disk: {e.Message}", e);
            }

            SetAside(e.Message);
            return Once(act);
        }
    }

    /// <summary>Writes how a deployment went into the host's note on its commit. Nothing is written when the note tells it already.</summary>
    public static void WriteNote(Repository repository, DeploymentStory story, Revision revision)
    {
        var name = NotesRef(story.Host);
        var parent = Tip(repository, name);
        var known = parent is null ? null : Notes.Find(parent.Tree, revision.Sha);
        var told = DeploymentNote.Of(story);
        var before = known is null ? null : Read(known, story.Host);
        var after = before is null ? told : before.With(told);
        if (before is not null && after == before)
        {
            return;
        }

        var blob = repository.ObjectDatabase.CreateBlob(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(after.ToString())));
        var tree = repository.ObjectDatabase.CreateTree(Notes.Put(parent?.Tree, revision.Sha, blob));
        Commit(repository, name, $"{story.Host}: {after.Deployments[0].Outcome} {revision.Short}\n", tree, parent is null ? [] : [parent], story);
    }

    /// <summary>Takes in the notes a remote has. Afterwards ours can be pushed there without force.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="theirs">The remote's notes, fetched.</param>
    /// <param name="story">The story that is being told, for name and date of a merge.</param>
    public static void MergeNotes(Repository repository, Commit theirs, DeploymentStory story)
    {
        var name = NotesRef(story.Host);
        var ours = Tip(repository, name);
        var common = ours is null ? null : repository.ObjectDatabase.FindMergeBase(ours, theirs);
        if (ours is null || common?.Id == ours.Id)
        {
            repository.Refs.Add(name, theirs.Id, allowOverwrite: true);
            return;
        }

        if (common?.Id == theirs.Id)
        {
            return;
        }

        var mine = Notes.All(ours.Tree);
        var definition = TreeDefinition.From(ours.Tree);
        foreach (var (noted, blob) in Notes.All(theirs.Tree))
        {
            if (!mine.TryGetValue(noted, out var other))
            {
                Notes.Put(definition, noted, blob);
            }
            else if (other.Id != blob.Id)
            {
                var union = blob.Size > LargestNote ? blob : repository.ObjectDatabase.CreateBlob(
                    new MemoryStream(System.Text.Encoding.UTF8.GetBytes(Read(other, story.Host).With(Read(blob, story.Host)).ToString())));
                Notes.Put(definition, noted, union);
            }
        }

        Commit(repository, name, "merge notes\n", repository.ObjectDatabase.CreateTree(definition), [ours, theirs], story);
    }

    /// <summary>Writes the commit that takes a bad revision back, on a branch of its own.</summary>
    public static RevertOutcome WriteRevert(Repository repository, DeploymentStory story, Failure cause, Revision bad)
    {
        if (story.Restored is not { } good)
        {
            return new RevertOutcome.None("no revert branch: the system that was restored came from no commit");
        }

        if (MirrorReader.Find(repository, bad.Sha) is not { } parent || MirrorReader.Find(repository, good.Sha) is not { } restored)
        {
            return new RevertOutcome.None($"no revert branch: the mirror no longer holds {bad} or {good}");
        }

        if (parent.Tree.Id == restored.Tree.Id)
        {
            return new RevertOutcome.None($"no revert branch: {bad} and {good} have the same files");
        }

        var branch = RollbackText.BranchOf(bad);
        var name = $"refs/heads/{branch}";
        var author = Author(story);
        if (Tip(repository, name) is { } written && IsRevert(written, bad.Sha, restored.Tree.Sha) && written.Author.Email == author.Email)
        {
            return new RevertOutcome.Written(branch, written.Sha, restored.Tree.Sha);
        }

        var message = RollbackText.Write(story, cause, bad, good);
        var commit = repository.ObjectDatabase.CreateCommit(author, author, message, restored.Tree, [parent], prettifyMessage: false);
        repository.Refs.Add(name, commit.Id, allowOverwrite: true);
        return new RevertOutcome.Written(branch, commit.Sha, restored.Tree.Sha);
    }

    /// <summary>Whether a commit takes a revision back to a tree, and does nothing else.</summary>
    public static bool IsRevert(Commit commit, string bad, string tree) => commit.Tree.Sha == tree && commit.Parents.Select(p => p.Sha).SequenceEqual([bad]);

    /// <summary>The commit a ref points at; null when there is none.</summary>
    public static Commit? Tip(Repository repository, string name) => repository.Refs[name]?.ResolveToDirectReference()?.Target as Commit;

    private static DeploymentNote Read(Blob blob, HostName host) =>
        DeploymentNote.Parse(blob.Size > LargestNote ? "" : blob.GetContentText(), host);

    private static Signature Author(DeploymentStory story) =>
        new($"Reconciler on {story.Host}", $"reconciler@{story.Host}.invalid", story.Deployment.Changed.ToUniversalTime());

    private static void Commit(Repository repository, string name, string message, Tree tree, Commit[] parents, DeploymentStory story)
    {
        var author = Author(story);
        var commit = repository.ObjectDatabase.CreateCommit(author, author, message, tree, parents, prettifyMessage: false);
        repository.Refs.Add(name, commit.Id, allowOverwrite: true);
    }

    private T Once<T>(Func<Repository, T> act)
    {
        var objects = System.IO.Path.Combine(path, "objects");
        if (_loose.FindDamaged(objects) is { } damaged)
        {
            SetAside($"{damaged} was cut short");
        }

        if (!File.Exists(System.IO.Path.Combine(path, "HEAD")))
        {
            Make(objects);
        }

        RemoveStaleLocks();
        using var repository = LibGit2.Open(path);
        return act(repository);
    }

    private void Make(string objects)
    {
        PrivateFolder.Delete(path);
        LibGit2.InitBare(path);
        Directory.CreateDirectory(System.IO.Path.Combine(objects, "info"));
        File.WriteAllText(System.IO.Path.Combine(objects, "info", "alternates"), mirrorObjects + "\n");
        using var repository = LibGit2.Open(path);
        repository.Config.Set("core.fsyncObjectFiles", true, ConfigurationLevel.Local); // libgit2 then flushes objects and refs
    }

    // A crash in the middle of a write leaves its lock behind, and nobody else writes here.
    private void RemoveStaleLocks()
    {
        foreach (var file in Directory.EnumerateFiles(path, "*.lock")
            .Concat(Directory.EnumerateFiles(System.IO.Path.Combine(path, "refs"), "*.lock", SearchOption.AllDirectories)))
        {
            File.Delete(file);
        }
    }
}

/// <summary>What became of a revert commit. A closed set.</summary>
internal abstract record RevertOutcome
{
    private RevertOutcome() { }

    /// <summary>It is on its local branch.</summary>
    /// <param name="Branch">The branch, without <c>refs/heads/</c>.</param>
    /// <param name="Sha">The commit.</param>
    /// <param name="Tree">Its tree.</param>
    public sealed record Written(string Branch, string Sha, string Tree) : RevertOutcome;

    /// <summary>There is none.</summary>
    /// <param name="Why">For people; null when none is wanted.</param>
    public sealed record None(string? Why) : RevertOutcome;
}
