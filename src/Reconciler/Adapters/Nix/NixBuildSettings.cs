using System.Collections.Immutable;

namespace Reconciler.Adapters.Nix;

/// <summary>How systems are built.</summary>
internal sealed record NixBuildSettings
{
    /// <summary>Whether the repository is a flake.</summary>
    public required NixBuildKind Kind { get; init; }

    /// <summary>Absolute path of the daemon's own folder; build results are linked below it.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>The name under <c>nixosConfigurations</c>; null for the host's own name, as <c>nixos-rebuild</c> finds it.</summary>
    public string? FlakeAttribute { get; init; }

    /// <summary>Whether a flake's git submodules are part of it. Newer flakes say so themselves (<c>inputs.self.submodules</c>).</summary>
    public bool FlakeSubmodules { get; init; }

    /// <summary>Plain only: the NixOS configuration, relative to the work tree. Unused when <see cref="File"/> or <see cref="Attribute"/> is set.</summary>
    public string ConfigurationFile { get; init; } = "configuration.nix";

    /// <summary>Plain only: a Nix file that gives systems, relative to the work tree; null for <c>default.nix</c> when <see cref="Attribute"/> is set.</summary>
    public string? File { get; init; }

    /// <summary>Plain only: the attribute of the system in <see cref="File"/>.</summary>
    public string? Attribute { get; init; }

    /// <summary>A build that takes longer is ended.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(2);

    /// <summary>Passed on to <c>nixos-rebuild</c> as they are.</summary>
    public ImmutableArray<string> ExtraArguments { get; init; } = [];

    /// <summary>What a configuration without flakes that nobody has agreed to yet may read of the host: absolute paths.</summary>
    public ImmutableArray<string> Readable { get; init; } = [];

    /// <summary>What a build may take of the host; null for all it wants.</summary>
    public NixBuildLimits? Limits { get; init; }
}

/// <summary>The shapes of a repository.</summary>
internal enum NixBuildKind
{
    /// <summary>With a <c>flake.nix</c>.</summary>
    Flake,

    /// <summary>With a <c>configuration.nix</c>, or a file and an attribute.</summary>
    Plain,

    /// <summary>A flake when the commit has a <c>flake.nix</c> at its top, plain otherwise; looked up for each commit.</summary>
    Auto,
}

/// <summary>What a build is for. Each purpose keeps its own last result from garbage collection.</summary>
internal enum BuildPurpose
{
    /// <summary>To be deployed.</summary>
    Deployment,

    /// <summary>To show an operator what it would change.</summary>
    Plan,

    /// <summary>To show on a pull request what it would change.</summary>
    PullRequest,
}
