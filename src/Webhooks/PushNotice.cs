namespace Webhooks;

/// <summary>What a forge claims was pushed: a repository and a ref. Carries no revision on purpose.</summary>
/// <param name="Repository">The repository as the sender names it, for the log only; empty when it names none.</param>
/// <param name="Reference">The full ref name, such as <c>refs/heads/main</c>; at most 512 characters, none of them invisible.</param>
public sealed record PushNotice(string Repository, string Reference);
