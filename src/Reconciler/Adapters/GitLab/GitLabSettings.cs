using Reconciler.Adapters.Forge;
using Reconciler.Adapters.Forge.Http;
using Reconciler.Model;

namespace Reconciler.Adapters.GitLab;

/// <summary>Which project at which GitLab is told.</summary>
internal sealed record GitLabSettings
{
    /// <summary>Where gitlab.com answers.</summary>
    public static Uri PublicApi { get; } = new("https://gitlab.com/api/v4/");

    /// <summary>This host: the environment of its deployments, and part of the names of its statuses.</summary>
    public required HostName Host { get; init; }

    /// <summary>The project with its groups, such as <c>group/subgroup/name</c>.</summary>
    public required string Project { get; init; }

    /// <summary>The branch the host follows, and the target of merge requests.</summary>
    public required string Branch { get; init; }

    /// <summary>Where the API answers.</summary>
    public Uri ApiBase { get; init; } = PublicApi;

    /// <summary>Absolute path of a file with one personal, project or group token; read at each use.</summary>
    public required string TokenFile { get; init; }

    /// <summary>Addresses of the host's status page, for links; null when people cannot reach one.</summary>
    public PageLinks? Page { get; init; }

    /// <summary>How long one request may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How it is asked.</summary>
    public ForgeAccess Access => new() { Forge = "GitLab", Root = ForgeAccess.WithSlash(ApiBase), TokenFile = TokenFile, Scheme = "Bearer", Timeout = Timeout };

    /// <summary>Where the project is below the API's root.</summary>
    public string Path => $"projects/{Uri.EscapeDataString(Project)}";
}
