using Webhooks.Payloads;

namespace Webhooks.Providers;

/// <summary>GitHub, as in https://docs.github.com/en/webhooks/webhook-events-and-payloads.</summary>
internal sealed class GitHubForge : Forge
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
        BodySignature.Verify(delivery.Body, delivery.Header("X-Hub-Signature-256"), "sha256=", secrets);

    /// <inheritdoc/>
    public override string? DeliveryId(Delivery delivery) => delivery.Name("X-GitHub-Delivery");

    /// <inheritdoc/>
    public override string? EventName(Delivery delivery) => delivery.Name("X-GitHub-Event");

    /// <inheritdoc/>
    public override Reading Read(string? eventName, ReadOnlySpan<byte> json) => eventName switch
    {
        "push" => Push(PayloadReader.Read(json, Fields)),
        "ping" => Ping(PayloadReader.Read(json, Fields)),
        "pull_request" => PullRequest(json),
        _ => Reading.Ignored,
    };

    private static Reading PullRequest(ReadOnlySpan<byte> json)
    {
        var fields = PayloadReader.Read(json, Fields);
        return PullRequest(fields, ActionOf(fields));
    }
}
