using FakeGitHub.World;

namespace FakeGitHub.Json;

/// <summary>Addresses in answers. <paramref name="Api"/> and <paramref name="Html"/> are without a slash at their end.</summary>
internal sealed record Links(string Api, string Html)
{
    public string Repo(RepositoryState repository) => $"{Api}/repos/{repository.FullName}";

    public string Page(RepositoryState repository) => $"{Html}/{repository.FullName}";

    public string User(Account account) => $"{Api}/users/{account.Login}";

    public string UserPage(Account account) => $"{Html}/{account.Login}";
}
