using Webhooks.Payloads;

namespace Webhooks.Providers;

/// <summary>
/// Forgejo and Gitea, as in https://forgejo.org/docs/latest/user/webhooks/ and https://docs.gitea.com/usage/webhooks. Both also send GitHub's
/// headers; only their own are read here.
/// </summary>
internal sealed class ForgejoForge : Forge
{
    private static readonly FieldPath[] Fields =
    [
        new("", "ref", PayloadField.Reference),
        new("", "action", PayloadField.Action),
        new("", "number", PayloadField.Number),
        new("repository", "full_name", PayloadField.Repository),
    ];

    /// <inheritdoc/>
    public override SignatureVerdict Verify(Delivery delivery, IReadOnlyList<byte[]> secrets, DateTimeOffset now) =>
        BodySignature.Verify(delivery.Body, delivery.Header("X-Forgejo-Signature") ?? delivery.Header("X-Gitea-Signature"), "", secrets);

    /// <inheritdoc/>
    public override string? DeliveryId(Delivery delivery) => delivery.Name("X-Forgejo-Delivery") ?? delivery.Name("X-Gitea-Delivery");

    /// <inheritdoc/>
    public override string? EventName(Delivery delivery) => delivery.Name("X-Forgejo-Event") ?? delivery.Name("X-Gitea-Event");

    /// <inheritdoc/>
    public override Reading Read(string? eventName, ReadOnlySpan<byte> json) => eventName switch
    {
        "push" => Push(PayloadReader.Read(json, Fields)),
        "pull_request" => PullRequest(json),
        _ => Reading.Ignored,
    };

    private static Reading PullRequest(ReadOnlySpan<byte> json)
    {
        var fields = PayloadReader.Read(json, Fields);
        return PullRequest(fields, ActionOf(fields));
    }
}
