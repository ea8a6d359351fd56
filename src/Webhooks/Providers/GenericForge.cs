using Webhooks.Payloads;

namespace Webhooks.Providers;

/// <summary>
/// Any program: <c>X-Reconciler-Signature-256: sha256=HEX</c>, <c>X-Reconciler-Delivery</c> (new for each delivery), <c>X-Reconciler-Event</c>
/// (<c>push</c> when absent, or <c>ping</c> or <c>pull_request</c>). The body is <c>{"ref": "refs/heads/main", "repository": "any name"}</c>, for a
/// pull request <c>{"action": "opened", "number": 7}</c>, for a ping <c>{}</c>.
/// </summary>
internal sealed class GenericForge : Forge
{
    private static readonly FieldPath[] Fields =
    [
        new("", "ref", PayloadField.Reference),
        new("", "repository", PayloadField.Repository),
        new("", "action", PayloadField.Action),
        new("", "number", PayloadField.Number),
    ];

    /// <inheritdoc/>
    public override SignatureVerdict Verify(Delivery delivery, IReadOnlyList<byte[]> secrets, DateTimeOffset now) =>
        BodySignature.Verify(delivery.Body, delivery.Header("X-Reconciler-Signature-256"), "sha256=", secrets);

    /// <inheritdoc/>
    public override string? DeliveryId(Delivery delivery) => delivery.Name("X-Reconciler-Delivery");

    /// <inheritdoc/>
    public override string? EventName(Delivery delivery) => delivery.Header("X-Reconciler-Event") is null ? "push" : delivery.Name("X-Reconciler-Event");

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
