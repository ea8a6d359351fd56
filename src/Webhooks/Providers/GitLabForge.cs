using System.Security.Cryptography;
using Webhooks.Payloads;

namespace Webhooks.Providers;

/// <summary>
/// GitLab, as in https://docs.gitlab.com/user/project/integrations/webhook_events/. A secret that begins with <c>whsec_</c> is a signing token
/// and checks <c>webhook-signature</c>; any other is the plain secret token of <c>X-Gitlab-Token</c>. A hook may be moved from one to the other
/// while both secrets are valid.
/// </summary>
internal sealed class GitLabForge(TimeSpan timestampTolerance) : Forge
{
    private static readonly FieldPath[] Fields =
    [
        new("", "ref", PayloadField.Reference),
        new("project", "path_with_namespace", PayloadField.Repository),
        new("object_attributes", "iid", PayloadField.Number),
        new("object_attributes", "action", PayloadField.Action),
        new("object_attributes", "oldrev", PayloadField.OldRevision),
    ];

    /// <inheritdoc/>
    public override SignatureVerdict Verify(Delivery delivery, IReadOnlyList<byte[]> secrets, DateTimeOffset now)
    {
        var best = SignatureVerdict.NoSecret;
        foreach (var secret in secrets)
        {
            var verdict = StandardSignature.IsSigningToken(secret)
                ? StandardSignature.Verify(delivery, secret, now, timestampTolerance)
                : PlainToken.Verify(delivery.Header("X-Gitlab-Token"), secret);
            best = verdict > best ? verdict : best;
        }

        return best;
    }

    /// <inheritdoc/>
    /// <remarks>
    /// <c>webhook-id</c> and <c>Idempotency-Key</c> are the same value. Before GitLab 17.4 there is only <c>X-Gitlab-Event-UUID</c>, which one
    /// event shares with the events its hooks cause: with the body it tells them apart.
    /// </remarks>
    public override string? DeliveryId(Delivery delivery) =>
        delivery.Name("webhook-id") ?? delivery.Name("Idempotency-Key")
        ?? (delivery.Name("X-Gitlab-Event-UUID") is { } uuid ? $"{uuid}/{Convert.ToHexStringLower(SHA256.HashData(delivery.Body).AsSpan(0, 16))}" : null);

    /// <inheritdoc/>
    /// <remarks>Such as <c>Push Hook</c>: with a space.</remarks>
    public override string? EventName(Delivery delivery) => delivery.Header("X-Gitlab-Event") switch
    {
        "Push Hook" => "push",
        "Tag Push Hook" => "tag_push",
        "Merge Request Hook" => "merge_request",
        _ => null,
    };

    /// <inheritdoc/>
    public override Reading Read(string? eventName, ReadOnlySpan<byte> json) => eventName switch
    {
        "push" or "tag_push" => Push(PayloadReader.Read(json, Fields)),
        "merge_request" => MergeRequest(json),
        _ => Reading.Ignored,
    };

    private static Reading MergeRequest(ReadOnlySpan<byte> json)
    {
        var fields = PayloadReader.Read(json, Fields);

        // An update without an old revision changed words or labels only.
        return PullRequest(fields, fields?.Action switch
        {
            "open" => PullRequestAction.Opened,
            "update" when fields.HasOldRevision => PullRequestAction.Synchronized,
            "reopen" => PullRequestAction.Reopened,
            "close" or "merge" => PullRequestAction.Closed,
            _ => null,
        });
    }
}
