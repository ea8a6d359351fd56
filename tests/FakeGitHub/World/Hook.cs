namespace FakeGitHub.World;

/// <summary>A webhook of a repository.</summary>
internal sealed record Hook(long Id, string Url, string? Secret, DateTimeOffset CreatedAt)
{
    public IReadOnlyList<string> Events { get; init; } = ["push"];

    public bool Active { get; init; } = true;

    /// <summary><c>json</c> or <c>form</c>.</summary>
    public string ContentType { get; init; } = "json";

    public string InsecureSsl { get; init; } = "0";

    public DateTimeOffset UpdatedAt { get; init; } = CreatedAt;

    /// <summary>The status code the last delivery was answered with; null before the first.</summary>
    public int? LastCode { get; init; }

    public bool Wants(string name) => Active && (name == "ping" || Events.Contains("*") || Events.Contains(name));

    public override string ToString() => $"Hook {Id} to {Url}";
}
