using System.Collections.Immutable;
using Reconciler.Model;

namespace Reconciler.Ports;

/// <summary>What a forge is still to be told, kept on disk until it was told. Safe to call from several threads.</summary>
/// <remarks>
/// Messages that tell of a fact are put in together with it (<see cref="ILedger.Append"/>), so that neither is there without the other. Errors are
/// those of the ledger, whose file it is kept in.
/// </remarks>
internal interface IOutbox
{
    /// <summary>Puts in messages that tell of no fact. One that says what the newest of its subject says already is left out.</summary>
    void Add(ImmutableArray<ForgeMessage> messages);

    /// <summary>What was not sent yet and is due, the longest due first; at most <paramref name="limit"/>. What cannot be read is given up.</summary>
    ImmutableArray<OutboxEntry> Due(int limit);

    /// <summary>Notes that a message was sent, and puts in what follows from it, both or neither.</summary>
    void Sent(long number, Uri? link, ImmutableArray<ForgeMessage> next);

    /// <summary>Notes that sending failed for now.</summary>
    void Postpone(long number, string detail, DateTimeOffset until);

    /// <summary>Notes that a message will never be sent, and why.</summary>
    void GiveUp(long number, string reason);

    /// <summary>The newest message of a subject that was not given up, sent or not; null when there is none.</summary>
    OutboxEntry? Newest(string subject);

    /// <summary>How it stands, for people.</summary>
    OutboxState State();
}

/// <summary>One message with what became of it so far.</summary>
/// <param name="Number">Counts up; messages are sent in this order.</param>
/// <param name="Message">The message.</param>
/// <param name="AddedAt">When it was put in.</param>
/// <param name="Attempts">How often sending was tried and failed.</param>
/// <param name="DueAt">Not to be tried before.</param>
/// <param name="Trouble">Why the last attempt failed; null when there was none.</param>
/// <param name="SentAt">When it was sent; null when it was not.</param>
/// <param name="Link">Where the forge shows it; null when unknown.</param>
internal sealed record OutboxEntry(
    long Number, ForgeMessage Message, DateTimeOffset AddedAt, int Attempts, DateTimeOffset DueAt, string? Trouble, DateTimeOffset? SentAt, Uri? Link);

/// <summary>How the outbox stands.</summary>
/// <param name="Waiting">Messages not sent yet.</param>
/// <param name="OldestAt">When the oldest of them was put in; null when there is none.</param>
/// <param name="Trouble">Why the oldest that failed was not sent; null when nothing failed.</param>
/// <param name="SentAt">When a message was last sent; null when none was.</param>
/// <param name="GivenUp">Messages given up for good.</param>
/// <param name="LastGivenUp">Why the last of them was; null when there is none.</param>
/// <param name="DueAt">When the next is due; null when none waits.</param>
internal sealed record OutboxState(
    long Waiting, DateTimeOffset? OldestAt, string? Trouble, DateTimeOffset? SentAt, long GivenUp, string? LastGivenUp, DateTimeOffset? DueAt)
{
    /// <summary>Nothing waits and nothing was ever sent.</summary>
    public static OutboxState Empty { get; } = new(0, null, null, null, 0, null, null);
}
