namespace Webhooks;

/// <summary>What a forge claims was pushed: a repository and a ref. Carries no revision on purpose.</summary>
/// <param name="Repository">The repository as the sender names it, for the log only.</param>
/// <param name="Reference">The full ref name, such as <c>refs/heads/main</c>.</param>
public sealed record PushNotice(string Repository, string Reference);
