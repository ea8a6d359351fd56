using System.Collections.Immutable;
using Reconciler.Model;

namespace Reconciler.Adapters.Git;

/// <summary>The watched branches, and how git calls them.</summary>
internal sealed record GitBranches(string Main, string? Testing)
{
    /// <summary>The watched branches of a repository.</summary>
    public static GitBranches Of(GitRepositorySettings settings) => new(settings.MainBranch, settings.TestingBranch);

    /// <summary>Full names of the refs on a remote.</summary>
    public ImmutableArray<string> RemoteRefs { get; } = Testing is null ? [Head(Main)] : [Head(Main), Head(Testing)];

    /// <summary>Takes the tips out of what is known of refs.</summary>
    /// <param name="objectIdOf">Says the object id of a branch; null when it is not there.</param>
    public GitTips Tips(Func<string, string?> objectIdOf) =>
        new(Read(objectIdOf(Main)), Testing is null ? null : Read(objectIdOf(Testing)));

    /// <summary>Where the mirror keeps a remote's branch.</summary>
    public static string Tracking(string remote, string branch) => $"refs/remotes/{remote}/{branch}";

    /// <summary>The full name of a branch's ref.</summary>
    public static string Head(string branch) => $"refs/heads/{branch}";

    /// <summary>Where the mirror keeps the heads of pull requests: no place where a branch's or a tag's name is looked up.</summary>
    public const string Plans = "refs/plans/";

    /// <summary>Where the mirror keeps a pull request's head.</summary>
    public static string Plan(long number) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Plans}{number}");

    /// <summary>What is wrong with the names of branches and remotes; null when nothing is.</summary>
    public static string? FaultOf(GitRepositorySettings settings) =>
        FaultOf(settings.MainBranch)
        ?? (settings.TestingBranch is { } testing ? FaultOf(testing) : null)
        ?? settings.Remotes.Where(r => !IsRemoteName(r.Name))
            .Select(r => $"'{OneLine.Of(r.Name, 80)}' cannot be a remote's name: use letters, digits, '-', '_' and '.'")
            .FirstOrDefault();

    /// <summary>Whether git takes the text as a branch name; the rules of <c>git check-ref-format</c>.</summary>
    public static bool IsBranchName(string name) =>
        name is { Length: > 0 and <= 200 } && name[0] != '-' && name != "@" && !name.EndsWith('.')
        && !name.Contains("..", StringComparison.Ordinal) && !name.Contains("@{", StringComparison.Ordinal)
        && name.All(c => c is > ' ' and not '\x7f' and not '~' and not '^' and not ':' and not '?' and not '*' and not '[' and not '\\')
        && name.Split('/').All(part => part.Length > 0 && part[0] != '.' && !part.EndsWith(".lock", StringComparison.Ordinal));

    private static bool IsRemoteName(string name) =>
        IsBranchName(name) && char.IsAsciiLetterOrDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static string? FaultOf(string branch) =>
        IsBranchName(branch) ? null : $"'{OneLine.Of(branch, 80)}' cannot be a branch name; give it without refs/heads/";

    private static Revision? Read(string? objectId) => Revision.TryParse(objectId, out var revision) ? revision : null;
}
