using System.Net;
using Microsoft.Extensions.Logging;

namespace Reconciler.Adapters.GitHub;

/// <summary>The handlers every request passes, from the outside in: gate, entity tags, credentials, retries, redirects, the exchange itself.</summary>
internal sealed class GitHubTransport : IDisposable
{
    private readonly HttpMessageHandler _wire;
    private readonly RetryHandler _lower;

    /// <summary>Puts them together.</summary>
    /// <param name="settings">Where GitHub is, and who asks.</param>
    /// <param name="clock">For pauses, time limits and the ends of tokens.</param>
    /// <param name="logger">Told of each exchange.</param>
    /// <param name="wire">Makes what sends; null for the network.</param>
    public GitHubTransport(GitHubSettings settings, TimeProvider clock, ILogger logger, Func<HttpMessageHandler>? wire)
    {
        Gate = new GitHubGate(clock);
        _wire = (wire ?? Network)();
        _lower = new RetryHandler(settings, clock)
        {
            InnerHandler = new RedirectsHandler { InnerHandler = new ExchangeHandler(clock, logger) { InnerHandler = _wire } },
        };
        Credential = settings.Access switch
        {
            GitHubAccess.Token token => new TokenCredential(token.File),
            GitHubAccess.App app => new AppCredential(app, settings, clock, _lower),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        Handler = new GateHandler(Gate, settings, clock)
        {
            InnerHandler = new EtagHandler { InnerHandler = new AuthorizationHandler(Credential, settings) { InnerHandler = _lower } },
        };
    }

    /// <summary>Knows how GitHub wants to be asked.</summary>
    public GitHubGate Gate { get; }

    /// <summary>The outermost handler.</summary>
    public HttpMessageHandler Handler { get; }

    /// <summary>Who asks.</summary>
    public IGitHubCredential Credential { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Handler.Dispose();
        (Credential as IDisposable)?.Dispose();
        _lower.Dispose();
        _wire.Dispose();
    }

    private static SocketsHttpHandler Network() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.GZip,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
        PooledConnectionLifetime = TimeSpan.FromMinutes(30), // names are looked up again
    };
}
