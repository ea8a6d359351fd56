using System.Collections.Immutable;
using System.Globalization;

namespace Reconciler.Configuration;

/// <summary>The kinds of forge that can be told how deployments go.</summary>
internal enum ForgeKind
{
    /// <summary>None: the story is told in git alone.</summary>
    None,

    /// <summary>GitHub, or GitHub Enterprise Server.</summary>
    Github,

    /// <summary>Forgejo or Gitea.</summary>
    Forgejo,

    /// <summary>GitLab.</summary>
    Gitlab,
}

/// <summary>Section <c>forge</c>.</summary>
internal sealed record ForgeSettings
{
    /// <summary>What kind it is.</summary>
    public required ForgeKind Kind { get; init; }

    /// <summary>The repository there, such as <c>acme/infra</c>; empty when there is no forge.</summary>
    public required string Repository { get; init; }

    /// <summary>Base address of its API, without a closing slash; null when there is no forge.</summary>
    public required Uri? Api { get; init; }

    /// <summary>File whose first line is a token; read anew at each use. Null when an app is used.</summary>
    public required string? TokenFile { get; init; }

    /// <summary>A GitHub App to act as; null when a token is used.</summary>
    public required ForgeAppSettings? App { get; init; }

    /// <summary>Labels for pull requests that take a commit back.</summary>
    public required ImmutableArray<string> Labels { get; init; }

    /// <summary>What pull requests are told.</summary>
    public required PlanSettings Plans { get; init; }

    /// <summary>Reads the section.</summary>
    /// <param name="reader">The section.</param>
    /// <param name="remote">The first remote, which names the repository unless the section does; null when there is none.</param>
    public static ForgeSettings Read(SettingsReader reader, RemoteUrl? remote)
    {
        var kind = reader.Word("kind", ForgeKind.None);
        var known = remote is null ? null : ForgeAddress.Of(remote);
        var settings = new ForgeSettings
        {
            Kind = kind,
            Repository = ReadRepository(reader, kind, known),
            Api = ReadApi(reader, kind, known),
            TokenFile = reader.AbsolutePath("tokenFile"),
            App = ForgeAppSettings.Read(reader, kind),
            Labels = ReadLabels(reader),
            Plans = PlanSettings.Read(reader.Section("plans")),
        };
        reader.Finish();
        settings.CheckCredentials(reader);
        return settings;
    }

    private static string ReadRepository(SettingsReader reader, ForgeKind kind, ForgeAddress? known)
    {
        var written = reader.Text("repository", "", ForgeAddress.IsRepository, "must be the repository's path at the forge, such as \"acme/infra\"");
        if (kind == ForgeKind.None || written.Length > 0 || reader.Has("repository"))
        {
            return written;
        }

        if (known is null)
        {
            reader.Fail("repository", "is required: the first remote's address does not tell the repository's path at the forge; write it, such as \"acme/infra\"");
        }

        return known?.Repository ?? "";
    }

    private static Uri? ReadApi(SettingsReader reader, ForgeKind kind, ForgeAddress? known)
    {
        var text = reader.Text("api", "", ForgeAddress.IsApi, "must be an https address such as \"https://github.example.org/api/v3\"; http is accepted for this machine only");
        if (text.Length > 0)
        {
            return new Uri(text.TrimEnd('/'), UriKind.Absolute);
        }

        if (kind != ForgeKind.None && known?.ApiOf(kind) is null && !reader.Has("api"))
        {
            reader.Fail("api", "is required: the first remote's address does not tell where the forge is; write the base address of its API");
        }

        return known?.ApiOf(kind);
    }

    private static ImmutableArray<string> ReadLabels(SettingsReader reader)
    {
        if (!reader.Has("labels"))
        {
            return ["rollback"];
        }

        var labels = reader.Texts("labels");
        if (labels.Length > 10 || labels.Any(label => label.Length is 0 or > 50 || label.Any(char.IsControl)))
        {
            reader.Fail("labels", "must be at most 10 labels of 1 to 50 characters");
        }

        return labels;
    }

    private void CheckCredentials(SettingsReader reader)
    {
        if (Kind != ForgeKind.None && TokenFile is null && App is null)
        {
            reader.Fail("tokenFile", Kind == ForgeKind.Github
                ? "is required: a file whose first line is a token, or set app for a GitHub App"
                : "is required: a file whose first line is a token");
        }
        else if (TokenFile is not null && App is not null)
        {
            reader.Fail("tokenFile", "is one of two ways to sign in; keep either it or app");
        }
    }
}

/// <summary>Section <c>forge.app</c>: a GitHub App.</summary>
/// <param name="Id">Its id.</param>
/// <param name="PrivateKeyFile">Its private key, in PEM.</param>
internal sealed record ForgeAppSettings(long Id, string PrivateKeyFile)
{
    /// <summary>Reads the section; null when it is not written.</summary>
    public static ForgeAppSettings? Read(SettingsReader forge, ForgeKind kind)
    {
        var reader = forge.Section("app");
        var id = reader.Text("id", "", text => text.Length <= 18 && text.All(char.IsAsciiDigit), "must be the app's id, its digits written as text, such as \"123456\"");
        var key = reader.AbsolutePath("privateKeyFile");
        reader.Finish();
        if (!forge.Has("app"))
        {
            return null;
        }

        if (kind != ForgeKind.Github)
        {
            forge.Fail("app", "is for forge.kind \"github\" only; use tokenFile");
        }

        foreach (var missing in (string[])[id.Length == 0 ? "id" : "", key is null ? "privateKeyFile" : ""])
        {
            if (missing.Length > 0 && !reader.Has(missing))
            {
                reader.Fail(missing, "is required for a GitHub App");
            }
        }

        return new ForgeAppSettings(long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0, key ?? "");
    }
}
