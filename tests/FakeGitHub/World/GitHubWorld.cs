using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace FakeGitHub.World;

/// <summary>All that exists on this GitHub.</summary>
internal sealed class GitHubWorld(TimeProvider clock, long firstId)
{
    private readonly ConcurrentDictionary<string, Account> _accounts = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, AccessToken> _tokens = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, RepositoryState> _renamed = new(StringComparer.OrdinalIgnoreCase);
    private long _lastId = firstId - 1;

    public Table<RepositoryState> Repositories { get; } = new(x => x.Id);

    public Table<App> Apps { get; } = new(x => x.Id);

    public Table<Installation> Installations { get; } = new(x => x.Id);

    public DateTimeOffset Now => clock.GetUtcNow();

    public long NextId() => Interlocked.Increment(ref _lastId);

    /// <summary>The account of that name, made when it is new.</summary>
    public Account Account(string login, string type = "User") => _accounts.GetOrAdd(login, name => new Account(NextId(), name, type));

    public Account? FindAccount(string login) => _accounts.GetValueOrDefault(login);

    public Account? FindAccountByEmail(string email) => _accounts.Values.FirstOrDefault(x => x.Email == email);

    public void AddToken(string token, AccessToken means) => _tokens[token] = means;

    public bool RemoveToken(string token) => _tokens.TryRemove(token, out _);

    /// <summary>What a token means; null when it is unknown or over.</summary>
    public AccessToken? FindToken(string token) =>
        _tokens.TryGetValue(token, out var found) && (found.ExpiresAt is not { } end || end > Now) ? found : null;

    public bool RevokeToken(AccessToken means) => _tokens.Where(x => ReferenceEquals(x.Value, means)).ToList().Any(x => _tokens.TryRemove(x));

    public RepositoryState? FindRepository(string fullName) => Repositories.All.FirstOrDefault(x => x.IsNamed(fullName));

    /// <summary>The repository that once had this name.</summary>
    public RepositoryState? FindRenamed(string fullName) => _renamed.GetValueOrDefault(fullName);

    public void Rename(RepositoryState repository, string name)
    {
        _renamed[repository.FullName] = repository;
        repository.Name = name;
        _renamed.TryRemove(repository.FullName, out _);
    }

    public App AddApp(string slug, Account owner, RSA key) =>
        Apps.Add(new App(NextId(), slug, owner, Account($"{slug}[bot]", "Bot"), key, Now));

    public long NextNumber(RepositoryState repository) => repository.Pulls.All.Select(x => x.Number).DefaultIfEmpty(0).Max() + 1;
}
