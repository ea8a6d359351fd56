using System.Collections.Immutable;
using Reconciler.Adapters.Processes;

namespace Reconciler.Adapters.Git;

/// <summary>One call of the git program.</summary>
internal sealed record GitCommand(ImmutableArray<string> Arguments)
{
    /// <summary>Makes a command of its arguments, without the program's name.</summary>
    public static GitCommand Of(params IEnumerable<string> arguments) => new([.. arguments]);

    /// <summary>The git directory to work on; null to let git find it from <see cref="WorkingDirectory"/>, or for commands that need none.</summary>
    public string? GitDirectory { get; init; }

    /// <summary>Absolute path to run in; null for <c>/</c>.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>The remote it talks to, whose scheme is allowed and whose key or token is used; null for a command that stays here.</summary>
    public GitRemoteSettings? Remote { get; init; }

    /// <summary>Where the remote was found to be by following a redirect; null for its configured address.</summary>
    public string? MovedTo { get; init; }

    /// <summary>Schemes allowed beside the remote's own; for submodules.</summary>
    public ImmutableArray<string> AlsoAllow { get; init; } = [];

    /// <summary>The whole process tree is killed after this time.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Text for its standard input; null closes it at once.</summary>
    public string? Input { get; init; }

    /// <summary>Further git configuration, after the safe one.</summary>
    public ImmutableArray<(string Key, string Value)> Configuration { get; init; } = [];

    /// <summary>Further variables; a null value removes one.</summary>
    public ImmutableDictionary<string, string?> Environment { get; init; } = ImmutableDictionary<string, string?>.Empty;

    /// <summary>Called for each line of either stream, secrets already taken out; may be called from two threads at once.</summary>
    public Action<ProcessLine>? OnLine { get; init; }

    /// <summary>At most this many characters of each stream are kept: the end of standard error, the beginning of standard output.</summary>
    public int KeepCharacters { get; init; } = 256 * 1024;
}
