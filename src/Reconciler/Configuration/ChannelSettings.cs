using System.Collections.Immutable;
using Reconciler.Model;

namespace Reconciler.Configuration;

/// <summary>What a channel leads to.</summary>
internal enum ChannelKind
{
    /// <summary>A program of somebody's own: a JSON document, signed.</summary>
    Webhook,

    /// <summary>Slack, or what takes Slack's webhooks, such as Mattermost.</summary>
    Slack,

    /// <summary>A room of Matrix.</summary>
    Matrix,

    /// <summary>A topic of ntfy.</summary>
    Ntfy,
}

/// <summary>One entry of <c>notifications.channels</c>.</summary>
internal sealed record ChannelSettings
{
    /// <summary>Unique.</summary>
    public required string Name { get; init; }

    /// <summary>What it leads to.</summary>
    public required ChannelKind Kind { get; init; }

    /// <summary>Where word is sent; null when <see cref="UrlFile"/> says it.</summary>
    public required Uri? Url { get; init; }

    /// <summary>File whose first line is the address, where that is itself a secret, as Slack's are; null when <see cref="Url"/> says it.</summary>
    public required string? UrlFile { get; init; }

    /// <summary>Matrix: the room, such as <c>!abc:example.org</c>; null otherwise.</summary>
    public required string? Room { get; init; }

    /// <summary>File whose first line is a token, for Matrix and ntfy; null when none is needed.</summary>
    public required string? TokenFile { get; init; }

    /// <summary>File whose first line signs the body of a webhook; null when it is not signed.</summary>
    public required string? SecretFile { get; init; }

    /// <summary>What is told by it.</summary>
    public required ImmutableArray<NoticeKind> Events { get; init; }

    /// <summary>Reads one entry.</summary>
    /// <param name="reader">The entry.</param>
    /// <param name="names">The names of the entries before; this one's is added.</param>
    public static ChannelSettings Read(SettingsReader reader, HashSet<string> names)
    {
        var kind = reader.Word("kind", ChannelKind.Webhook);
        var settings = new ChannelSettings
        {
            Name = reader.Text("name", Word(kind), IsName, "must be 1 to 63 letters, digits, '-' or '_'"),
            Kind = kind,
            Url = reader.Text("url", "", IsUrl, "must be an https address without a password in it, such as \"https://ntfy.example.org/hosts\"; http goes only to this machine") is { Length: > 0 } url ? new Uri(url, UriKind.Absolute) : null,
            UrlFile = reader.AbsolutePath("urlFile"),
            Room = reader.Text("room"),
            TokenFile = reader.AbsolutePath("tokenFile"),
            SecretFile = reader.AbsolutePath("secretFile"),
            Events = ReadEvents(reader),
        };
        reader.Finish();
        settings.Check(reader, names);
        return settings;
    }

    /// <summary>Whether word may be sent there: encrypted, or to this machine.</summary>
    public static bool IsSafe(Uri address) => address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback);

    private void Check(SettingsReader reader, HashSet<string> names)
    {
        if (!names.Add(Name))
        {
            reader.Fail("name", "is the name of a channel above, too; names must differ");
        }

        if (Url is null == UrlFile is null)
        {
            reader.Fail("url", "or urlFile is required, and only one of them: where word is to be sent");
        }

        if (Kind == ChannelKind.Matrix && (Room is not ['!', ..] || TokenFile is null))
        {
            reader.Fail("room", "and tokenFile are required for matrix: the room's id, such as \"!abc:example.org\", and a file with an access token");
        }

        if (Kind != ChannelKind.Webhook && SecretFile is not null)
        {
            reader.Fail("secretFile", "is for webhooks; others are not signed");
        }
    }

    private static ImmutableArray<NoticeKind> ReadEvents(SettingsReader reader)
    {
        if (!reader.Has("events"))
        {
            return [.. Enum.GetValues<NoticeKind>()];
        }

        var events = ImmutableArray.CreateBuilder<NoticeKind>();
        foreach (var text in reader.Texts("events"))
        {
            if (SettingsReader.TryWord<NoticeKind>(text, out var kind))
            {
                events.Add(kind);
            }
            else
            {
                reader.Fail("events", SettingsReader.Unknown<NoticeKind>(text));
            }
        }

        return [.. events.Distinct()];
    }

    private static bool IsName(string text) => text.Length is > 0 and < 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static bool IsUrl(string text) => Uri.TryCreate(text, UriKind.Absolute, out var address) && IsSafe(address) && address.UserInfo.Length == 0;

    private static string Word(ChannelKind kind) => kind.ToString().ToLowerInvariant();
}
