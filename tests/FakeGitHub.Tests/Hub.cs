using System.Security.Cryptography;
using FakeGitHub.World;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FakeGitHub.Tests;

/// <summary>A fake with a repository of one commit. At its end it wants to have seen nothing but what GitHub describes.</summary>
internal sealed class Hub : IAsyncDisposable
{
    public const string Token = "ghp_thetokenofthesetests";
    private readonly string _folder = Directory.CreateTempSubdirectory("fakegithub-").FullName;
    private readonly List<Api> _apis = [];

    private Hub()
    {
    }

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public FakeGitHubServer Server { get; private set; } = null!;

    public RepositoryState Infra { get; private set; } = null!;

    /// <summary>The first commit of <c>main</c>.</summary>
    public string First { get; private set; } = "";

    /// <summary>With a token that may do everything.</summary>
    public Api Api { get; private set; } = null!;

    /// <summary>Set by a test that breaks the contract on purpose.</summary>
    public bool MayViolate { get; set; }

    public static async Task<Hub> StartAsync(int requestsPerHour = 5000, bool secondaryLimits = false, long firstId = (1L << 31) + 1001)
    {
        var hub = new Hub();
        hub.Server = await FakeGitHubServer.StartAsync(new FakeGitHubOptions(hub._folder)
        {
            Clock = hub.Clock,
            RequestsPerHour = requestsPerHour,
            SecondaryLimits = secondaryLimits,
            FirstId = firstId,
        });
        hub.Infra = hub.Server.AddRepository("acme/infra");
        hub.Server.AddToken(Token, "octocat");
        hub.First = hub.Server.Commit(hub.Infra, "main", "Begin", new Dictionary<string, string?> { ["flake.nix"] = "{ }\n", ["hosts/web.nix"] = "{ }\n" });
        hub.Api = hub.As($"Bearer {Token}");
        return hub;
    }

    public string At(string name) => Path.Combine(_folder, name);

    /// <summary>A client with this Authorization header.</summary>
    public Api As(string? authorization, bool enterprise = false)
    {
        var api = new Api(enterprise ? Server.EnterpriseApi : Server.Address, authorization);
        _apis.Add(api);
        return api;
    }

    /// <summary>A branch with one commit more than <c>main</c>.</summary>
    public string Branch(string name, string file = "hosts/db.nix", string content = "{ }\n") =>
        Server.Commit(Infra, name, $"Add {file}", new Dictionary<string, string?> { [file] = content });

    public Installation Install(RSA key, params string[] permissions) =>
        Server.AddApp("reconciler", "acme", key, permissions.Select(x => x.Split(':')).ToDictionary(x => x[0], x => x[1]));

    public async ValueTask DisposeAsync()
    {
        _apis.ForEach(x => x.Dispose());
        await Server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        if (!MayViolate)
        {
            Assert.Empty(Server.Violations);
        }
    }
}
