using System.Text.Json.Nodes;

namespace FakeGitHub.World;

internal sealed record CheckRun(long Id, long SuiteId, string HeadSha, string Name, App App)
{
    public string Status { get; init; } = "queued";

    public string? Conclusion { get; init; }

    public string? DetailsUrl { get; init; }

    public string? ExternalId { get; init; }

    public string? StartedAt { get; init; }

    public string? CompletedAt { get; init; }

    /// <summary>Title, summary and text as they were sent.</summary>
    public JsonObject Output { get; init; } = [];

    public int Annotations { get; init; }
}
