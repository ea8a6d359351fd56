namespace FakeGitHub.World;

/// <summary>An App installed by an account.</summary>
/// <param name="Repositories">Ids of the repositories it may touch; null for all of the account's.</param>
/// <param name="Permissions">Name to <c>read</c> or <c>write</c>.</param>
internal sealed record Installation(
    long Id, App App, Account Account, IReadOnlyList<long>? Repositories, IReadOnlyDictionary<string, string> Permissions, DateTimeOffset CreatedAt)
{
    public bool Suspended { get; init; }

    public bool Covers(RepositoryState repository) => repository.Owner == Account && (Repositories is null || Repositories.Contains(repository.Id));
}
