using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Reconciler.Tests.Golden;
using Reconciler.Web;
using Reconciler.Wire;

namespace Reconciler.Tests.Web;

/// <summary>Makes the description of the JSON API: the paths are written here, what they answer is read from the documents and their docstrings.</summary>
internal static partial class OpenApi
{
    /// <summary>Paths below the API, and what each answers: a document, text, or events of a document.</summary>
    public static readonly (string Path, string Name, string Summary, string Answer, string[] Parameters)[] Operations =
    [
        ("/status", "status", "The host at this moment, with words for people.", nameof(StatusDocument), []),
        ("/deployments", "deployments", "Deployments, newest first.", nameof(HistoryDocument), ["limit", "before"]),
        ("/deployments/{id}", "deployment", "The whole story of one deployment.", nameof(DeploymentDocument), ["id"]),
        ("/deployments/{id}/log", "log", "The log of a deployment, as far as it has come.", "text/plain", ["id"]),
        ("/deployments/{id}/log/events", "logEvents", "The log as it grows: an event `line` with each line, and `end` after the last.", "text/event-stream", ["id", "after"]),
        ("/generations", "generations", "The generations of the system profile, newest first.", nameof(GenerationsDocument), []),
        ("/ledger", "ledger", "Height and last hash of the ledger, and what walking its chain found; it is walked at most once a minute.", nameof(LedgerStateDocument), []),
        ("/events", "events", "An event `status` with a StatusDocument, at once and whenever it differs; a comment every 30 seconds meanwhile.", "text/event-stream", []),
        ("/openapi.json", "openapi", "This description.", "application/json", []),
    ];

    private static readonly Dictionary<string, JsonTypeInfo> Documents = new()
    {
        [nameof(StatusDocument)] = WireJson.Default.StatusDocument,
        [nameof(HistoryDocument)] = WireJson.Default.HistoryDocument,
        [nameof(DeploymentDocument)] = WireJson.Default.DeploymentDocument,
        [nameof(GenerationsDocument)] = WireJson.Default.GenerationsDocument,
        [nameof(LedgerStateDocument)] = WireJson.Default.LedgerStateDocument,
        [nameof(ErrorDocument)] = WireJson.Default.ErrorDocument,
    };

    private static readonly Dictionary<string, string> Parameters = new()
    {
        ["id"] = """{"name": "id", "in": "path", "required": true, "description": "The deployment's number.", "schema": {"type": "integer", "minimum": 1}}""",
        ["limit"] = """{"name": "limit", "in": "query", "description": "Deployments at most.", "schema": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 40}}""",
        ["before"] = """{"name": "before", "in": "query", "description": "Only deployments before this number.", "schema": {"type": "integer", "minimum": 1}}""",
        ["after"] = """{"name": "after", "in": "query", "description": "Only lines after this number; Last-Event-ID goes first.", "schema": {"type": "integer", "minimum": 0, "default": 0}}""",
    };

    /// <summary>The whole description.</summary>
    public static JsonObject Make() => new()
    {
        ["openapi"] = "3.1.0",
        ["info"] = new JsonObject
        {
            ["title"] = "Reconciler: status page",
            ["version"] = WireJson.ApiVersion.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["description"] = "What the status page shows, to read only. Names are stable within a version; new ones may come. Every answer but a log and an event stream has a strong ETag.",
        },
        ["paths"] = new JsonObject(Operations.Select(operation => KeyValuePair.Create($"{SiteRoutes.Api}{operation.Path}", (JsonNode?)Path(operation)))),
        ["components"] = new JsonObject { ["schemas"] = new JsonObject(Documents.Select(document => KeyValuePair.Create(document.Key, (JsonNode?)Schema(document.Key, document.Value)))) },
    };

