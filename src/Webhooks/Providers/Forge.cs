using System.Diagnostics;
using Webhooks.Payloads;

namespace Webhooks.Providers;

/// <summary>How one kind of sender signs, counts and words its deliveries. Nothing here throws, whatever is sent.</summary>
internal abstract class Forge
{
    public static Forge Of(WebhookProvider provider, TimeSpan timestampTolerance) => provider switch
    {
        WebhookProvider.GitHub => new GitHubForge(),
        WebhookProvider.Forgejo => new ForgejoForge(),
        WebhookProvider.GitLab => new GitLabForge(timestampTolerance),
        WebhookProvider.Generic => new GenericForge(),
        _ => throw new UnreachableException(),
    };

    /// <summary>Checks the signature over the body as sent, in constant time, against every secret.</summary>
    public abstract SignatureVerdict Verify(Delivery delivery, IReadOnlyList<byte[]> secrets, DateTimeOffset now);

    /// <summary>What stays the same when the delivery is sent again, and is new for every other; null when the sender gave nothing usable.</summary>
    public abstract string? DeliveryId(Delivery delivery);

    /// <summary>The event as the sender names it; null when it names none.</summary>
    public abstract string? EventName(Delivery delivery);

    /// <summary>Reads a body of JSON.</summary>
    public abstract Reading Read(string? eventName, ReadOnlySpan<byte> json);

    /// <summary>Reads a body of either content type. A form is decoded in place.</summary>
    public Reading Read(string? eventName, string? contentType, Span<byte> body)
    {
        if (!FormBody.IsForm(contentType))
        {
            return Read(eventName, body);
        }

        return FormBody.TryDecode(body, out var json) ? Read(eventName, json) : Reading.Nonsense;
    }

    protected static Reading Push(PayloadFields? fields) => fields?.Reference is { } reference
        ? new Reading.Heard(new Hint.Push(new PushNotice(fields.Repository, reference)))
        : Reading.Nonsense;

    protected static Reading Ping(PayloadFields? fields) => fields is not null
        ? new Reading.Heard(new Hint.Ping(new PingNotice(fields.Repository)))
        : Reading.Nonsense;

    /// <summary>An absent action or number is nonsense; an action nobody needs (<paramref name="action"/> null) is ignored.</summary>
    protected static Reading PullRequest(PayloadFields? fields, PullRequestAction? action) => fields switch
    {
        null or { Action: null } or { Number: null or <= 0 } => Reading.Nonsense,
        _ when action is { } known => new Reading.Heard(new Hint.PullRequest(new PullRequestNotice(fields.Repository, fields.Number.Value, known))),
        _ => Reading.Ignored,
    };

    /// <summary>GitHub says <c>synchronize</c>, Gitea and Forgejo <c>synchronized</c>.</summary>
    protected static PullRequestAction? ActionOf(PayloadFields? fields) => fields?.Action switch
    {
        "opened" => PullRequestAction.Opened,
        "synchronize" or "synchronized" => PullRequestAction.Synchronized,
        "reopened" => PullRequestAction.Reopened,
        "closed" => PullRequestAction.Closed,
        _ => null,
    };
}
