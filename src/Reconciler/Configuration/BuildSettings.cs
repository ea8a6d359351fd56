using System.Collections.Immutable;
using Reconciler.Model;

namespace Reconciler.Configuration;

/// <summary>Section <c>build</c>.</summary>
internal sealed record BuildSettings
{
    /// <summary>How the repository is laid out.</summary>
    public required BuildKind Kind { get; init; }

    /// <summary>The attribute under <c>nixosConfigurations</c>.</summary>
    public required string FlakeAttribute { get; init; }

    /// <summary>The configuration file in a plain repository, relative to its root.</summary>
    public required string File { get; init; }

    /// <summary>How long a build may take.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Passed to <c>nixos-rebuild build</c> as they are.</summary>
    public required ImmutableArray<string> ExtraArguments { get; init; }


    /// <summary>Reads the section.</summary>
    public static BuildSettings Read(SettingsReader reader, HostName host)
    {
        var arguments = reader.Texts("extraArguments");
        if (arguments.Any(argument => argument.Length > 4096 || argument.Any(char.IsControl)))
        {
            reader.Fail("extraArguments", "must hold no control characters and nothing longer than 4096 characters");
        }
        else if (arguments is [var first, ..] && !first.StartsWith('-'))
        {
            reader.Fail("extraArguments", "must begin with an option, such as \"--option\"; one list entry is one argument");
        }

        var settings = new BuildSettings
        {
            Kind = reader.Word("kind", BuildKind.Auto),
            FlakeAttribute = reader.Text("flakeAttribute", host.ToString(), HostName.IsValid, "must be the name of an attribute of nixosConfigurations: letters, digits, '-' and '_'"),
            File = reader.Text("file", "configuration.nix", IsInside, "must be a path inside the repository, such as \"hosts/web1/configuration.nix\""),
            Timeout = reader.Duration("timeout", TimeSpan.FromHours(2), TimeSpan.FromMinutes(1), TimeSpan.FromDays(2)),
            ExtraArguments = arguments,
        };
        reader.Finish();
        return settings;
    }

    private static bool IsInside(string path) =>
        path.Length <= 1024 && path[0] is not ('/' or '-') && !path.Any(char.IsControl) && path.Split('/').All(part => part is not ("" or ".."));
}

/// <summary>How a repository says what a host is.</summary>
internal enum BuildKind
{
    /// <summary>A flake when the checkout has a <c>flake.nix</c>, plain otherwise.</summary>
    Auto,

    /// <summary><c>nixosConfigurations.&lt;attribute&gt;</c> of a flake.</summary>
    Flake,

    /// <summary>A <c>configuration.nix</c>.</summary>
    Plain,
}
