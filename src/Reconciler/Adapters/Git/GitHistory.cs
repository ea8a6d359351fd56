using System.Collections.Immutable;
using LibGit2Sharp;
using Microsoft.Extensions.Logging;
using Reconciler.Adapters.Forge;
using Reconciler.Adapters.Processes;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Adapters.Git;

/// <summary>The commits in the local mirror, read with libgit2. Starts no process but for signatures. Safe to call from several threads.</summary>
/// <remarks>A mirror that is missing or damaged holds no commit: comparisons say <see cref="Lineage.Diverged"/>, and so nothing is deployed from it.</remarks>
internal sealed class GitHistory : IGitHistory, IDisposable
{
    private const int LongestSubject = 200;
    private const int LongestAuthor = 100;
    private const int MostResolved = 8;
    private const int LargestCommit = 1024 * 1024;
    private readonly MirrorReader _mirror;
    private readonly CommitSignatures? _signatures;

    /// <param name="git">The git program, for the mirror it is set up with.</param>
    /// <param name="runner">Runs gpg.</param>
    /// <param name="signers">Whose signatures count; null when none are asked for.</param>
    /// <param name="logger">Told of a mirror that cannot be read.</param>
    public GitHistory(GitProgram git, IProcessRunner runner, SignerSettings? signers, ILogger<GitHistory> logger)
    {
        _mirror = new MirrorReader(git.Settings.MirrorPath, logger);
        _signatures = signers is null ? null : new CommitSignatures(git, runner, signers);
    }

    /// <inheritdoc/>
    public Lineage Compare(Revision start, Revision tip)
    {
        if (start == tip)
        {
            return _mirror.Read(repository => MirrorReader.Find(repository, tip.Sha) is null ? Lineage.Diverged : Lineage.Same, Lineage.Diverged);
        }

        return _mirror.Read(
            repository =>
            {
                if (MirrorReader.Find(repository, start.Sha) is not { } from || MirrorReader.Find(repository, tip.Sha) is not { } to)
                {
                    return Lineage.Diverged;
                }

                // When one is an ancestor of the other, it is the only best merge base they have.
                var common = repository.ObjectDatabase.FindMergeBase(from, to);
                return common is null ? Lineage.Diverged
                    : common.Id == from.Id ? Lineage.Ahead
                    : common.Id == to.Id ? Lineage.Behind
                    : Lineage.Diverged;
            },
            Lineage.Diverged);
    }

    /// <inheritdoc/>
    public CommitSummary? Describe(Revision revision) => _mirror.Read<CommitSummary?>(
        repository => MirrorReader.Find(repository, revision.Sha) is { } commit ? Summarize(repository, commit) : null,
        null);

    /// <inheritdoc/>
    public ImmutableArray<CommitSummary> Between(Revision? start, Revision tip, int limit) => limit <= 0 ? [] : _mirror.Read(
        repository =>
        {
            if (MirrorReader.Find(repository, tip.Sha) is not { } to)
            {
                return [];
            }

            var filter = new CommitFilter { IncludeReachableFrom = to, SortBy = CommitSortStrategies.Time };
            if (start is { } known && MirrorReader.Find(repository, known.Sha) is { } from)
            {
                filter.ExcludeReachableFrom = from;
                filter.SortBy = CommitSortStrategies.Topological | CommitSortStrategies.Time;
            }

            return repository.Commits.QueryBy(filter).Take(limit).Select(commit => Summarize(repository, commit)).ToImmutableArray();
        },
        ImmutableArray<CommitSummary>.Empty);

    /// <inheritdoc/>
    public Revision? Resolve(string text) => text.Length is 0 or > 250 ? null : _mirror.Read(repository => Resolve(repository, text), (Revision?)null);

    /// <inheritdoc/>
    public Task<SignatureVerdict> VerifySignaturesAsync(Revision? confirmed, Revision tip, CancellationToken cancellationToken) =>
        _signatures is null
            ? Task.FromResult<SignatureVerdict>(new SignatureVerdict.Trusted())
            : _signatures.VerifyAsync(confirmed, tip, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _signatures?.Dispose();

    // Names are looked up one by one and never given to rev-parse, whose language (HEAD~3, :/text, @{1}) is no name of a commit.
    private static Revision? Resolve(Repository repository, string text)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        if (text.Length is >= 4 and <= 64 && text.All(char.IsAsciiHexDigit))
        {
            if (FindAbbreviated(repository, text.ToLowerInvariant()) is (var commit, var several))
            {
                if (several)
                {
                    return null;
                }

                Add(commit);
            }

            if (text.Length >= 40)
            {
                return One();
            }
        }

        if (Reference.IsValidName($"refs/tags/{text}"))
        {
            var names = repository.Network.Remotes.Select(remote => remote.Name)
                .Concat(repository.Refs.FromGlob("refs/remotes/*").Select(reference => reference.CanonicalName.Split('/')[2]))
                .Distinct(StringComparer.Ordinal)
                .Take(MostResolved)
                .Select(remote => $"refs/remotes/{remote}/{text}");
            foreach (var name in names.Append($"refs/remotes/{text}").Append($"refs/tags/{text}"))
            {
                Add(repository.Refs[name]?.ResolveToDirectReference()?.Target.Peel<Commit>());
            }
        }

        return One();

        void Add(Commit? commit)
        {
            if (commit is not null)
            {
                found.Add(commit.Sha);
            }
        }

        Revision? One() => found.Count == 1 ? new Revision(found.Single()) : null;
    }

    private static (Commit? Commit, bool Several)? FindAbbreviated(Repository repository, string text)
    {
        try
        {
            return (repository.Lookup<Commit>(text), false);
        }
        catch (AmbiguousSpecificationException)
        {
            return (null, true);
        }
        catch (LibGit2SharpException e) when (e is NotFoundException or InvalidSpecificationException)
        {
            return null;
        }
    }

    private static CommitSummary Summarize(Repository repository, Commit commit)
    {
        var revision = new Revision(commit.Sha);
        return repository.ObjectDatabase.RetrieveObjectMetadata(commit.Id).Size > LargestCommit
            ? new CommitSummary(revision, "(its message is too long to be read)", "", commit.Committer.When)
            : new CommitSummary(
                revision,
                PlainText.Line(commit.MessageShort, LongestSubject),
                PlainText.Line(commit.Author.Name, LongestAuthor),
                commit.Committer.When);
    }
}
