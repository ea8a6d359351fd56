using System.Text.Json.Nodes;

namespace FakeGitHub.Http;

/// <summary>A request that came in.</summary>
/// <param name="Path">With its query, without <c>/api/v3</c>.</param>
/// <param name="Auth"><c>none</c>, <c>token</c>, <c>installation</c>, <c>app</c> or <c>bad</c>; never the secret.</param>
/// <param name="Body">What was sent, without a webhook's secret.</param>
internal sealed record RecordedRequest(long Number, DateTimeOffset At, string Method, string Path, string Auth, JsonNode? Body)
{
    /// <summary>0 while it is not answered, or when the connection was dropped.</summary>
    public int Status { get; init; }

    public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>The fault it met; null for none.</summary>
    public string? Fault { get; init; }

    public bool Mutates => Method is not ("GET" or "HEAD");
}
