using System.Text.Json.Nodes;
using FakeGitHub.Http;

namespace FakeGitHub.Contract;

/// <summary>Checks path values and the query.</summary>
internal static class ParameterCheck
{
    public static IEnumerable<(string Where, string Problem)> Check(ApiOperation operation, RestRequest request, ApiDescription description)
    {
        var described = (operation.Node["parameters"] as JsonArray ?? []).Select(x => description.Follow(x)!).ToList();
        var known = described.Where(x => (string?)x["in"] == "query").Select(x => (string)x["name"]!).ToHashSet();
        foreach (var name in request.Query.Keys.Where(x => !known.Contains(x)))
        {
            yield return (name, "unknown query parameter");
        }

        foreach (var parameter in described)
        {
            var (name, place) = ((string)parameter["name"]!, (string?)parameter["in"]);
            var value = place == "path" ? operation.Values.GetValueOrDefault(name) : request.Query.TryGetValue(name, out var asked) ? asked.ToString() : null;
            if (value is null)
            {
                if (parameter["required"]?.GetValue<bool>() == true)
                {
                    yield return (name, "is required");
                }
            }
            else if (Problem(Uri.UnescapeDataString(value), description.Follow(parameter["schema"])!) is { } problem)
            {
                yield return (name, problem);
            }
        }
    }

    private static string? Problem(string value, JsonNode schema)
    {
        var right = (string?)schema["type"] switch
        {
            "integer" => long.TryParse(value, out _),
            "boolean" => value is "true" or "false",
            _ => true,
        };
        if (!right)
        {
            return $"is no {schema["type"]}: {value}";
        }

        if (schema["enum"] is JsonArray words && !words.Any(x => x?.ToString() == value))
        {
            return $"is none of {words.ToJsonString()}: {value}";
        }

        return (string?)schema["format"] == "date-time" && !SchemaCheck.IsTime(value) ? $"is no time: {value}" : null;
    }
}
