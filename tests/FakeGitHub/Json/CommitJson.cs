using System.Text.Json.Nodes;
using FakeGitHub.World;
using LibGit2Sharp;

namespace FakeGitHub.Json;

/// <summary>Commits: as the repository shows them, and as the git database does.</summary>
internal static class CommitJson
{
    public static JsonObject Commit(Commit commit, RepositoryState repository, GitHubWorld world, Links links)
    {
        var url = $"{links.Repo(repository)}/commits/{commit.Sha}";
        return new JsonObject
        {
            ["sha"] = commit.Sha,
            ["node_id"] = Wire.NodeId("Commit", commit.Sha),
            ["url"] = url,
            ["html_url"] = $"{links.Page(repository)}/commit/{commit.Sha}",
            ["comments_url"] = $"{url}/comments",
            ["commit"] = new JsonObject
            {
                ["url"] = $"{links.Repo(repository)}/git/commits/{commit.Sha}",
                ["author"] = Person(commit.Author),
                ["committer"] = Person(commit.Committer),
                ["message"] = commit.Message.TrimEnd('\n'),
                ["comment_count"] = 0,
                ["tree"] = Tree(commit, repository, links),
                ["verification"] = Verification(),
            },
            ["author"] = AccountOf(commit.Author, world, links),
            ["committer"] = AccountOf(commit.Committer, world, links),
            ["parents"] = Wire.Array(commit.Parents, x => Parent(x, "commits", repository, links)),
        };
    }

    public static JsonObject Object(Commit commit, RepositoryState repository, Links links) => new()
    {
        ["sha"] = commit.Sha,
        ["node_id"] = Wire.NodeId("Commit", commit.Sha),
        ["url"] = $"{links.Repo(repository)}/git/commits/{commit.Sha}",
        ["html_url"] = $"{links.Page(repository)}/commit/{commit.Sha}",
        ["author"] = Person(commit.Author),
        ["committer"] = Person(commit.Committer),
        ["message"] = commit.Message.TrimEnd('\n'),
        ["tree"] = Tree(commit, repository, links),
        ["parents"] = Wire.Array(commit.Parents, x => Parent(x, "git/commits", repository, links)),
        ["verification"] = Verification(),
    };

    private static JsonObject Person(Signature who) => new() { ["name"] = who.Name, ["email"] = who.Email, ["date"] = Wire.Time(who.When) };

    private static JsonObject Tree(Commit commit, RepositoryState repository, Links links) =>
        new() { ["sha"] = commit.Tree.Sha, ["url"] = $"{links.Repo(repository)}/git/trees/{commit.Tree.Sha}" };

    private static JsonObject Parent(Commit parent, string place, RepositoryState repository, Links links) => new()
    {
        ["sha"] = parent.Sha,
        ["url"] = $"{links.Repo(repository)}/{place}/{parent.Sha}",
        ["html_url"] = $"{links.Page(repository)}/commit/{parent.Sha}",
    };

    private static JsonObject? AccountOf(Signature who, GitHubWorld world, Links links) =>
        world.FindAccountByEmail(who.Email) is { } account ? UserJson.Simple(account, links) : null;

    private static JsonObject Verification() =>
        new() { ["verified"] = false, ["reason"] = "unsigned", ["signature"] = null, ["payload"] = null, ["verified_at"] = null };
}
