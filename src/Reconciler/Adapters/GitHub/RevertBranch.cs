using System.Net;
using Octokit;
using Reconciler.Adapters.Forge;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Adapters.GitHub;

/// <summary>The branch that takes a revision back: looked at, and made through the API when git did not push it.</summary>
internal sealed class RevertBranch(GitHubApi api, GitHubSettings settings)
{
    /// <summary>Whether a head is nothing but one commit on top of the bad revision, and not somebody's work on top of that.</summary>
    /// <param name="head">The commit at the head.</param>
    /// <param name="bad">The revision that is taken back.</param>
    /// <param name="good">The revision whose files it must have; null when that is not known.</param>
    public async Task<bool> IsUntouchedAsync(string head, Revision bad, Revision? good)
    {
        var commit = await api.CommitAsync(head);
        if (commit is null || !new ForgeTip([.. commit.Parents?.Select(parent => parent.Sha ?? "") ?? []], commit.Message ?? "").TakesBack(bad))
        {
            return false;
        }

        return good is not { } restored || (await api.CommitAsync(restored.Sha))?.Tree?.Sha is not { } tree || commit.Tree?.Sha == tree;
    }

    /// <summary>Makes sure the branch is there and ours.</summary>
    /// <returns>Null when it is; else what to answer.</returns>
    public async Task<ForgeAnswer?> EnsureAsync(DeploymentStory story, Failure cause, Revision bad, Revision good)
    {
        var branch = RollbackText.BranchOf(bad);
        if (await api.HeadAsync(branch) is { } head)
        {
            return await IsUntouchedAsync(head, bad, good) ? null : new ForgeAnswer.Done(null, $"{branch} holds commits of somebody else and was left alone");
        }

        if (!settings.MayCreateBranches)
        {
            return new ForgeAnswer.Later(
                $"{settings.FullName} has no branch {branch} to open a pull request from: let a remote be pushed to, or let the branch be made through the API", null);
        }

        var (tree, answer) = await TreeAsync(bad, good);
        if (tree is null)
        {
            return answer;
        }

        var commit = await api.MakeCommitAsync(Commit(story, cause, bad, good, tree));
        try
        {
            await api.MakeBranchAsync(branch, commit.Sha ?? "");
            return null;
        }
        catch (ApiException e) when (e.StatusCode == HttpStatusCode.UnprocessableEntity && GitHubProblem.Of(e).Says("reference already exists"))
        {
            // Another host was faster, or an earlier attempt of this one that broke off.
            return await api.HeadAsync(branch) is { } other && await IsUntouchedAsync(other, bad, good)
                ? null
                : new ForgeAnswer.Done(null, $"{branch} was made by somebody else meanwhile and was left alone");
        }
    }

    private async Task<(string? Tree, ForgeAnswer? Answer)> TreeAsync(Revision bad, Revision good)
    {
        var (failed, restored) = (await api.CommitAsync(bad.Sha), await api.CommitAsync(good.Sha));
        if (failed?.Tree?.Sha is not { } before || restored?.Tree?.Sha is not { } after)
        {
            var missing = failed?.Tree is null ? bad : good;
            return (null, new ForgeAnswer.Refused(
                $"{settings.FullName} has no commit {missing}, so nothing can be taken back there: it was never pushed there, or was thrown away since"));
        }

        return before == after ? (null, new ForgeAnswer.Done(null, $"{bad} and {good} have the same files, so there is nothing to take back")) : (after, null);
    }

    // GitHub signs what an App commits in its own name. With a token, name and date are those of the branch git would have pushed, and with them the id.
    private NewCommit Commit(DeploymentStory story, Failure cause, Revision bad, Revision good, string tree)
    {
        var author = settings.Access is GitHubAccess.App
            ? null
            : new Committer($"Reconciler on {story.Host}", $"reconciler@{story.Host}.invalid", story.Deployment.Changed.ToUniversalTime());
        return new NewCommit(RollbackText.Write(story, cause, bad, good), tree, bad.Sha) { Author = author, Committer = author };
    }
}
