using System.Text.Json.Nodes;
using FakeGitHub.Json;
using FakeGitHub.Repositories;
using FakeGitHub.World;

namespace FakeGitHub.Webhooks;

/// <summary>Makes the payloads of events and hands them to the sender.</summary>
internal sealed class EventSource(GitHubWorld world, WebhookSender sender, Func<Links> links)
{
    public void Push(RepositoryState repository, RefChange change, Account by) =>
        sender.Publish(repository, "push", null, PushPayload.Make(repository, change, by, links()));

    public void Pull(RepositoryState repository, PullRequest pull, string action, Account by, RefChange? change = null)
    {
        var head = world.FindRepository(pull.HeadRepository);
        var payload = new JsonObject
        {
            ["action"] = action,
            ["number"] = pull.Number,
            ["pull_request"] = PullJson.Full(pull, repository, head, PullLook.At(pull, repository), links()),
        };
        if (action == "synchronize" && change is not null)
        {
            payload["before"] = change.Before;
            payload["after"] = change.After;
        }

        Send(repository, "pull_request", action, payload, by);
    }

    public void Comment(RepositoryState repository, IssueComment comment, string action, Account by)
    {
        var pull = repository.Pulls.Find(comment.Number)!;
        var issue = new JsonObject
        {
            ["url"] = $"{links().Repo(repository)}/issues/{pull.Number}",
            ["html_url"] = $"{links().Page(repository)}/pull/{pull.Number}",
            ["id"] = pull.Id,
            ["number"] = pull.Number,
            ["title"] = pull.Title,
            ["user"] = UserJson.Simple(pull.Author, links()),
            ["labels"] = LabelJson.Of(pull, repository, links()),
            ["state"] = pull.Open ? "open" : "closed",
            ["pull_request"] = new JsonObject { ["url"] = $"{links().Repo(repository)}/pulls/{pull.Number}" },
        };
        Send(repository, "issue_comment", action, new JsonObject { ["action"] = action, ["issue"] = issue, ["comment"] = CommentJson.Comment(comment, repository, links()) }, by);
    }

    public void Status(RepositoryState repository, CommitStatus status) => Send(repository, "status", null, new JsonObject
    {
        ["id"] = status.Id,
        ["sha"] = status.Sha,
        ["name"] = repository.FullName,
        ["target_url"] = status.TargetUrl,
        ["context"] = status.Context,
        ["description"] = status.Description,
        ["state"] = status.State,
        ["created_at"] = Wire.Time(status.CreatedAt),
        ["updated_at"] = Wire.Time(status.CreatedAt),
    }, status.Creator);

    public void Ping(RepositoryState repository, Hook hook, Account by) => sender.Send(repository, hook, "ping", null, With(repository, new JsonObject
    {
        ["zen"] = "Anything added dilutes everything else.",
        ["hook_id"] = hook.Id,
        ["hook"] = HookJson.Hook(hook, repository, links()),
    }, by));

    private void Send(RepositoryState repository, string name, string? action, JsonObject payload, Account by) =>
        sender.Publish(repository, name, action, With(repository, payload, by));

    private JsonObject With(RepositoryState repository, JsonObject payload, Account by)
    {
        payload["repository"] = RepositoryJson.Simple(repository, links());
        payload["sender"] = UserJson.Simple(by, links());
        return payload;
    }
}
