namespace FakeGitHub.World;

/// <summary>A deployment environment: made by the first deployment that names it, or by hand.</summary>
internal sealed record DeployEnvironment(long Id, string Name, DateTimeOffset CreatedAt);
