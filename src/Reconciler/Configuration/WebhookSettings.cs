using System.Collections.Immutable;
using System.Globalization;
using System.Net;

namespace Reconciler.Configuration;

/// <summary>Who sends webhooks.</summary>
internal enum WebhookSender
{
    /// <summary>Nobody: no address is listened on.</summary>
    None,

    /// <summary>GitHub.</summary>
    Github,

    /// <summary>Forgejo or Gitea.</summary>
    Forgejo,

    /// <summary>GitLab.</summary>
    Gitlab,

    /// <summary>Anybody who signs the body with HMAC-SHA-256.</summary>
    Generic,
}

/// <summary>Section <c>webhook</c>.</summary>
internal sealed record WebhookSettings
{
    /// <summary>Who sends them.</summary>
    public required WebhookSender Provider { get; init; }

    /// <summary>Address and port, or <c>unix:</c> and the absolute path of a Unix socket.</summary>
    public required string Listen { get; init; }

    /// <summary>The path of the request.</summary>
    public required string Path { get; init; }

    /// <summary>The address the forge sends to, as written there; null when unknown.</summary>
    public required Uri? PublicAddress { get; init; }

    /// <summary>Files with one secret each; all of them are valid, so that a secret can be changed without a gap.</summary>
    public required ImmutableArray<string> SecretFiles { get; init; }

    /// <summary>Most bytes of a body.</summary>
    public required long BodyLimit { get; init; }

    /// <summary>Whether a proxy on this machine is believed when it names the sender's address.</summary>
    public required bool TrustForwardedFor { get; init; }

    /// <summary>Time between looks at the remotes while webhooks arrive.</summary>
    public required TimeSpan PollInterval { get; init; }

    /// <summary>Reads the section.</summary>
    public static WebhookSettings Read(SettingsReader reader)
    {
        var provider = reader.Word("provider", WebhookSender.None);
        var settings = new WebhookSettings
        {
            Provider = provider,
            Listen = reader.Text("listen", "127.0.0.1:9180", IsListen, "must be an address with its port, such as \"127.0.0.1:9180\", or a Unix socket, such as \"unix:/run/reconciler/webhook.sock\""),
            Path = reader.Text("path", "/hook", IsPath, "must be the path of a request, such as \"/hook\""),
            PublicAddress = reader.Text("publicAddress", "", IsPublic, "must be the address the forge sends to, such as \"https://hooks.example.org/hook\"") is { Length: > 0 } address
                ? new Uri(address, UriKind.Absolute)
                : null,
            SecretFiles = ReadSecretFiles(reader, provider),
            BodyLimit = reader.Size("bodyLimit", 3L << 20),
            TrustForwardedFor = reader.Flag("trustForwardedFor", false),
            PollInterval = reader.Duration("pollInterval", TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(5), TimeSpan.FromDays(1)),
        };
        if (settings.BodyLimit is < 1024 or > 32L << 20)
        {
            reader.Fail("bodyLimit", "must be from \"1KiB\" to \"32MiB\"");
        }

        reader.Finish();
        return settings;
    }

    /// <summary>What to listen on: an address, or the path of a Unix socket.</summary>
    public (IPEndPoint? Address, string? Socket) ListenOn() =>
        Listen.StartsWith(Unix, StringComparison.Ordinal) ? (null, Listen[Unix.Length..]) : (IPEndPoint.Parse(Listen), null);

    private const string Unix = "unix:";

    private static bool IsListen(string text) => text.StartsWith(Unix, StringComparison.Ordinal)
        ? text.Length is > 6 and <= 112 && text[Unix.Length] == '/' && !text.Any(char.IsControl)
        : IPEndPoint.TryParse(text, out var address) && address.Port > 0 && text.EndsWith(string.Create(CultureInfo.InvariantCulture, $":{address.Port}"), StringComparison.Ordinal);

    private static ImmutableArray<string> ReadSecretFiles(SettingsReader reader, WebhookSender provider)
    {
        var files = reader.Texts("secretFiles");
        if (files.Any(file => file.Length < 2 || file[0] != '/' || file.Any(char.IsControl) || file.Split('/').Contains("..")))
        {
            reader.Fail("secretFiles", "must be absolute paths without \"..\"");
        }

        if (files.Length > 2)
        {
            reader.Fail("secretFiles", "must be one or two files: the secret in use and, while it is being changed, the next");
        }
        else if (provider != WebhookSender.None && files.IsEmpty)
        {
            reader.Fail("secretFiles", "is required: without a secret anybody could send webhooks");
        }

        return files;
    }

    private static bool IsPublic(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address is { UserInfo: "" } && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp);

    private static bool IsPath(string text) =>
        text.Length is >= 2 and <= 128 && text[0] == '/' && !text.Contains("//", StringComparison.Ordinal) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '_' or '.');
}
