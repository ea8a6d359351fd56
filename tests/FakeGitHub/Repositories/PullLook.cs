using FakeGitHub.Json;
using FakeGitHub.World;
using LibGit2Sharp;

namespace FakeGitHub.Repositories;

/// <summary>Looks at the commits of a pull request.</summary>
internal static class PullLook
{
    public static PullFacts At(PullRequest pull, RepositoryState repository)
    {
        using var git = new GitStore(repository.Folder);
        if (git.CommitOf(pull.HeadSha) is not { } head || Base(git, pull) is not { } target)
        {
            return new PullFacts(false, 0, 0, 0, 0);
        }

        using var changes = Changes(git, head, target);
        var mergeable = git.Git.ObjectDatabase.CanMergeWithoutConflict(target, head);
        return new PullFacts(mergeable, git.Between(target, head).Count, changes.LinesAdded, changes.LinesDeleted, changes.Count());
    }

    /// <summary>The base branch now; where it was, once the pull request is merged.</summary>
    public static Commit? Base(GitStore git, PullRequest pull) => pull.Open ? git.TipOf(pull.BaseRef) : git.CommitOf(pull.BaseSha);

    /// <summary>What the head changed since it left the base.</summary>
    public static Patch Changes(GitStore git, Commit head, Commit target) => git.Changes(git.MergeBase(head, target)?.Tree, head.Tree);
}
