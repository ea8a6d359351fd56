using System.Globalization;
using FakeGitHub.Http;
using FakeGitHub.Json;
using FakeGitHub.World;

namespace FakeGitHub.Api;

/// <summary>Comments on pull requests.</summary>
internal static class CommentsApi
{
    private const int MaxBody = 65_536;

    public static void Add(RouteTable routes)
    {
        routes.AddRepo("GET", "/issues/{number}/comments", "issues:read", List);
        routes.AddRepo("POST", "/issues/{number}/comments", "issues:write", Create);
        routes.AddRepo("GET", "/issues/comments/{id}", "issues:read", call =>
            Find(call) is { } found ? ApiAnswer.Ok(CommentJson.Comment(found, call.Repository, call.Links)) : ApiAnswer.NotFound());
        routes.AddRepo("PATCH", "/issues/comments/{id}", "issues:write", Update);
        routes.AddRepo("DELETE", "/issues/comments/{id}", "issues:write", Delete);
    }

    private static IssueComment? Find(ApiCall call) => call.Repository.Comments.Find(call.Number("id"));

    private static ApiAnswer List(ApiCall call)
    {
        if (PullsApi.Find(call) is not { } pull)
        {
            return ApiAnswer.NotFound();
        }

        var since = DateTimeOffset.TryParse(call.Asked("since"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : DateTimeOffset.MinValue;
        return Paging.Page(call, [.. call.Repository.CommentsOf(pull.Number).Where(x => x.UpdatedAt >= since)], x => CommentJson.Comment(x, call.Repository, call.Links));
    }

    private static ApiAnswer Create(ApiCall call)
    {
        if (PullsApi.Find(call) is not { } pull)
        {
            return ApiAnswer.NotFound();
        }

        if (Problem(call) is { } problem)
        {
            return ApiAnswer.Invalid(problem);
        }

        var comment = call.Repository.Comments.Add(
            new IssueComment(call.World.NextId(), pull.Number, call.Text("body")!, call.Actor, call.ViaApp, call.Now, call.Now));
        call.Watch.Events.Comment(call.Repository, comment, "created", call.Actor);
        return ApiAnswer.Created(CommentJson.Comment(comment, call.Repository, call.Links));
    }

    private static ApiAnswer Update(ApiCall call)
    {
        if (Find(call) is not { } comment)
        {
            return ApiAnswer.NotFound();
        }

        if (Problem(call) is { } problem)
        {
            return ApiAnswer.Invalid(problem);
        }

        var changed = call.Repository.Comments.Put(comment with { Body = call.Text("body")!, UpdatedAt = call.Now });
        call.Watch.Events.Comment(call.Repository, changed, "edited", call.Actor);
        return ApiAnswer.Ok(CommentJson.Comment(changed, call.Repository, call.Links));
    }

    private static ApiAnswer Delete(ApiCall call)
    {
        if (Find(call) is not { } comment)
        {
            return ApiAnswer.NotFound();
        }

        call.Repository.Comments.Remove(comment.Id);
        call.Watch.Events.Comment(call.Repository, comment, "deleted", call.Actor);
        return ApiAnswer.NoContent();
    }

    private static FieldError? Problem(ApiCall call) => call.Text("body") switch
    {
        null or "" => new FieldError("IssueComment", "body", "missing_field"),
        var body when Wire.Length(body) > MaxBody => new FieldError("IssueComment", "data", "unprocessable", "Body is too long (maximum is 65536 characters)"),
        _ => null,
    };
}
