namespace FakeGitHub.World;

/// <summary>One posted status. Contexts compare without case.</summary>
internal sealed record CommitStatus(
    long Id, string Sha, string State, string Context, string? Description, string? TargetUrl, Account Creator, DateTimeOffset CreatedAt);
