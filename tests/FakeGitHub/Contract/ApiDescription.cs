using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FakeGitHub.Contract;

/// <summary>GitHub's description of its API, cut down to what the fake speaks (<c>Contract/github-slim.json</c>).</summary>
internal sealed partial class ApiDescription
{
    /// <summary>Paths whose last hole may hold slashes: references, files, and comparisons.</summary>
    private static readonly string[] _wide = ["ref", "path", "basehead", "branch", "tree_sha"];

    private readonly JsonNode _root;
    private readonly List<(string Template, Regex Pattern, string[] Names)> _paths = [];

    private ApiDescription(JsonNode root)
    {
        _root = root;
        Correct(root);
        foreach (var template in root["paths"]!.AsObject().Select(x => x.Key).OrderBy(Wideness).ThenByDescending(x => x.Length))
        {
            var names = Hole().Matches(template).Select(x => x.Groups[1].Value).ToArray();
            var pattern = Hole().Replace(template, x => _wide.Contains(x.Groups[1].Value) ? "(.+)" : "([^/]+)");
            _paths.Add((template, new Regex($"^{pattern}$", RegexOptions.CultureInvariant), names));
        }
    }

    public static ApiDescription Embedded { get; } = Load();

    /// <summary>The operation a request is; null when it is none.</summary>
    public ApiOperation? Find(string method, string path)
    {
        foreach (var (template, pattern, names) in _paths)
        {
            if (pattern.Match(path) is { Success: true } match && _root["paths"]![template]![method.ToLowerInvariant()] is { } node)
            {
                return new ApiOperation(template, node, names.Select((name, i) => (name, match.Groups[i + 1].Value)).ToDictionary(x => x.name, x => x.Value));
            }
        }

        return null;
    }

    /// <summary>Follows <c>$ref</c> as far as it leads.</summary>
    public JsonNode? Follow(JsonNode? node)
    {
        while (node is JsonObject json && json["$ref"] is JsonValue reference)
        {
            node = reference.GetValue<string>().Split('/').Skip(1).Aggregate((JsonNode?)_root, (x, part) => x?[part]);
        }

        return node;
    }

    public JsonNode Schema(string name) => _root["components"]!["schemas"]![name]!;

    private static int Wideness(string template) => Hole().Matches(template).Count(x => _wide.Contains(x.Groups[1].Value));

    /// <summary>The description says that an installation's account is a user and an enterprise at once. It is one of them.</summary>
    private static void Correct(JsonNode root)
    {
        var items = root["paths"]?["/app/installations"]?["get"]?["responses"]?["200"]?["content"]?["application/json"]?["schema"]?["items"];
        if (items?["properties"]?["account"] is JsonObject account && account["allOf"] is { } both)
        {
            account.Remove("allOf");
            account["anyOf"] = both;
        }
    }

    private static ApiDescription Load()
    {
        using var stream = typeof(ApiDescription).Assembly.GetManifestResourceStream("github-slim.json")!;
        return new ApiDescription(JsonNode.Parse(stream)!);
    }

    [GeneratedRegex(@"\{([a-z_]+)\}")]
    private static partial Regex Hole();
}
