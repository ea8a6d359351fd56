using System.Diagnostics;
using LibGit2Sharp;
using Microsoft.Extensions.Logging;
using Reconciler.Adapters.Forge;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Adapters.Git;

/// <summary>Tells stories with git alone: a note on the deployed commit, and a branch that takes a bad revision back and explains why.</summary>
/// <remarks>
/// Both are written to a repository of our own first, then pushed to every remote that may be written, never with force: notes that others wrote
/// are merged, and a branch of somebody else is left alone. A story is told the same however often it is told.
/// </remarks>
internal sealed partial class GitStory : IGitStory, IDisposable
{
    private const int MostRaces = 3;
    private readonly GitProgram _git;
    private readonly ILogger<GitStory> _logger;
    private readonly GitMirror _borrowed;
    private readonly StoryRepository _repository;
    private readonly MirrorReader _mirror;
    private readonly SemaphoreSlim _one = new(1, 1);

    /// <param name="git">The git program, for the mirror and the remotes it is set up with.</param>
    /// <param name="mirror">That mirror: kept from being replaced meanwhile.</param>
    /// <param name="settings">Where to write.</param>
    /// <param name="logger">Told of damage and of remotes that refuse.</param>
    public GitStory(GitProgram git, GitMirror mirror, StorySettings settings, ILogger<GitStory> logger)
    {
        (_git, _borrowed, _logger) = (git, mirror, logger);
        _mirror = new MirrorReader(git.Settings.MirrorPath, logger);
        _repository = new StoryRepository(settings.RepositoryPath, _mirror.Objects, logger);
    }

