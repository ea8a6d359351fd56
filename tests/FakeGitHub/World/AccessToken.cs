namespace FakeGitHub.World;

/// <summary>What a token may do. The token itself is only a key of <see cref="GitHubWorld"/>.</summary>
/// <param name="Account">Who acts with it.</param>
internal sealed record AccessToken(Account Account)
{
    /// <summary>False for one that may read only.</summary>
    public bool Push { get; init; } = true;

    /// <summary>Name to <c>read</c> or <c>write</c>; null when it is not narrowed.</summary>
    public IReadOnlyDictionary<string, string>? Permissions { get; init; }

    /// <summary>Ids of repositories; null when it is not narrowed.</summary>
    public IReadOnlyList<long>? Repositories { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Set for the token of an App's installation.</summary>
    public Installation? Installation { get; init; }

    public bool Reaches(RepositoryState repository) =>
        (Repositories is null || Repositories.Contains(repository.Id)) && (Installation is null || Installation.Covers(repository));

    public bool Allows(string permission, bool write)
    {
        if (write && !Push)
        {
            return false;
        }

        return Permissions is null
            || (Permissions.TryGetValue(permission, out var level) && (!write || level is "write" or "admin"))
            || (permission == "metadata" && !write);
    }
}
