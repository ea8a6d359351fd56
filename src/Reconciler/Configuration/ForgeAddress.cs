namespace Reconciler.Configuration;

/// <summary>Where a remote's repository is at its forge, as its address tells.</summary>
/// <param name="Host">The forge's host, with the port of https when it has one of its own.</param>
/// <param name="Repository">The repository's path there, such as <c>acme/infra</c>.</param>
internal sealed record ForgeAddress(string Host, string Repository)
{
    /// <summary>What the address of a remote tells; null for a path, and for an address without owner and name.</summary>
    public static ForgeAddress? Of(RemoteUrl remote)
    {
        var (host, path) = remote.Transport switch
        {
            RemoteTransport.Https when Uri.TryCreate(remote.Text, UriKind.Absolute, out var uri) => (uri.Authority, uri.AbsolutePath),
            RemoteTransport.Ssh when remote.Text.Contains("://", StringComparison.Ordinal) && Uri.TryCreate(remote.Text, UriKind.Absolute, out var uri) => (uri.Host, uri.AbsolutePath),
            RemoteTransport.Ssh when remote.Text.IndexOf(':', StringComparison.Ordinal) is var colon and > 0 => (remote.Text[(remote.Text.IndexOf('@', StringComparison.Ordinal) + 1)..colon], remote.Text[(colon + 1)..]),
            _ => ("", ""),
        };
        var repository = path.Trim('/');
        repository = repository.EndsWith(".git", StringComparison.Ordinal) ? repository[..^4] : repository;
        return host.Length > 0 && IsRepository(repository) ? new ForgeAddress(host, repository) : null;
    }

    /// <summary>Base address of the API there; null when there is no forge.</summary>
    public Uri? ApiOf(ForgeKind kind) => kind switch
    {
        ForgeKind.Github when Host is "github.com" or "ssh.github.com" => new Uri("https://api.github.com"),
        ForgeKind.Github => new Uri($"https://{Host}/api/v3"),
        ForgeKind.Forgejo => new Uri($"https://{Host}/api/v1"),
        ForgeKind.Gitlab => new Uri($"https://{Host}/api/v4"),
        _ => null,
    };

    /// <summary>Whether a text is the path of a repository: an owner and a name, with groups between them where a forge has those.</summary>
    public static bool IsRepository(string text) =>
        text.Length <= 255
        && text.Split('/') is { Length: >= 2 } parts
        && parts.All(part => part.Length > 0 && part is not ("." or "..") && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '~'));

    /// <summary>Whether a text is an address that secrets may be sent to: https, or http within this machine.</summary>
    public static bool IsApi(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri is { UserInfo: "", Query: "", Fragment: "" }
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback));
}
