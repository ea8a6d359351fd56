namespace Reconciler.Adapters.Git;

/// <summary>One remote of the repository.</summary>
internal sealed record GitRemoteSettings
{
    /// <summary>What it is called; part of ref names: letters, digits, '-', '_' and '.'.</summary>
    public required string Name { get; init; }

    /// <summary>Where it is: an absolute path, or a file, http, https, ssh or git address, or <c>user@host:path</c>.</summary>
    public required string Url { get; init; }

    /// <summary>The longest one look at it, or one push to it, may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>File with the access token for http and https; null for none. Read again at each use.</summary>
    public string? TokenFile { get; init; }

    /// <summary>The name that goes with the token; null for the one forges take for any token.</summary>
    public string? Username { get; init; }

    /// <summary>File with the private key for ssh; null for the keys ssh finds by itself.</summary>
    public string? SshKeyFile { get; init; }

    /// <summary>File with the host keys ssh may trust; null for the files ssh reads by itself.</summary>
    public string? KnownHostsFile { get; init; }

    /// <summary>Whether anything may be written to it.</summary>
    public bool MayPush { get; init; }
}
