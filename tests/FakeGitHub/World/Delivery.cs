namespace FakeGitHub.World;

/// <summary>One attempt to deliver an event. A redelivery has an id of its own and the <paramref name="Guid"/> of the first attempt.</summary>
/// <param name="Body">The very bytes that were signed.</param>
internal sealed record Delivery(long Id, Guid Guid, long HookId, string Event, string? Action, ReadOnlyMemory<byte> Body)
{
    public bool Redelivery { get; init; }

    public DateTimeOffset DeliveredAt { get; init; }

    public TimeSpan Duration { get; init; }

    /// <summary>What was answered; 0 before an answer, 502 when nobody could be reached, 504 after ten seconds, as GitHub tells them.</summary>
    public int StatusCode { get; init; }

    public string Status { get; init; } = "pending";
}
