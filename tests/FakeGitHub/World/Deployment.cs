using System.Text.Json.Nodes;

namespace FakeGitHub.World;

internal sealed record Deployment(long Id, string Sha, string Ref, string Environment, Account Creator, DateTimeOffset CreatedAt)
{
    public string Task { get; init; } = "deploy";

    public string? Description { get; init; }

    public JsonNode Payload { get; init; } = new JsonObject();

    public bool Transient { get; init; }

    public bool Production { get; init; }

    public App? ViaApp { get; init; }

    public DateTimeOffset UpdatedAt { get; init; } = CreatedAt;
}