    private static JsonObject Path((string Path, string Name, string Summary, string Answer, string[] Parameters) operation)
    {
        var content = Documents.ContainsKey(operation.Answer)
            ? new JsonObject { ["application/json"] = new JsonObject { ["schema"] = Reference(operation.Answer) } }
            : new JsonObject { [operation.Answer] = new JsonObject { ["schema"] = new JsonObject { ["type"] = operation.Answer == "application/json" ? "object" : "string" } } };
        var get = new JsonObject
        {
            ["operationId"] = operation.Name,
            ["summary"] = operation.Summary,
            ["parameters"] = new JsonArray([.. operation.Parameters.Select(name => JsonNode.Parse(Parameters[name]))]),
            ["responses"] = new JsonObject
            {
                ["200"] = new JsonObject { ["description"] = "It is shown.", ["content"] = content },
                ["default"] = new JsonObject
                {
                    ["description"] = "Why it is not shown.",
                    ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = Reference(nameof(ErrorDocument)) } },
                },
            },
        };
        return new JsonObject { ["get"] = get };
    }

    private static JsonObject Reference(string document) => new() { ["$ref"] = $"#/components/schemas/{document}" };

    private static JsonNode Schema(string name, JsonTypeInfo type)
    {
        var meanings = Meanings();
        var schema = type.GetJsonSchemaAsNode(new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = (context, node) =>
            {
                if (node is JsonObject o && context.PropertyInfo is { } property
                    && meanings.TryGetValue($"{property.DeclaringType.Name}.{char.ToUpperInvariant(property.Name[0])}{property.Name[1..]}", out var meaning))
                {
                    o.Insert(0, "description", meaning);
                }

                return node;
            },
        });

        // A part that was described before is referred to by its place: here that place is deeper.
        return JsonNode.Parse(schema.ToJsonString().Replace("\"$ref\":\"#/", $"\"$ref\":\"#/components/schemas/{name}/", StringComparison.Ordinal))!;
    }

    // Member by member, what its docstring says.
    private static Dictionary<string, string> Meanings()
    {
        var meanings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(System.IO.Path.Combine(GoldenText.RepositoryRoot, "src", "Reconciler", "Wire"), "*.cs"))
        {
            var (docs, type) = (new List<string>(), "");
            foreach (var line in File.ReadLines(file).Select(line => line.Trim()))
            {
                if (line.StartsWith("///", StringComparison.Ordinal))
                {
                    docs.Add(line[3..].Trim());
                    continue;
                }

                var text = string.Join(' ', docs);
                if (Records().Match(line) is { Success: true } record)
                {
                    type = record.Groups["name"].Value;
                    foreach (Match parameter in Params().Matches(text))
                    {
                        meanings[$"{type}.{parameter.Groups["name"].Value}"] = Plain(parameter.Groups["text"].Value);
                    }
                }
                else if (Members().Match(line) is { Success: true } member && Summaries().Match(text) is { Success: true } summary)
                {
                    meanings[$"{type}.{member.Groups["name"].Value}"] = Plain(summary.Groups["text"].Value);
                }

                docs.Clear();
            }
        }

        return meanings;
    }

    private static string Plain(string text) => Tags().Replace(text.Replace("<c>", "`", StringComparison.Ordinal).Replace("</c>", "`", StringComparison.Ordinal), match => match.Groups["cref"].Value).Trim();

    [GeneratedRegex(@"\brecord (?<name>\w+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Records();

    [GeneratedRegex(@"^public .*?\b(?<name>\w+) \{", RegexOptions.ExplicitCapture)]
    private static partial Regex Members();

    [GeneratedRegex("""<param name="(?<name>\w+)">(?<text>.*?)</param>""", RegexOptions.ExplicitCapture)]
    private static partial Regex Params();

    [GeneratedRegex("<summary>(?<text>.*?)</summary>", RegexOptions.ExplicitCapture)]
    private static partial Regex Summaries();

    [GeneratedRegex("""<see cref="(?<cref>\w+)"/>|<[^>]+>""", RegexOptions.ExplicitCapture)]
    private static partial Regex Tags();
}
