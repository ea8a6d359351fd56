using System.Text.Json.Nodes;
using FakeGitHub.Json;
using FakeGitHub.Repositories;
using FakeGitHub.World;
using LibGit2Sharp;

namespace FakeGitHub.Webhooks;

/// <summary>The payload of a push event. Its repository differs from all others: times are Unix seconds and the owner has a name.</summary>
internal static class PushPayload
{
    /// <summary>GitHub lists at most so many commits.</summary>
    private const int MaxCommits = 2048;

    public static JsonObject Make(RepositoryState repository, RefChange change, Account by, Links links)
    {
        using var git = new GitStore(repository.Folder);
        var (before, after) = (git.CommitOf(change.Before), git.CommitOf(change.After));
        var commits = after is null || (before is null && change.Branch is null) ? [] : git.Between(before ?? Known(git, repository, change), after);
        return new JsonObject
        {
            ["ref"] = change.Name,
            ["before"] = change.Before,
            ["after"] = change.After,
            ["repository"] = Repository(repository, links),
            ["pusher"] = new JsonObject { ["name"] = by.Login, ["email"] = by.Email },
            ["sender"] = UserJson.Simple(by, links),
            ["created"] = change.Created,
            ["deleted"] = change.Deleted,
            ["forced"] = before is not null && after is not null && !git.Contains(after, before),
            ["base_ref"] = null,
            ["compare"] = $"{links.Page(repository)}/compare/{change.Before[..12]}...{change.After[..12]}",
            ["commits"] = Wire.Array(commits.Take(MaxCommits), x => Commit(git, x, repository, links)),
            ["head_commit"] = after is null ? null : Commit(git, after, repository, links),
        };
    }

    /// <summary>For a new branch: what the default branch has is not new.</summary>
    private static Commit? Known(GitStore git, RepositoryState repository, RefChange change) =>
        change.Branch == repository.DefaultBranch ? null : git.TipOf(repository.DefaultBranch);

    private static JsonObject Repository(RepositoryState repository, Links links)
    {
        var json = RepositoryJson.Simple(repository, links);
        json["url"] = links.Page(repository);
        json["created_at"] = repository.CreatedAt.ToUnixTimeSeconds();
        json["pushed_at"] = repository.PushedAt.ToUnixTimeSeconds();
        json["master_branch"] = repository.DefaultBranch;
        json["stargazers"] = 0;
        json["owner"]!["name"] = repository.Owner.Login;
        json["owner"]!["email"] = repository.Owner.Email;
        return json;
    }

    private static JsonObject Commit(GitStore git, Commit commit, RepositoryState repository, Links links)
    {
        var changes = git.Git.Diff.Compare<TreeChanges>(commit.Parents.FirstOrDefault()?.Tree, commit.Tree);
        return new JsonObject
        {
            ["id"] = commit.Sha,
            ["tree_id"] = commit.Tree.Sha,
            ["distinct"] = true,
            ["message"] = commit.Message.TrimEnd('\n'),
            ["timestamp"] = Wire.Time(commit.Committer.When),
            ["url"] = $"{links.Page(repository)}/commit/{commit.Sha}",
            ["author"] = Person(commit.Author),
            ["committer"] = Person(commit.Committer),
            ["added"] = Wire.Array(changes.Added, x => x.Path),
            ["removed"] = Wire.Array(changes.Deleted, x => x.Path),
            ["modified"] = Wire.Array(changes.Modified, x => x.Path),
        };
    }

    private static JsonObject Person(Signature who) => new() { ["name"] = who.Name, ["email"] = who.Email, ["username"] = who.Name };
}
