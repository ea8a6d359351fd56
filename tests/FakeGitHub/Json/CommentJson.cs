using System.Text.Json.Nodes;
using FakeGitHub.World;

namespace FakeGitHub.Json;

/// <summary>Comments on pull requests.</summary>
internal static class CommentJson
{
    public static JsonObject Comment(IssueComment comment, RepositoryState repository, Links links) => new()
    {
        ["url"] = $"{links.Repo(repository)}/issues/comments/{comment.Id}",
        ["html_url"] = $"{links.Page(repository)}/pull/{comment.Number}#issuecomment-{comment.Id}",
        ["issue_url"] = $"{links.Repo(repository)}/issues/{comment.Number}",
        ["id"] = comment.Id,
        ["node_id"] = Wire.NodeId("IssueComment", comment.Id),
        ["user"] = UserJson.Simple(comment.Author, links),
        ["created_at"] = Wire.Time(comment.CreatedAt),
        ["updated_at"] = Wire.Time(comment.UpdatedAt),
        ["author_association"] = comment.Author == repository.Owner ? "OWNER" : "NONE",
        ["body"] = comment.Body,
        ["performed_via_github_app"] = AppJson.Maybe(comment.ViaApp, links),
    };
}
