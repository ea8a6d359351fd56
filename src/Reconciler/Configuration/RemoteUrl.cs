namespace Reconciler.Configuration;

/// <summary>How a remote is reached.</summary>
internal enum RemoteTransport
{
    /// <summary>A repository on this machine.</summary>
    Path,

    /// <summary>HTTP over TLS.</summary>
    Https,

    /// <summary>HTTP in the clear.</summary>
    Http,

    /// <summary>ssh, as an address or in the short form <c>user@host:path</c>.</summary>
    Ssh,

    /// <summary>git's own protocol, in the clear.</summary>
    Git,
}

/// <summary>The address of a remote, free of secrets and safe to hand to git.</summary>
internal sealed record RemoteUrl
{
    private RemoteUrl(string text, RemoteTransport transport)
    {
        Text = text;
        Transport = transport;
    }

    /// <summary>The address as it was written; for <c>file://</c> the path.</summary>
    public string Text { get; }

    /// <summary>How it is reached.</summary>
    public RemoteTransport Transport { get; }

    /// <summary>Whether others on the way can read and change what is fetched.</summary>
    /// <remarks>What goes to this very machine is on no way.</remarks>
    public bool IsInTheClear => Transport is RemoteTransport.Git || (Transport is RemoteTransport.Http && !IsLoopback);

    /// <summary>Whether a secret may be sent along.</summary>
    public bool TakesToken => Transport is RemoteTransport.Https || (Transport is RemoteTransport.Http && IsLoopback);

    private bool IsLoopback => Uri.TryCreate(Text, UriKind.Absolute, out var uri) && uri.IsLoopback;

    /// <summary>Reads an address.</summary>
    /// <returns>The address, or null and the reason, which never quotes the address.</returns>
    public static RemoteUrl? Read(string text, out string trouble)
    {
        trouble = "";
        if (text.Length is 0 or > 2048)
        {
            return Refuse("must be an address of 1 to 2048 characters", out trouble);
        }

        if (text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)) || text[0] == '-')
        {
            return Refuse("must hold no white space and must not begin with '-'", out trouble);
        }

        if (text[0] == '/')
        {
            return new RemoteUrl(text, RemoteTransport.Path);
        }

        return text.Contains("://", StringComparison.Ordinal) ? ReadAddress(text, out trouble) : ReadShort(text, out trouble);
    }

    public override string ToString() => Text;

    private static RemoteUrl? ReadAddress(string text, out string trouble)
    {
        trouble = "";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri))
        {
            return Refuse("is not a valid address", out trouble);
        }

        RemoteTransport? transport = uri.Scheme switch
        {
            "https" => RemoteTransport.Https,
            "http" => RemoteTransport.Http,
            "ssh" => RemoteTransport.Ssh,
            "git" => RemoteTransport.Git,
            "file" => RemoteTransport.Path,
            _ => null,
        };
        if (transport is not { } known)
        {
            return Refuse("has a scheme that is not supported: use https://, ssh://, git@host:path, file:// or an absolute path", out trouble);
        }

        if (uri.UserInfo.Contains(':', StringComparison.Ordinal))
        {
            return Refuse("holds a password: put it into a file that only root can read and name that file in tokenFile", out trouble);
        }

        if (uri.UserInfo.Length > 0 && known is not RemoteTransport.Ssh)
        {
            return Refuse("must not name a user: use username, and a token in the file named by tokenFile", out trouble);
        }

        if (uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            return Refuse("must have no '?' and no '#'; a token belongs in the file named by tokenFile", out trouble);
        }

        if (known is RemoteTransport.Path)
        {
            return uri.Host.Length == 0 && uri.AbsolutePath.Length > 1
                ? new RemoteUrl(Uri.UnescapeDataString(uri.AbsolutePath), known)
                : Refuse("must be file:// and an absolute path, such as file:///srv/git/fleet.git", out trouble);
        }

        return uri.Host.Length == 0 || uri.Host[0] == '-' || uri.AbsolutePath.Length < 2
            ? Refuse("must name a host and a path", out trouble)
            : new RemoteUrl(text, known);
    }

    private static RemoteUrl? ReadShort(string text, out string trouble)
    {
        trouble = "";
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var host = colon < 0 ? "" : text[..colon];
        var path = colon < 0 ? "" : text[(colon + 1)..];
        if (path.Contains('@', StringComparison.Ordinal) && !host.Contains('@', StringComparison.Ordinal))
        {
            return Refuse("may hold a password: write user@host:path, and use sshKeyFile", out trouble);
        }

        var at = host.LastIndexOf('@');
        var machine = host[(at + 1)..];
        var sound = IsName(machine) && (at < 0 || IsName(host[..at])) && path.Length > 0 && path[0] is not (':' or '-');
        return sound
            ? new RemoteUrl(text, RemoteTransport.Ssh)
            : Refuse("is not an address: use https://…, ssh://…, git@host:path, or an absolute path", out trouble);
    }

    private static bool IsName(string text) =>
        text.Length > 0 && text[0] != '-' && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    private static RemoteUrl? Refuse(string why, out string trouble)
    {
        trouble = why;
        return null;
    }
}
