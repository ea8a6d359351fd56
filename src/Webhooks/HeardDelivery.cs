namespace Webhooks;

/// <summary>A delivery that was heard.</summary>
/// <param name="At">When.</param>
/// <param name="Event">The event as the sender names it, such as <c>push</c>.</param>
/// <param name="Delivery">The delivery id: at most 128 printable ASCII characters.</param>
public sealed record HeardDelivery(DateTimeOffset At, string Event, string Delivery);
