using Reconciler.Reconciling;

namespace Reconciler.Wire;

/// <summary>How telling the forge stands.</summary>
/// <param name="Name">The forge.</param>
/// <param name="Waiting">Messages not sent yet.</param>
/// <param name="OldestAt">When the oldest of them was written; null when there is none.</param>
/// <param name="Trouble">Why it was not sent; null when nothing failed.</param>
/// <param name="SentAt">When a message was last sent; null when none was.</param>
/// <param name="GivenUp">Messages given up for good.</param>
/// <param name="LastGivenUp">Why the last of them was; null when there is none.</param>
internal sealed record ForgeDocument(
    string Name, long Waiting, DateTimeOffset? OldestAt, string? Trouble, DateTimeOffset? SentAt, long GivenUp, string? LastGivenUp)
{
    /// <summary>Puts the document together.</summary>
    public static ForgeDocument Of(ForgeStatus forge) => new(
        forge.Name, forge.Outbox.Waiting, forge.Outbox.OldestAt, forge.Outbox.Trouble, forge.Outbox.SentAt, forge.Outbox.GivenUp, forge.Outbox.LastGivenUp);
}

/// <summary>What came by webhook since the daemon started.</summary>
/// <param name="Address">Where it listens.</param>
/// <param name="HeardAt">When a delivery was last accepted; null when none was.</param>
/// <param name="PingAt">When the forge last asked whether anybody listens; null when it did not.</param>
/// <param name="Accepted">Deliveries accepted.</param>
/// <param name="Refused">Requests turned away.</param>
/// <param name="Trouble">Why nothing can be heard; null when it can.</param>
internal sealed record WebhookDocument(string Address, DateTimeOffset? HeardAt, DateTimeOffset? PingAt, long Accepted, long Refused, string? Trouble);
