using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Reconciler.Model;

namespace Reconciler.Adapters.Git;

/// <summary>How a remote is reached.</summary>
internal enum GitTransport
{
    /// <summary>A repository on this machine.</summary>
    Path,

    /// <summary>Smart HTTP, with or without TLS.</summary>
    Http,

    /// <summary>ssh.</summary>
    Ssh,

    /// <summary>git's own unauthenticated protocol.</summary>
    Git,
}

/// <summary>A remote's address, checked: it can be neither an option nor a remote helper, and its text holds no secret.</summary>
internal sealed partial record GitAddress
{
    private GitAddress(GitTransport transport, string text) => (Transport, Text) = (transport, text);

    /// <summary>How it is reached.</summary>
    public GitTransport Transport { get; }

    /// <summary>What git is given, and what people are shown; an absolute path for <see cref="GitTransport.Path"/>.</summary>
    public string Text { get; }

    /// <summary>User name from an http address; null when it had none.</summary>
    public string? UserName { get; private init; }

    /// <summary>Password from an http address; null when it had none.</summary>
    public string? Password { get; private init; }

    /// <summary>The scheme, as git's protocol.*.allow calls it.</summary>
    public string Scheme => Transport switch
    {
        GitTransport.Path => "file",
        GitTransport.Ssh => "ssh",
        GitTransport.Git => "git",
        _ => Text.StartsWith("https:", StringComparison.OrdinalIgnoreCase) ? "https" : "http",
    };

    /// <summary>Whether what is said there can be read on the way: http without TLS to another machine.</summary>
    public bool IsInTheClear => Transport == GitTransport.Http && Scheme == "http" && !new Uri(Text).IsLoopback;

    /// <summary>Reads an address.</summary>
    /// <param name="url">As configured.</param>
    /// <param name="address">The address; null when it is no good.</param>
    /// <param name="fault">What is wrong with it and how to put it right, without its secrets; null when nothing is.</param>
    public static bool TryParse(string url, [NotNullWhen(true)] out GitAddress? address, [NotNullWhen(false)] out string? fault)
    {
        (address, fault) = Parse(url);
        return address is not null;
    }

    /// <summary>Whether scheme, host and port are the same; for http addresses.</summary>
    public bool HasOriginOf(GitAddress other) =>
        Transport == GitTransport.Http && other.Transport == GitTransport.Http
        && new Uri(Text).GetLeftPart(UriPartial.Authority) == new Uri(other.Text).GetLeftPart(UriPartial.Authority);

    /// <summary>Text with passwords in addresses masked.</summary>
    public static string Mask(string text) => UserInfo().Replace(text, "$1***@");

    public override string ToString() => Text;

    private static (GitAddress?, string?) Parse(string url)
    {
        var shown = OneLine.Of(Mask(url), 200);
        if (url.Length is 0 or > 2000 || url.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)))
        {
            return Refuse("is empty, too long, or holds blanks or control characters");
        }

        if (url[0] == '-')
        {
            return Refuse("begins with '-' and would be read as an option");
        }

        if (url[0] == '/')
        {
            return (new GitAddress(GitTransport.Path, url), null);
        }

        if (Helper().IsMatch(url))
        {
            return Refuse("names a remote helper, which is not allowed; use a path, https, http, ssh or git address");
        }

        if (!url.Contains("://", StringComparison.Ordinal))
        {
            return Scp().IsMatch(url)
                ? (new GitAddress(GitTransport.Ssh, url), null)
                : Refuse("is neither an absolute path, nor an address with a scheme, nor user@host:path");
        }

        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri))
        {
            return Refuse("cannot be read as an address");
        }

        if (uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            return Refuse("has a query or a fragment, which a repository's address has not");
        }

        return uri.Scheme switch
        {
            "file" when uri.Host.Length > 0 && !uri.IsLoopback => Refuse("names another host; a file address is of this machine"),
            "file" => (new GitAddress(GitTransport.Path, Uri.UnescapeDataString(uri.AbsolutePath)), null),
            _ when !Host().IsMatch(uri.Host) => Refuse("has no plain host name"),
            "http" or "https" => (OfHttp(uri), null),
            "ssh" when uri.UserInfo.Contains(':', StringComparison.Ordinal) => Refuse("holds a password; ssh remotes take a key file"),
            "ssh" or "git" when uri.UserInfo.StartsWith('-') => Refuse("has a user name that would be read as an option"),
            "ssh" => (new GitAddress(GitTransport.Ssh, url), null),
            "git" => (new GitAddress(GitTransport.Git, url), null),
            _ => Refuse("has a scheme that is not allowed; use a path, https, http, ssh or git address"),
        };

        (GitAddress?, string?) Refuse(string why) => (null, $"the address '{shown}' {why}");
    }

    private static GitAddress OfHttp(Uri uri)
    {
        var bare = new UriBuilder(uri) { UserName = "", Password = "", Port = uri.IsDefaultPort ? -1 : uri.Port }.Uri;
        var parts = uri.UserInfo.Split(':', 2);
        return new GitAddress(GitTransport.Http, bare.AbsoluteUri.TrimEnd('/'))
        {
            UserName = parts[0].Length > 0 ? Uri.UnescapeDataString(parts[0]) : null,
            Password = parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : null,
        };
    }

    [GeneratedRegex("^[A-Za-z0-9+.-]*::", RegexOptions.CultureInvariant)]
    private static partial Regex Helper();

    [GeneratedRegex(@"^([A-Za-z0-9_][A-Za-z0-9_.-]*@)?[A-Za-z0-9][A-Za-z0-9.-]*:[^-:].*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Scp();

    [GeneratedRegex(@"^([A-Za-z0-9]([A-Za-z0-9._-]*)|\[[0-9A-Fa-f:.]+\])\z", RegexOptions.CultureInvariant)]
    private static partial Regex Host();

    [GeneratedRegex("([A-Za-z][A-Za-z0-9+.-]*://)[^/@\\s]*@", RegexOptions.CultureInvariant)]
    private static partial Regex UserInfo();
}
