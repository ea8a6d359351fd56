using System.Collections.Immutable;
using Reconciler.Adapters.Forge;
using Reconciler.Model;

namespace Reconciler.Adapters.GitHub;

/// <summary>Which repository at which GitHub is told, by whom, and what may be done there.</summary>
internal sealed record GitHubSettings
{
    /// <summary>Where github.com answers.</summary>
    public static Uri PublicApi { get; } = new("https://api.github.com/");

    /// <summary>This host: the environment of its deployments, and part of the names of its statuses.</summary>
    public required HostName Host { get; init; }

    /// <summary>The user or organization the repository belongs to.</summary>
    public required string Owner { get; init; }

    /// <summary>The repository's name without its owner.</summary>
    public required string Repository { get; init; }

    /// <summary>Who the host is at GitHub.</summary>
    public required GitHubAccess Access { get; init; }

    /// <summary>The branch the host follows, and the base of pull requests.</summary>
    public required string Branch { get; init; }

    /// <summary>Where the API answers; <c>https://HOST/api/v3</c> at an Enterprise Server.</summary>
    public Uri ApiBase { get; init; } = PublicApi;

    /// <summary>Labels a pull request that takes a revision back is given; made when the repository lacks them.</summary>
    public ImmutableArray<string> Labels { get; init; } = [];

    /// <summary>Addresses of the host's status page, for links; null when people cannot reach one.</summary>
    public PageLinks? Page { get; init; }

    /// <summary>Address GitHub is to deliver pushes to, for the examination; null when none is expected.</summary>
    public Uri? WebhookAddress { get; init; }

    /// <summary>Whether a branch that git could not push may be made through the API.</summary>
    public bool MayCreateBranches { get; init; } = true;

    /// <summary>How long one attempt at one request may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary><see cref="ApiBase"/> with the slash at its end that relative addresses need.</summary>
    public Uri Root => ApiBase.AbsoluteUri.EndsWith('/') ? ApiBase : new Uri(ApiBase.AbsoluteUri + "/");

    /// <summary>Owner and name, for people.</summary>
    public string FullName => $"{Owner}/{Repository}";
}

/// <summary>Who a host is at GitHub. A closed set.</summary>
internal abstract record GitHubAccess
{
    private GitHubAccess() { }

    /// <summary>Whoever a token belongs to.</summary>
    /// <param name="File">Absolute path of a file with one token; read at each use, so that a new token counts at once.</param>
    public sealed record Token(string File) : GitHubAccess;

    /// <summary>A GitHub App that is installed on the repository.</summary>
    /// <param name="AppId">Its id, from its settings page.</param>
    /// <param name="PrivateKeyFile">Absolute path of its private key, PEM; read at each use.</param>
    public sealed record App(long AppId, string PrivateKeyFile) : GitHubAccess;
}
