using System.Text.Json.Nodes;
using FakeGitHub.World;

namespace FakeGitHub.Json;

/// <summary>Repositories as GitHub shows them.</summary>
internal static class RepositoryJson
{
    private static readonly string[] _links =
    [
        "archive_url archive {archive_format}{/ref}", "assignees_url assignees {/user}", "blobs_url git/blobs {/sha}", "branches_url branches {/branch}",
        "collaborators_url collaborators {/collaborator}", "comments_url comments {/number}", "commits_url commits {/sha}",
        "compare_url compare/ {base}...{head}", "contents_url contents/ {+path}", "contributors_url contributors ", "deployments_url deployments ",
        "downloads_url downloads ", "events_url events ", "forks_url forks ", "git_commits_url git/commits {/sha}", "git_refs_url git/refs {/sha}",
        "git_tags_url git/tags {/sha}", "issue_comment_url issues/comments {/number}", "issue_events_url issues/events {/number}", "issues_url issues {/number}",
        "keys_url keys {/key_id}", "labels_url labels {/name}", "languages_url languages ", "merges_url merges ", "milestones_url milestones {/number}",
        "notifications_url notifications {?since,all,participating}", "pulls_url pulls {/number}", "releases_url releases {/id}",
        "stargazers_url stargazers ", "statuses_url statuses/ {sha}", "subscribers_url subscribers ", "subscription_url subscription ", "tags_url tags ",
        "teams_url teams ", "trees_url git/trees {/sha}", "hooks_url hooks ",
    ];

    /// <summary>Inside other answers.</summary>
    public static JsonObject Simple(RepositoryState repository, Links links)
    {
        var json = new JsonObject
        {
            ["id"] = repository.Id,
            ["node_id"] = Wire.NodeId("Repository", repository.Id),
            ["name"] = repository.Name,
            ["full_name"] = repository.FullName,
            ["private"] = repository.Private,
            ["owner"] = UserJson.Simple(repository.Owner, links),
            ["html_url"] = links.Page(repository),
            ["description"] = null,
            ["fork"] = false,
            ["url"] = links.Repo(repository),
        };
        foreach (var link in _links)
        {
            var part = link.Split(' ');
            json[part[0]] = $"{links.Repo(repository)}/{part[1]}{part[2]}";
        }

        AddAddresses(json, repository, links);
        AddFacts(json, repository);
        return json;
    }

    /// <summary>As the answer itself.</summary>
    public static JsonObject Full(RepositoryState repository, Links links, bool push)
    {
        var json = Simple(repository, links);
        json["permissions"] = new JsonObject { ["admin"] = push, ["maintain"] = push, ["push"] = push, ["triage"] = push, ["pull"] = true };
        foreach (var allowed in new[] { "allow_rebase_merge", "allow_squash_merge", "allow_merge_commit", "allow_forking" })
        {
            json[allowed] = true;
        }

        json["delete_branch_on_merge"] = false;
        json["allow_auto_merge"] = false;
        json["subscribers_count"] = 0;
        json["network_count"] = 0;
        return json;
    }

    private static void AddAddresses(JsonObject json, RepositoryState repository, Links links)
    {
        var page = links.Page(repository);
        json["git_url"] = $"{page.Replace("http:", "git:", StringComparison.Ordinal)}.git";
        json["ssh_url"] = $"git@localhost:{repository.FullName}.git";
        json["clone_url"] = $"{page}.git";
        json["svn_url"] = page;
        json["mirror_url"] = null;
        json["homepage"] = null;
    }

    private static void AddFacts(JsonObject json, RepositoryState repository)
    {
        json["language"] = null;
        json["license"] = null;
        json["default_branch"] = repository.DefaultBranch;
        json["visibility"] = repository.Private ? "private" : "public";
        json["topics"] = new JsonArray();
        json["archived"] = repository.Archived;
        json["pushed_at"] = Wire.Time(repository.PushedAt);
        json["created_at"] = Wire.Time(repository.CreatedAt);
        json["updated_at"] = Wire.Time(repository.PushedAt);
        foreach (var count in new[] { "forks_count", "stargazers_count", "watchers_count", "size", "open_issues_count", "forks", "open_issues", "watchers" })
        {
            json[count] = 0;
        }

        json["open_issues"] = repository.Pulls.All.Count(x => x.Open);
        json["open_issues_count"] = repository.Pulls.All.Count(x => x.Open);
        foreach (var (flag, value) in new[]
        {
            ("has_issues", true), ("has_projects", false), ("has_wiki", false), ("has_pages", false), ("has_downloads", false), ("has_discussions", false),
            ("disabled", false), ("is_template", false), ("web_commit_signoff_required", false),
        })
        {
            json[flag] = value;
        }
    }
}
