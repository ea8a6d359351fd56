namespace Reconciler.Configuration;

/// <summary>One entry of <c>repository.remotes</c>.</summary>
internal sealed record RemoteSettings
{
    /// <summary>Unique; part of ref names.</summary>
    public required string Name { get; init; }

    /// <summary>Where it is. Never holds a secret.</summary>
    public required RemoteUrl Url { get; init; }

    /// <summary>How long one look may take.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>File whose first line is a token or password, for HTTP; read anew at each use. Null when none is needed.</summary>
    public required string? TokenFile { get; init; }

    /// <summary>User name that goes with the token; null for the forge's usual one.</summary>
    public required string? Username { get; init; }

    /// <summary>Private key, for ssh; null for those of root.</summary>
    public required string? SshKeyFile { get; init; }

    /// <summary>Known host keys, for ssh; null for the system's.</summary>
    public required string? KnownHostsFile { get; init; }

    /// <summary>Whether notes and revert branches are written to it.</summary>
    public required bool Push { get; init; }

    /// <summary>Whether an address without encryption is accepted.</summary>
    public required bool AllowInsecure { get; init; }


    /// <summary>Why an address in the clear is refused.</summary>
    public const string InTheClear = "is not encrypted, so anyone on the way can choose what this host runs: use https or ssh, or set allowInsecure";

    /// <summary>A remote of which only the address is told.</summary>
    public static RemoteSettings Of(RemoteUrl url) => new()
    {
        Name = "origin",
        Url = url,
        Timeout = DefaultTimeout,
        TokenFile = null,
        Username = null,
        SshKeyFile = null,
        KnownHostsFile = null,
        Push = true,
        AllowInsecure = false,
    };

    /// <summary>Reads one entry; null when it has no usable address.</summary>
    /// <param name="reader">The entry.</param>
    /// <param name="index">Its place in the list, from 0.</param>
    /// <param name="names">The names of the entries before; this one's is added.</param>
    public static RemoteSettings? Read(SettingsReader reader, int index, HashSet<string> names)
    {
        var name = reader.Text("name", index == 0 ? "origin" : $"remote{index + 1}", IsName, "must be 1 to 63 letters, digits, '-' or '_', beginning with a letter or digit");
        if (!names.Add(name))
        {
            reader.Fail("name", "is the name of a remote above, too; names must differ");
        }

        if (!reader.Has("url"))
        {
            reader.Fail("url", "is required: the address of the repository, such as \"https://git.example.org/fleet.git\"");
        }

        var url = ReadUrl(reader);
        var settings = new RemoteSettings
        {
            Name = name,
            Url = url!,
            Timeout = reader.Duration("timeout", DefaultTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(30)),
            TokenFile = reader.AbsolutePath("tokenFile"),
            Username = reader.Text("username"),
            SshKeyFile = reader.AbsolutePath("sshKeyFile"),
            KnownHostsFile = reader.AbsolutePath("knownHostsFile"),
            Push = reader.Flag("push", true),
            AllowInsecure = reader.Flag("allowInsecure", false),
        };
        reader.Finish();
        if (url is not null)
        {
            settings.CheckAgainstUrl(reader);
        }

        return url is null ? null : settings;
    }

    /// <summary>Reads the address; null when there is none that can be used.</summary>
    public static RemoteUrl? ReadUrl(SettingsReader reader)
    {
        if (reader.Text("url") is not { } text)
        {
            return null;
        }

        var url = RemoteUrl.Read(text, out var trouble);
        if (url is null)
        {
            reader.Fail("url", trouble);
        }

        return url;
    }

    private static readonly string[] SshKeys = ["sshKeyFile", "knownHostsFile"];
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    private static bool IsName(string name) =>
        name.Length <= 63 && char.IsAsciiLetterOrDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private void CheckAgainstUrl(SettingsReader reader)
    {
        if (Url.IsInTheClear && !AllowInsecure)
        {
            reader.Fail("url", InTheClear);
        }

        if (TokenFile is not null && !Url.TakesToken)
        {
            reader.Fail("tokenFile", Url.IsInTheClear ? "would send the token unencrypted: use https" : "is for https addresses; ssh wants sshKeyFile, and a path wants neither");
        }

        if (Username is not null && !Url.TakesToken)
        {
            reader.Fail("username", "is for https addresses; with ssh write user@ into the url");
        }

        if (Username is not null && (TokenFile is null || Username.Any(c => c == ':' || char.IsControl(c))))
        {
            reader.Fail("username", TokenFile is null ? "is of no use without tokenFile" : "must hold no ':'");
        }

        if (Url.Transport is not RemoteTransport.Ssh)
        {
            foreach (var key in SshKeys.Where(reader.Has))
            {
                reader.Fail(key, "is for ssh addresses only");
            }
        }
    }
}
