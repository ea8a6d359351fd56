using System.Text.Json.Nodes;

namespace FakeGitHub.Tests;

internal sealed record Reply(int Status, string Text, IReadOnlyDictionary<string, string> Headers)
{
    public JsonNode Json => JsonNode.Parse(Text)!;

    public string? this[string field] => Json[field]?.ToString();

    /// <summary>The message of the only error of a 422.</summary>
    public string? Error => Json["errors"]?[0]?["message"]?.ToString();

    public string? Next => Headers.TryGetValue("Link", out var links)
        ? links.Split(", ").FirstOrDefault(x => x.EndsWith("rel=\"next\"", StringComparison.Ordinal))?.Split('<', '>')[1]
        : null;
}
