namespace FakeGitHub.Repositories;

/// <summary>A reference that moved; 40 zeros stand for "was not there" and "is gone".</summary>
internal sealed record RefChange(string Name, string Before, string After)
{
    public bool Created => Before == GitStore.NoSha;

    public bool Deleted => After == GitStore.NoSha;

    /// <summary>The branch's short name; null for anything but a branch.</summary>
    public string? Branch => Name.StartsWith("refs/heads/", StringComparison.Ordinal) ? Name["refs/heads/".Length..] : null;

    /// <summary>What differs between two looks at a repository; GitHub's own <c>refs/pull/</c> left out.</summary>
    public static IReadOnlyList<RefChange> Between(IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after) =>
    [
        .. before.Keys.Union(after.Keys).Order(StringComparer.Ordinal)
            .Where(name => !name.StartsWith("refs/pull/", StringComparison.Ordinal))
            .Select(name => new RefChange(name, before.GetValueOrDefault(name, GitStore.NoSha), after.GetValueOrDefault(name, GitStore.NoSha)))
            .Where(change => change.Before != change.After),
    ];
}