    /// <inheritdoc/>
    public async Task<TellOutcome> TellAsync(DeploymentStory story, CancellationToken cancellationToken)
    {
        if (story.Deployment.Revision is not { } revision)
        {
            return new TellOutcome.Told(Pushed: false, null, null); // it came from no commit, so there is none to tell it on
        }

        await _one.WaitAsync(cancellationToken);
        try
        {
            using var share = await _borrowed.ShareAsync(cancellationToken);
            var outcome = await TellAsync(story, revision, cancellationToken);
            if (outcome is TellOutcome.Failed failed && await LacksObjectsAsync(cancellationToken))
            {
                _repository.SetAside(failed.Detail);
                outcome = await TellAsync(story, revision, cancellationToken);
            }

            return outcome;
        }
        catch (Exception e) when (e is LibGit2SharpException or IOException or UnauthorizedAccessException)
        {
            return new TellOutcome.Failed($"the story cannot be written to {_repository.Path}: {PlainText.Line(e.Message, 300)}");
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    private async Task<TellOutcome> TellAsync(DeploymentStory story, Revision revision, CancellationToken cancellationToken)
    {
        var revert = _repository.Use(repository =>
        {
            StoryRepository.WriteNote(repository, story, revision);
            return story.Deployment.Phase is DeploymentPhase.RolledBack { Cause: { Fault: Fault.Revision } cause }
                ? StoryRepository.WriteRevert(repository, story, cause, revision)
                : new RevertOutcome.None(null);
        });
        var remarks = new List<string>();
        if (revert is RevertOutcome.None { Why: { } why })
        {
            remarks.Add(why);
        }

        var pushed = false;
        string? explanation = null;
        string? failed = null;
        var writable = _git.Settings.Remotes.Where(remote => remote.MayPush).ToList();
        foreach (var remote in writable)
        {
            switch (await PushAsync(remote, story, revision, revert, cancellationToken))
            {
                case PushOutcome.Done done:
                    pushed = true;
                    explanation ??= done.Explanation;
                    AddRemark(done.Remark);
                    break;
                case PushOutcome.Refused refused:
                    LogRefused(remote.Name, refused.Detail);
                    AddRemark($"{remote.Name} may not be written: {refused.Detail}");
                    break;
                case PushOutcome.Failed trouble:
                    failed ??= trouble.Detail;
                    AddRemark(trouble.Detail);
                    break;
                default:
                    throw new UnreachableException();
            }
        }

        await PackAsync(cancellationToken);
        if (!pushed && failed is not null)
        {
            return new TellOutcome.Failed(failed);
        }

        if (!pushed)
        {
            AddRemark(writable.Count == 0
                ? $"no remote may be written, so the story is only in {_repository.Path}"
                : $"the story is only in {_repository.Path}");
        }

        return new TellOutcome.Told(pushed, explanation, remarks.Count == 0 ? null : PlainText.Line(string.Join("; ", remarks), 1000));

        void AddRemark(string? remark)
        {
            if (remark is not null && !remarks.Contains(remark))
            {
                remarks.Add(remark);
            }
        }
    }

    private async Task<PushOutcome> PushAsync(
        GitRemoteSettings remote, DeploymentStory story, Revision bad, RevertOutcome revert, CancellationToken cancellationToken)
    {
        if (!GitAddress.TryParse(remote.Url, out var address, out var fault))
        {
            return new PushOutcome.Failed($"{remote.Name}: {fault}");
        }

        if (address.Transport == GitTransport.Path && PathOwner.TroubleAt(address.Text) is { } foreign)
        {
            return new PushOutcome.Refused(foreign);
        }

        var notes = StoryRepository.NotesRef(story.Host);
        var branch = revert is RevertOutcome.Written written ? $"refs/heads/{written.Branch}" : null;
        GitOutcome outcome = new GitOutcome.NotRun("nothing was pushed");
        for (var race = 0; race < MostRaces; race++)
        {
            // What the remote has now decides what there is to do; somebody may have moved it since the last look.
            outcome = await RunAsync(remote, ["ls-remote", "--refs", "--", address.Text, notes, .. branch is null ? [] : new[] { branch }], cancellationToken);
            if (outcome is not GitOutcome.Succeeded { Output: var listing })
            {
                break;
            }

            var theirs = Parse(listing);
            outcome = await FetchAsync(remote, address, [.. theirs.Keys.Where(name => !IsKnown(name, theirs[name]))], cancellationToken);
            if (!outcome.IsSuccess)
            {
                break;
            }

            var (refspecs, explanation, remark) = _repository.Use(repository => Prepare(repository, story, bad, revert, notes, theirs));
            if (refspecs.Count == 0)
            {
                return new PushOutcome.Done(explanation, remark);
            }

            // Without force: a ref that moved in the meantime is refused, and a branch is only ever made, never moved.
            var lease = branch is null ? [] : new[] { $"--force-with-lease={branch}:" };
            outcome = await RunAsync(remote, ["push", "--quiet", "--no-verify", .. lease, "--", address.Text, .. refspecs], cancellationToken);
            if (outcome.IsSuccess)
            {
                return new PushOutcome.Done(explanation, remark);
            }

            if (outcome is not GitOutcome.Exited { Error: var error } || !IsRace(error))
            {
                break;
            }
        }

        var detail = PlainText.Line(outcome.Describe($"pushing to {remote.Name}"), 400);
        return outcome is GitOutcome.Exited { Error: var said } && IsRefusal(said) ? new PushOutcome.Refused(detail) : new PushOutcome.Failed(detail);
    }

    private bool IsKnown(string name, string sha) => _repository.Use(repository => repository.Refs[name] is DirectReference known && known.TargetIdentifier == sha);

    // What is fetched is only kept as a pack: no ref of ours moves by it.
    private async Task<GitOutcome> FetchAsync(GitRemoteSettings remote, GitAddress address, string[] names, CancellationToken cancellationToken) =>
        names.Length == 0
            ? new GitOutcome.Succeeded("", "")
            : await RunAsync(
                remote,
                ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--", address.Text, .. names.Select(name => $"+{name}:refs/theirs/{name["refs/".Length..]}")],
                cancellationToken);

    private (List<string> Refspecs, string? Explanation, string? Remark) Prepare(
        Repository repository, DeploymentStory story, Revision bad, RevertOutcome revert, string notes, Dictionary<string, string> theirs)
    {
        var refspecs = new List<string>();
        if (theirs.TryGetValue(notes, out var noted) && MirrorReader.Find(repository, noted) is { } others)
        {
            StoryRepository.MergeNotes(repository, others, story);
        }

        var ours = StoryRepository.Tip(repository, notes)?.Sha;
        if (ours is not null && ours != noted)
        {
            refspecs.Add($"{ours}:{notes}");
        }

        if (revert is not RevertOutcome.Written written)
        {
            return (refspecs, null, null);
        }

        if (!theirs.TryGetValue($"refs/heads/{written.Branch}", out var tip))
        {
            if (IsMerged(written.Sha))
            {
                return (refspecs, written.Branch, null);
            }

            refspecs.Add($"{written.Sha}:refs/heads/{written.Branch}");
            return (refspecs, written.Branch, null);
        }

        if (tip == written.Sha)
        {
            return (refspecs, written.Branch, null);
        }

        var found = MirrorReader.Find(repository, tip);
        if (found is not null && StoryRepository.IsRevert(found, bad.Sha, written.Tree))
        {
            return (refspecs, written.Branch, $"{written.Branch} was already pushed by {PlainText.Line(found.Author.Name, 80)}");
        }

        var isOnTop = found is not null && MirrorReader.Find(repository, written.Sha) is { } mine
            && repository.ObjectDatabase.FindMergeBase(mine, found)?.Id == mine.Id;
        return (refspecs, written.Branch, isOnTop ? null : $"{written.Branch} holds commits of somebody else and was left alone");
    }

    private bool IsMerged(string sha) => _mirror.Read(
        repository => MirrorReader.Find(repository, sha) is { } commit
            && repository.Refs.FromGlob("refs/remotes/*").Any(reference => reference.ResolveToDirectReference()?.Target is Commit tip
                && repository.ObjectDatabase.FindMergeBase(commit, tip)?.Id == commit.Id),
        otherwise: false);

    // Git writes refs that outlive what they point at in a power cut, and from then on fetches nothing. Looks at what lies here and not in the mirror.
    private async Task<bool> LacksObjectsAsync(CancellationToken cancellationToken)
    {
        string[][] looks =
        [
            ["rev-list", "--quiet", "--no-walk", "--all"],
            ["rev-list", "--quiet", "--objects", "--glob=refs/notes", "--glob=refs/theirs/notes"],
        ];
        foreach (var look in looks)
        {
            if (await _git.RunAsync(GitCommand.Of(look) with { GitDirectory = _repository.Path }, cancellationToken) is GitOutcome.Exited)
            {
                return true;
            }
        }

        return false;
    }

    private async Task PackAsync(CancellationToken cancellationToken)
    {
        if (_repository.WantsPacking)
        {
            // Only what is here and not in the mirror; should it fail, the next story tries again.
            await _git.RunAsync(GitCommand.Of("repack", "-a", "-d", "-l", "-q") with { GitDirectory = _repository.Path }, cancellationToken);
            _repository.Packed();
        }
    }

    private Task<GitOutcome> RunAsync(GitRemoteSettings remote, string[] arguments, CancellationToken cancellationToken) =>
        _git.RunAsync(GitCommand.Of(arguments) with { GitDirectory = _repository.Path, Remote = remote, Timeout = remote.Timeout }, cancellationToken);

    private static Dictionary<string, string> Parse(string listing)
    {
        var refs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in listing.Split('\n'))
        {
            if (line.Split('\t') is [var sha, var name] && Revision.TryParse(sha, out _))
            {
                refs[name] = sha;
            }
        }

        return refs;
    }

    private static bool IsRace(string error) =>
        Says(error, "fetch first") || Says(error, "non-fast-forward") || Says(error, "stale info") || Says(error, "cannot lock ref")
        || Says(error, "reference already exists") || Says(error, "failed to update ref") || Says(error, "incorrect old value");

    private static bool IsRefusal(string error) =>
        Says(error, "permission") || Says(error, "denied") || Says(error, "read-only") || Says(error, "read only") || Says(error, "not allowed")
        || Says(error, "error: 403") || Says(error, "error: 401") || Says(error, "authentication failed") || Says(error, "declined")
        || Says(error, "protected") || Says(error, "service not enabled");

    private static bool Says(string error, string words) => error.Contains(words, StringComparison.OrdinalIgnoreCase);

    /// <summary>What pushing to one remote gave. A closed set.</summary>
    private abstract record PushOutcome
    {
        private PushOutcome() { }

        /// <summary>The remote has the story.</summary>
        public sealed record Done(string? Explanation, string? Remark) : PushOutcome;

        /// <summary>The remote does not let itself be written.</summary>
        public sealed record Refused(string Detail) : PushOutcome;

        /// <summary>It may work later.</summary>
        public sealed record Failed(string Detail) : PushOutcome;
    }
}
