using System.Globalization;
using System.Text.Json.Nodes;
using FakeGitHub.Json;

namespace FakeGitHub.Http;

/// <summary>Pages of a list. Link addresses go by the repository's id, as GitHub's do, so that nobody can build them.</summary>
internal static class Paging
{
    public static ApiAnswer Page<T>(ApiCall call, IReadOnlyList<T> items, Func<T, JsonNode?> make) =>
        Page(call, items, make, array => array);

    /// <summary>A page wrapped in an object with <c>total_count</c>.</summary>
    public static ApiAnswer Counted<T>(ApiCall call, string name, IReadOnlyList<T> items, Func<T, JsonNode?> make) =>
        Page(call, items, make, array => new JsonObject { ["total_count"] = items.Count, [name] = array });

    private static ApiAnswer Page<T>(ApiCall call, IReadOnlyList<T> items, Func<T, JsonNode?> make, Func<JsonArray, JsonNode> wrap)
    {
        var size = Math.Clamp(Number(call, "per_page", 30), 1, 100);
        var page = Math.Max(Number(call, "page", 1), 1);
        var last = Math.Max((items.Count + size - 1) / size, 1);
        var answer = ApiAnswer.Ok(wrap(Wire.Array(items.Skip((page - 1) * size).Take(size), make)));
        var links = Links(call, page, last);
        return links.Length > 0 ? answer.With("Link", links) : answer;
    }

    private static string Links(ApiCall call, int page, int last)
    {
        var links = new List<(int Page, string Rel)>();
        if (page > 1)
        {
            links.Add((Math.Min(page - 1, last), "prev"));
        }

        if (page < last)
        {
            links.Add((page + 1, "next"));
            links.Add((last, "last"));
        }

        if (page > 1)
        {
            links.Add((1, "first"));
        }

        return string.Join(", ", links.Select(x => $"<{Address(call, x.Page)}>; rel=\"{x.Rel}\""));
    }

    private static string Address(ApiCall call, int page)
    {
        var path = call.Path.StartsWith("/repos/", StringComparison.Ordinal)
            ? $"/repositories/{call.Repository.Id}{call.Path[call.Path.IndexOf('/', call.Path.IndexOf('/', 7) + 1)..]}"
            : call.Path;
        var query = call.Query.Where(x => x.Key != "page").SelectMany(x => x.Value.Select(value => $"{x.Key}={Uri.EscapeDataString(value ?? "")}"));
        return $"{call.Links.Api}{path}?{string.Join('&', query.Append($"page={page.ToString(CultureInfo.InvariantCulture)}"))}";
    }

    private static int Number(ApiCall call, string name, int otherwise) =>
        int.TryParse(call.Asked(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
