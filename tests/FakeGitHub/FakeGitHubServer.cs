using System.Security.Cryptography;
using FakeGitHub.Contract;
using FakeGitHub.Control;
using FakeGitHub.Faults;
using FakeGitHub.Http;
using FakeGitHub.Json;
using FakeGitHub.Repositories;
using FakeGitHub.Webhooks;
using FakeGitHub.World;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace FakeGitHub;

/// <summary>A GitHub of one's own on a loopback address: git, REST, webhooks, and faults on demand.</summary>
internal sealed class FakeGitHubServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly FakeGitHubOptions _options;
    private readonly ContractValidator? _contract;
    private readonly RequestLog _log;
    private readonly RestFrontend _rest;
    private readonly GitHttp _git;
    private readonly ControlApi _control;
    private readonly RefWatch _watch;
    private readonly SemaphoreSlim _gate = new(1, 1);

    private FakeGitHubServer(WebApplication app, FakeGitHubOptions options)
    {
        (_app, _options) = (app, options);
        World = new GitHubWorld(options.Clock, options.FirstId);
        Webhooks = new WebhookSender(World);
        Faults = new FaultPlan(options.Seed);
        _log = new RequestLog(options.Clock);
        _contract = options.CheckContract ? new ContractValidator() : null;
        _watch = new RefWatch(World, new EventSource(World, Webhooks, () => new Links(Address, Address)));
        var limits = new RateLimits(options.Clock, options.RequestsPerHour);
        var service = new RestService(World, _watch, Webhooks, limits, options.SecondaryLimits ? new SecondaryLimits(options.Clock) : null);
        _rest = new RestFrontend(service, Faults, _log, _contract, limits, _gate, options.Clock);
        _git = new GitHttp(World, _watch, Faults, _log, _gate, options.Clock);
        _control = new ControlApi(this);
    }

    /// <summary><c>http://127.0.0.1:port</c>: stands for github.com and api.github.com.</summary>
    public string Address { get; private set; } = "";

    /// <summary>The same API as an Enterprise Server has it.</summary>
    public string EnterpriseApi => $"{Address}/api/v3";

    public GitHubWorld World { get; }

    public WebhookSender Webhooks { get; }

    public FaultPlan Faults { get; }

    /// <summary>Where a request or an answer differed from GitHub's description of its API.</summary>
    public IReadOnlyList<Violation> Violations => _contract?.Violations ?? [];

    public IReadOnlyList<RecordedRequest> Requests => _log.All;

    /// <summary>The most requests that were ever under way together.</summary>
    public int MostAtOnce => _log.MostAtOnce;

    public static async Task<FakeGitHubServer> StartAsync(FakeGitHubOptions options)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(o =>
        {
            o.AddServerHeader = false;
            o.Limits.MaxRequestBodySize = null;
            o.Listen(options.Listen, l => l.Protocols = HttpProtocols.Http1);
        });
        var app = builder.Build();
        var server = new FakeGitHubServer(app, options);
        app.Run(server.ServeAsync);
        await app.StartAsync();
        server.Address = app.Urls.Single();
        return server;
    }

    public string CloneAddress(string fullName) => $"{Address}/{fullName}.git";

    /// <summary>The repository of that name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public RepositoryState Repository(string fullName) =>
        World.FindRepository(fullName) ?? throw new ArgumentException($"This GitHub has no repository {fullName}.", nameof(fullName));

    /// <summary>Makes a repository; one that lies in the root already is taken as it is.</summary>
    public RepositoryState AddRepository(string fullName, string defaultBranch = "main")
    {
        var (owner, name) = fullName.Split('/') is [var o, var n] ? (o, n) : throw new ArgumentException("Wanted owner/name.", nameof(fullName));
        var folder = Path.Combine(_options.Root, owner, $"{name}.git");
        GitStore.Init(folder, defaultBranch);
        return World.Repositories.Add(new RepositoryState(World.NextId(), World.Account(owner, "Organization"), name, folder, World.Now) { DefaultBranch = defaultBranch });
    }

    /// <summary>Lets somebody in with this token.</summary>
    public AccessToken AddToken(string token, string login, bool push = true, IReadOnlyDictionary<string, string>? permissions = null)
    {
        var means = new AccessToken(World.Account(login)) { Push = push, Permissions = permissions };
        World.AddToken(token, means);
        return means;
    }

    /// <summary>Makes an App and installs it for all repositories of an account.</summary>
    /// <param name="key">The public half of the key it signs with.</param>
    public Installation AddApp(string slug, string owner, RSA key, IReadOnlyDictionary<string, string> permissions)
    {
        var app = World.AddApp(slug, World.Account(owner, "Organization"), key);
        return World.Installations.Add(new Installation(World.NextId(), app, World.Account(owner), null, permissions, World.Now));
    }

    public Hook AddHook(RepositoryState repository, string url, string? secret, params string[] events) =>
        repository.Hooks.Add(new Hook(World.NextId(), url, secret, World.Now) { Events = events.Length > 0 ? events : ["push"] });

    /// <summary>Commits files to a branch as if somebody had pushed them; a null content removes a file.</summary>
    /// <returns>The new commit.</returns>
    public string Commit(RepositoryState repository, string branch, string message, IReadOnlyDictionary<string, string?> files, string by = "octocat")
    {
        _gate.Wait();
        try
        {
            return Author.Commit(repository, World, _watch, branch, message, files, World.Account(by));
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        await Webhooks.DisposeAsync();
        _gate.Dispose();
    }

    private Task ServeAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "/";
        if (path.StartsWith("/_fake/", StringComparison.Ordinal))
        {
            return _control.ServeAsync(context);
        }

        return GitHttp.IsGit(path) ? _git.ServeAsync(context, Address) : _rest.ServeAsync(context, Address);
    }
}
