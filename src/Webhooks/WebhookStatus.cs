namespace Webhooks;

/// <summary>What there is to say about the endpoint at one moment.</summary>
/// <param name="Since">Since when the counts run: the start of the endpoint.</param>
/// <param name="LastHeard">The last delivery that was accepted, a ping included; null when there was none since the start.</param>
/// <param name="LastPing">The last ping; null when there was none since the start. Only GitHub and generic senders ping.</param>
/// <param name="Counts">Requests by outcome; every outcome is there.</param>
public sealed record WebhookStatus(
    DateTimeOffset Since,
    HeardDelivery? LastHeard,
    HeardDelivery? LastPing,
    IReadOnlyDictionary<WebhookOutcome, long> Counts)
{
    /// <summary>
    /// When a delivery was last accepted: while that is recent, remotes may be looked at less often. Repeated and refused deliveries do not
    /// move it, so nobody without the secret can slow the looking down.
    /// </summary>
    public DateTimeOffset? LastHeardAt => LastHeard?.At;

    /// <summary>Deliveries accepted.</summary>
    public long Accepted => Counts[WebhookOutcome.Accepted];

    /// <summary>Requests turned away, whatever the reason.</summary>
    public long Refused => Counts.Where(count => new WebhookAnswer(count.Key).IsRefusal).Sum(count => count.Value);
}
