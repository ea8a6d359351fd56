namespace FakeGitHub.World;

/// <summary>A comment on the pull request <paramref name="Number"/>.</summary>
internal sealed record IssueComment(long Id, long Number, string Body, Account Author, App? ViaApp, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);
