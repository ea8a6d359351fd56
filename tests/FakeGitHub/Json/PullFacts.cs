namespace FakeGitHub.Json;

/// <summary>What a look at the commits of a pull request tells.</summary>
internal sealed record PullFacts(bool Mergeable, int Commits, int Additions, int Deletions, int Files);
