namespace FakeGitHub.World;

internal sealed record DeploymentStatus(long Id, long DeploymentId, string State, string Environment, Account Creator, DateTimeOffset CreatedAt)
{
    public string Description { get; init; } = "";

    /// <summary>Also told as <c>target_url</c>, the older name.</summary>
    public string LogUrl { get; init; } = "";

    public string EnvironmentUrl { get; init; } = "";

    public App? ViaApp { get; init; }
}
