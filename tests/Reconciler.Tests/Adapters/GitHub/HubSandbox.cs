using System.Security.Cryptography;
using FakeGitHub;
using FakeGitHub.Http;
using FakeGitHub.World;
using Reconciler.Adapters.Forge;
using Reconciler.Adapters.GitHub;
using Reconciler.Model;
using Reconciler.Ports;
using Reconciler.Tests.Fakes;
using Reconciler.Tests.Making;
using Xunit;
using Stories = Reconciler.Tests.Adapters.Forge.Story;

namespace Reconciler.Tests.Adapters.GitHub;

/// <summary>A GitHub on a loopback address with a repository in which a commit follows a good one, and hosts that tell it.</summary>
internal sealed class HubSandbox : IAsyncDisposable
{
    /// <summary>A token, as a person's.</summary>
    public const string Token = "ghp_sandboxTokenThatNobodyMaySee00000";

    private readonly TempFolder _folder = new();
    private readonly RSA _key = RSA.Create(2048);
    private readonly List<GitHubForge> _forges = [];

    private HubSandbox() { }

    /// <summary>The forge's and GitHub's time.</summary>
    public SkippingTime Clock { get; } = new();

    /// <summary>What the hosts log.</summary>
    public LogLines<GitHubForge> Log { get; } = new();

    /// <summary>GitHub.</summary>
    public FakeGitHubServer Hub { get; private set; } = null!;

    /// <summary>The repository.</summary>
    public RepositoryState Repository { get; private set; } = null!;

    /// <summary>A commit that worked.</summary>
    public Revision Good { get; private set; }

    /// <summary>The commit after it, which failed.</summary>
    public Revision Bad { get; private set; }

    /// <summary>Settings of a host with a person's token.</summary>
    public GitHubSettings Settings => new()
    {
        Host = new HostName("web1"),
        Owner = "acme",
        Repository = "fleet",
        ApiBase = new Uri(Hub.Address),
        Branch = "main",
        Access = new GitHubAccess.Token(_folder.At("token")),
        Page = new PageLinks(new Uri("https://web1.example"), commit => commit == Bad ? new DeploymentId(17) : null),
    };

    /// <summary>Requests that change something.</summary>
    public IEnumerable<RecordedRequest> Changes => Hub.Requests.Where(request => request.Mutates);

    /// <summary>Begins one.</summary>
    public static async Task<HubSandbox> StartAsync(int requestsPerHour = 5000)
    {
        var sandbox = new HubSandbox();
        sandbox.Hub = await FakeGitHubServer.StartAsync(new FakeGitHubOptions(sandbox._folder.At("hub")) { Clock = sandbox.Clock, RequestsPerHour = requestsPerHour });
        sandbox.Repository = sandbox.Hub.AddRepository("acme/fleet");
        sandbox.Hub.AddToken(Token, "ann");
        sandbox.Good = new Revision(sandbox.Hub.Commit(sandbox.Repository, "main", "begin", new Dictionary<string, string?> { ["flake.nix"] = "{ }" }));
        sandbox.Bad = new Revision(sandbox.Hub.Commit(sandbox.Repository, "main", "nginx: add a cache", new Dictionary<string, string?> { ["flake.nix"] = "{ broken }" }));
        sandbox.WriteToken(Token);
        return sandbox;
    }

    /// <summary>The commit a branch leads to; null when there is none.</summary>
    public string? Tip(string branch)
    {
        using var git = new LibGit2Sharp.Repository(Repository.Folder);
        return git.Branches[branch]?.Tip.Sha;
    }

    /// <summary>Where the token is.</summary>
    public string TokenFile => _folder.At("token");

    /// <summary>Puts a token into the file.</summary>
    public void WriteToken(string token)
    {
        File.WriteAllText(_folder.At("token"), token + "\n");
        File.SetUnixFileMode(_folder.At("token"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    /// <summary>Installs an App and gives its key to the host.</summary>
    public GitHubAccess.App InstallApp(params (string Name, string Level)[] permissions)
    {
        File.WriteAllText(_folder.At("key.pem"), _key.ExportRSAPrivateKeyPem() + "\n");
        File.SetUnixFileMode(_folder.At("key.pem"), UnixFileMode.UserRead);
        var all = permissions.Length > 0 ? permissions
            : [("statuses", "write"), ("deployments", "write"), ("pull_requests", "write"), ("contents", "write"), ("issues", "write"), ("metadata", "read")];
        var installation = Hub.AddApp("reconciler-acme", "acme", _key, all.ToDictionary(p => p.Name, p => p.Level));
        return new GitHubAccess.App(installation.App.Id, _folder.At("key.pem"));
    }

    /// <summary>A host.</summary>
    /// <param name="with">Changes its settings.</param>
    /// <param name="wire">Stands between it and GitHub.</param>
    public GitHubForge Forge(Func<GitHubSettings, GitHubSettings>? with = null, Func<HttpMessageHandler>? wire = null)
    {
        var forge = new GitHubForge(with is null ? Settings : with(Settings), Clock, Log, wire);
        _forges.Add(forge);
        return forge;
    }

    /// <summary>A host of another name.</summary>
    public GitHubForge ForgeOf(string host) => Forge(settings => settings with { Host = new HostName(host) });

    /// <summary>That the bad commit was rolled back.</summary>
    public DeploymentStory Story(string host = "web1") =>
        Stories.RolledBack(new Failure.Unhealthy([Stories.Probe("web", passed: false, "HTTP 503, wanted 200")]), Bad, Good, host);

    /// <summary>Calls it as often as GitHub wants to be waited for, and gives the last answer.</summary>
    public async Task<ForgeAnswer> AgainAsync(Func<Task<ForgeAnswer>> call)
    {
        for (var attempt = 0; attempt < 5; attempt++)
        {
            if (await call() is not ForgeAnswer.Later later)
            {
                break;
            }

            Assert.True(later.NotBefore is not null, later.Detail);
            Clock.Advance(later.NotBefore.Value - Clock.GetUtcNow());
        }

        return await call();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var forge in _forges)
        {
            forge.Dispose();
        }

        await Hub.DisposeAsync();
        _key.Dispose();
        _folder.Dispose();
    }

    /// <summary>What has to hold after each test.</summary>
    public void AssertSound()
    {
        Assert.Empty(Hub.Violations);
        Assert.DoesNotContain(Log.Lines, line => line.Contains(Token, StringComparison.Ordinal) || line.Contains("ghs_", StringComparison.Ordinal) || line.Contains("eyJ", StringComparison.Ordinal));
        // Several hosts do not know of each other; what was redirected or refused for its token is sent again at once.
        var changes = _forges.Count > 1 ? [] : Changes.Where(change => change.Status is not (307 or 401) && !change.Path.StartsWith("/app/", StringComparison.Ordinal)).Select(change => change.At).ToList();
        Assert.All(changes.Zip(changes.Skip(1)), pair => Assert.True(pair.Second - pair.First >= TimeSpan.FromSeconds(1), $"{pair.First:O} {pair.Second:O}"));
    }
}
