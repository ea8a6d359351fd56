namespace Webhooks;

/// <summary>A forge tried the hook out.</summary>
/// <param name="Repository">The repository as the sender names it, for the log only; empty when it names none.</param>
public sealed record PingNotice(string Repository);
