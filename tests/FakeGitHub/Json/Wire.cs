using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace FakeGitHub.Json;

/// <summary>GitHub's ways of writing small things.</summary>
internal static class Wire
{
    public const string Documentation = "https://docs.github.com/rest";

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string? Time(DateTimeOffset? time) => time is { } t ? Time(t) : null;

    public static string NodeId(string type, long id) => Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"0{type.Length}:{type}{id}")));

    public static string NodeId(string type, string sha) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"0{type.Length}:{type}{sha}"));

    /// <summary>Characters as people count them, near enough: Unicode scalar values.</summary>
    public static int Length(string text) => text.EnumerateRunes().Count();

    public static JsonArray Array<T>(IEnumerable<T> items, Func<T, JsonNode?> make) => [.. items.Select(make)];
}
