using System.Collections.Immutable;
using System.Globalization;
using System.Net;

namespace Reconciler.Configuration;

/// <summary>Section <c>page</c>: the read-only status page and its JSON API.</summary>
/// <param name="Listen">Address and port, with or without <c>http://</c>, or <c>unix:</c> and an absolute path; null when there is no page.</param>
/// <param name="Names">Names, besides this machine's own, that browsers may ask for the page by.</param>
/// <param name="Group">Group that may use the Unix socket besides root; null when only root may.</param>
internal sealed record PageSettings(string? Listen, ImmutableArray<string> Names, string? Group)
{
    /// <summary>Where people reach the page, for links at the forge; null when they are not to be led to it.</summary>
    public Uri? PublicUrl { get; init; }

    private const string Unix = "unix:";
    private const string Http = "http://";
    private const int MostNames = 20;
    private const int LongestUrl = 300;

    /// <summary>Reads the section.</summary>
    public static PageSettings Read(SettingsReader reader)
    {
        var listen = reader.TextOrNull("listen");
        if (listen is not null && !IsListen(listen))
        {
            reader.Fail("listen", "must be an address with its port, such as \"http://127.0.0.1:9181\", or a Unix socket, such as \"unix:/run/reconciler/page.sock\"");
        }

        var names = reader.Texts("names");
        if (names.Length > MostNames || !names.All(IsName))
        {
            reader.Fail("names", string.Create(CultureInfo.InvariantCulture, $"must be at most {MostNames} names of hosts without a port, such as \"status.example.org\""));
        }

        var group = reader.TextOrNull("group");
        if (group is not null && !IsGroup(group))
        {
            reader.Fail("group", "must be the name of a group, or null for root only");
        }

        var url = reader.TextOrNull("publicUrl");
        if (url is not null && !IsPublic(url))
        {
            reader.Fail("publicUrl", "must be where people's browsers reach the page, such as \"https://status.example.org\": https or http, with no user, path or query, as the page begins at /");
        }
        else if (url is not null && listen is null)
        {
            reader.Fail("publicUrl", "is the address of a page that is not served; set listen, too");
        }

        reader.Finish();
        return new PageSettings(listen, names, group) { PublicUrl = url is not null && IsPublic(url) ? new Uri(url, UriKind.Absolute) : null };
    }

    /// <summary>What to listen on: an address, or the path of a Unix socket.</summary>
    public (IPEndPoint? Address, string? Socket) ListenOn() => Listen switch
    {
        null => (null, null),
        _ when Listen.StartsWith(Unix, StringComparison.Ordinal) => (null, Listen[Unix.Length..]),
        _ => (IPEndPoint.Parse(Bare(Listen)), null),
    };

    private static bool IsListen(string text) => text.StartsWith(Unix, StringComparison.Ordinal)
        ? text.Length is > 6 and <= 112 && text[Unix.Length] == '/' && !text.Any(char.IsControl) && !text.Split('/').Contains("..")
        : IPEndPoint.TryParse(Bare(text), out var address) && address.Port > 0
            && Bare(text).EndsWith(string.Create(CultureInfo.InvariantCulture, $":{address.Port}"), StringComparison.Ordinal);

    private static string Bare(string text) => (text.StartsWith(Http, StringComparison.Ordinal) ? text[Http.Length..] : text).TrimEnd('/');

    private static bool IsPublic(string text) =>
        text.Length <= LongestUrl
        && Uri.TryCreate(text, UriKind.Absolute, out var address)
        && address is { UserInfo: "", AbsolutePath: "/", Query: "", Fragment: "" }
        && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp);

    private static bool IsName(string name) =>
        name.Length is > 0 and <= 253 && name.Split('.').All(part => part.Length is > 0 and <= 63 && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'));

    private static bool IsGroup(string name) =>
        name.Length <= 32 && name[0] is not '-' && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
