using System.Text.Json.Nodes;
using FakeGitHub.Http;
using FakeGitHub.Repositories;
using FakeGitHub.World;
using LibGit2Sharp;

namespace FakeGitHub.Api;

/// <summary>Merging a pull request: a real commit in the repository.</summary>
internal static class PullMergeApi
{
    public static void Add(RouteTable routes) => routes.AddRepo("PUT", "/pulls/{number}/merge", "contents:write", Merge);

    private static ApiAnswer Merge(ApiCall call)
    {
        using var git = call.Open();
        if (PullsApi.Find(call) is not { } pull)
        {
            return ApiAnswer.NotFound();
        }

        if (call.Text("sha") is { } expected && expected != pull.HeadSha)
        {
            return ApiAnswer.Error(409, "Head branch was modified. Review and try the merge again.");
        }

        if (!pull.Open || pull.Draft || git.TipOf(pull.BaseRef) is not { } target || git.CommitOf(pull.HeadSha) is not { } head
            || Make(call, git, pull, target, head) is not { } made)
        {
            return ApiAnswer.Error(405, pull is { Open: true, Draft: true } ? "Pull Request is still a draft" : "Pull Request is not mergeable");
        }

        git.SetRef($"refs/heads/{pull.BaseRef}", made.Id);
        var merged = call.Repository.Pulls.Put(pull with
        {
            Open = false,
            ClosedAt = call.Now,
            UpdatedAt = call.Now,
            MergedAt = call.Now,
            MergedBy = call.Actor,
            MergeSha = made.Sha,
            BaseSha = target.Sha,
        });
        call.Watch.Moved(call.Repository, [new RefChange($"refs/heads/{pull.BaseRef}", target.Sha, made.Sha)], call.Actor);
        call.Watch.Events.Pull(call.Repository, merged, "closed", call.Actor);
        return ApiAnswer.Ok(new JsonObject { ["sha"] = made.Sha, ["merged"] = true, ["message"] = "Pull Request successfully merged" });
    }

    private static Commit? Make(ApiCall call, GitStore git, PullRequest pull, Commit target, Commit head)
    {
        var merge = git.Git.ObjectDatabase.MergeCommits(target, head, new MergeTreeOptions());
        if (merge.Status == MergeTreeStatus.Conflicts)
        {
            return null;
        }

        var who = new Signature(call.Actor.Login, call.Actor.Email, call.Now);
        var method = call.Text("merge_method") ?? "merge";
        if (method == "rebase")
        {
            return Rebase(git, target, head, who);
        }

        var title = call.Text("commit_title")
            ?? (method == "squash" ? $"{pull.Title} (#{pull.Number})" : $"Merge pull request #{pull.Number} from {pull.HeadLabel.Replace(':', '/')}");
        var text = call.Text("commit_message") ?? (method == "squash" ? pull.Body ?? "" : pull.Title);
        var message = text.Length > 0 ? $"{title}\n\n{text}" : title;
        return git.Git.ObjectDatabase.CreateCommit(who, who, message, merge.Tree, method == "squash" ? [target] : [target, head], prettifyMessage: false);
    }

    private static Commit? Rebase(GitStore git, Commit target, Commit head, Signature who)
    {
        var tip = target;
        foreach (var commit in git.Between(target, head).Where(x => x.Parents.Count() == 1))
        {
            var picked = git.Git.ObjectDatabase.CherryPickCommit(commit, tip, 0, new MergeTreeOptions());
            if (picked.Status == MergeTreeStatus.Conflicts)
            {
                return null;
            }

            tip = git.Git.ObjectDatabase.CreateCommit(commit.Author, who, commit.Message, picked.Tree, [tip], prettifyMessage: false);
        }

        return tip;
    }
}
