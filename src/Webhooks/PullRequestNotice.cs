namespace Webhooks;

/// <summary>What a forge claims happened to a pull request (GitLab: merge request).</summary>
/// <param name="Repository">The repository as the sender names it, for the log only; empty when it names none.</param>
/// <param name="Number">The number within the repository, above zero. A hint which one to ask the forge about.</param>
/// <param name="Action">What happened.</param>
public sealed record PullRequestNotice(string Repository, long Number, PullRequestAction Action);
