using Reconciler.Adapters.Forge;
using Reconciler.Adapters.Forge.Http;
using Reconciler.Model;

namespace Reconciler.Adapters.Forgejo;

/// <summary>Which repository at which Forgejo or Gitea is told.</summary>
internal sealed record ForgejoSettings
{
    /// <summary>This host.</summary>
    public required HostName Host { get; init; }

    /// <summary>The user or organization the repository belongs to.</summary>
    public required string Owner { get; init; }

    /// <summary>The repository's name without its owner.</summary>
    public required string Repository { get; init; }

    /// <summary>The branch the host follows, and the base of pull requests.</summary>
    public required string Branch { get; init; }

    /// <summary>Where the API answers, such as <c>https://codeberg.org/api/v1</c>.</summary>
    public required Uri ApiBase { get; init; }

    /// <summary>Absolute path of a file with one token; read at each use.</summary>
    public required string TokenFile { get; init; }

    /// <summary>Addresses of the host's status page, for links; null when people cannot reach one.</summary>
    public PageLinks? Page { get; init; }

    /// <summary>How long one request may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How it is asked.</summary>
    public ForgeAccess Access => new() { Forge = "Forgejo", Root = ForgeAccess.WithSlash(ApiBase), TokenFile = TokenFile, Scheme = "token", Timeout = Timeout };

    /// <summary>Where the repository is below the API's root.</summary>
    public string Path => $"repos/{Uri.EscapeDataString(Owner)}/{Uri.EscapeDataString(Repository)}";
}
