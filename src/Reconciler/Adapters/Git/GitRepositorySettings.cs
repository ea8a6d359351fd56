using System.Collections.Immutable;

namespace Reconciler.Adapters.Git;

/// <summary>The repository the host follows, and where its mirror is.</summary>
internal sealed record GitRepositorySettings
{
    /// <summary>Absolute path of the bare mirror; made when it is not there.</summary>
    public required string MirrorPath { get; init; }

    /// <summary>The branch the host follows for good, without <c>refs/heads/</c>.</summary>
    public required string MainBranch { get; init; }

    /// <summary>The host's testing branch, without <c>refs/heads/</c>; null for none.</summary>
    public string? TestingBranch { get; init; }

    /// <summary>The remotes, in order of preference.</summary>
    public required ImmutableArray<GitRemoteSettings> Remotes { get; init; }

    /// <summary>The git program: a name on the path, or a path.</summary>
    public string Program { get; init; } = "git";

    /// <summary>The ssh program: a name on the path, or a path of plain characters.</summary>
    public string SshProgram { get; init; } = "ssh";
}
