using LibGit2Sharp;

namespace FakeGitHub.Repositories;

/// <summary>A bare repository, opened for one request.</summary>
internal sealed class GitStore(string folder) : IDisposable
{
    public static readonly string NoSha = new('0', 40);

    public Repository Git { get; } = new(folder);

    public void Dispose() => Git.Dispose();

    /// <summary>Makes the bare repository when it is not there.</summary>
    public static void Init(string folder, string branch)
    {
        if (Repository.IsValid(folder))
        {
            return;
        }

        Repository.Init(folder, isBare: true);
        File.WriteAllText(Path.Combine(folder, "HEAD"), $"ref: refs/heads/{branch}\n");
    }

    /// <summary>The commit of a full id; null for anything else.</summary>
    public Commit? CommitOf(string sha) => IsSha(sha) ? Git.Lookup<Commit>(sha) : null;

    public Commit? TipOf(string branch) => Git.Branches[branch] is { IsRemote: false } found ? found.Tip : null;

    /// <summary>The commit that a branch, a tag, a full reference or an id names.</summary>
    public Commit? Resolve(string name)
    {
        if (CommitOf(name) is { } commit)
        {
            return commit;
        }

        foreach (var full in new[] { $"refs/heads/{name}", $"refs/tags/{name}", $"refs/{name}", name })
        {
            if (Reference.IsValidName(full) && Git.Refs[full]?.ResolveToDirectReference()?.Target is { } target)
            {
                return target.Peel<Commit>();
            }
        }

        return name.Length is >= 7 and < 40 && name.All(char.IsAsciiHexDigit) ? Git.Lookup(name) as Commit : null;
    }

    /// <summary>Commits in <paramref name="head"/> and not in <paramref name="from"/>, oldest first.</summary>
    public IReadOnlyList<Commit> Between(Commit? from, Commit head) =>
    [
        .. Git.Commits.QueryBy(new CommitFilter
        {
            IncludeReachableFrom = head,
            ExcludeReachableFrom = from,
            SortBy = CommitSortStrategies.Topological | CommitSortStrategies.Reverse,
        }),
    ];

    public Commit? MergeBase(Commit one, Commit other) => Git.ObjectDatabase.FindMergeBase(one, other);

    public bool Contains(Commit tip, Commit older) => MergeBase(tip, older)?.Id == older.Id;

    public Patch Changes(Tree? from, Tree to) => Git.Diff.Compare<Patch>(from, to, new CompareOptions { Similarity = SimilarityOptions.Renames });

    /// <summary>Every reference and what it points at.</summary>
    public IReadOnlyDictionary<string, string> Refs() =>
        Git.Refs.OfType<DirectReference>().ToDictionary(x => x.CanonicalName, x => x.TargetIdentifier, StringComparer.Ordinal);

    public void SetRef(string name, ObjectId target) => Git.Refs.Add(name, target, allowOverwrite: true);

    public static bool IsSha(string text) => text.Length == 40 && text.All(char.IsAsciiHexDigit);
}
