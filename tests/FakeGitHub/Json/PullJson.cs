using System.Text.Json.Nodes;
using FakeGitHub.World;

namespace FakeGitHub.Json;

/// <summary>Pull requests: in a list, and alone with what only a look at the commits tells.</summary>
internal static class PullJson
{
    public static JsonObject Simple(PullRequest pull, RepositoryState repository, RepositoryState? head, Links links)
    {
        var json = Addresses(pull, repository, links);
        json["id"] = pull.Id;
        json["node_id"] = Wire.NodeId("PullRequest", pull.Id);
        json["number"] = pull.Number;
        json["state"] = pull.Open ? "open" : "closed";
        json["locked"] = false;
        json["title"] = pull.Title;
        json["user"] = UserJson.Simple(pull.Author, links);
        json["body"] = pull.Body;
        json["labels"] = LabelJson.Of(pull, repository, links);
        json["milestone"] = null;
        json["active_lock_reason"] = null;
        json["created_at"] = Wire.Time(pull.CreatedAt);
        json["updated_at"] = Wire.Time(pull.UpdatedAt);
        json["closed_at"] = Wire.Time(pull.ClosedAt);
        json["merged_at"] = Wire.Time(pull.MergedAt);
        json["merge_commit_sha"] = pull.MergeSha;
        json["assignee"] = null;
        json["assignees"] = new JsonArray();
        json["requested_reviewers"] = Wire.Array(pull.Reviewers, x => UserJson.Simple(x, links));
        json["requested_teams"] = new JsonArray();
        json["head"] = End(pull.HeadLabel, pull.HeadRef, pull.HeadSha, head ?? repository, links);
        json["base"] = End($"{repository.Owner.Login}:{pull.BaseRef}", pull.BaseRef, pull.BaseSha, repository, links);
        json["author_association"] = pull.Author == repository.Owner ? "OWNER" : "NONE";
        json["auto_merge"] = null;
        json["draft"] = pull.Draft;
        return json;
    }

    public static JsonObject Full(PullRequest pull, RepositoryState repository, RepositoryState? head, PullFacts facts, Links links)
    {
        var json = Simple(pull, repository, head, links);
        json["merged"] = pull.Merged;
        json["mergeable"] = pull.Open ? facts.Mergeable : null;
        json["rebaseable"] = pull.Open ? facts.Mergeable : null;
        json["mergeable_state"] = !pull.Open ? "unknown" : facts.Mergeable ? "clean" : "dirty";
        json["merged_by"] = pull.MergedBy is { } by ? UserJson.Simple(by, links) : null;
        json["comments"] = repository.CommentsOf(pull.Number).Count;
        json["review_comments"] = 0;
        json["maintainer_can_modify"] = false;
        json["commits"] = facts.Commits;
        json["additions"] = facts.Additions;
        json["deletions"] = facts.Deletions;
        json["changed_files"] = facts.Files;
        return json;
    }

    private static JsonObject Addresses(PullRequest pull, RepositoryState repository, Links links)
    {
        var (url, issue, page) = ($"{links.Repo(repository)}/pulls/{pull.Number}", $"{links.Repo(repository)}/issues/{pull.Number}", $"{links.Page(repository)}/pull/{pull.Number}");
        var statuses = $"{links.Repo(repository)}/statuses/{pull.HeadSha}";
        var reviewComment = $"{links.Repo(repository)}/pulls/comments{{/number}}";
        return new JsonObject
        {
            ["url"] = url,
            ["html_url"] = page,
            ["diff_url"] = $"{page}.diff",
            ["patch_url"] = $"{page}.patch",
            ["issue_url"] = issue,
            ["commits_url"] = $"{url}/commits",
            ["review_comments_url"] = $"{url}/comments",
            ["review_comment_url"] = reviewComment,
            ["comments_url"] = $"{issue}/comments",
            ["statuses_url"] = statuses,
            ["_links"] = new JsonObject
            {
                ["self"] = To(url),
                ["html"] = To(page),
                ["issue"] = To(issue),
                ["comments"] = To($"{issue}/comments"),
                ["review_comments"] = To($"{url}/comments"),
                ["review_comment"] = To(reviewComment),
                ["commits"] = To($"{url}/commits"),
                ["statuses"] = To(statuses),
            },
        };
    }

    private static JsonObject To(string address) => new() { ["href"] = address };

    private static JsonObject End(string label, string name, string sha, RepositoryState repository, Links links) => new()
    {
        ["label"] = label,
        ["ref"] = name,
        ["sha"] = sha,
        ["user"] = UserJson.Simple(repository.Owner, links),
        ["repo"] = RepositoryJson.Simple(repository, links),
    };
}
