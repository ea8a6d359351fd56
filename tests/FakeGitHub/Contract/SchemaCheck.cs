using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FakeGitHub.Contract;

/// <summary>Checks a value against a schema of OpenAPI 3.0, as much of it as GitHub's description uses. Fields that no schema knows are faults too.</summary>
internal sealed class SchemaCheck(ApiDescription description)
{
    private readonly List<(string Where, string Problem)> _problems = [];

    public IReadOnlyList<(string Where, string Problem)> Check(JsonNode schema, JsonNode? value)
    {
        Visit(schema, value, "", strict: true);
        return _problems;
    }

    public static bool IsTime(string text) =>
        text.Contains('T', StringComparison.Ordinal) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _);

    /// <param name="strict">Unknown fields are looked for here; not in a part of a whole, which does it.</param>
    private void Visit(JsonNode? reference, JsonNode? value, string at, bool strict)
    {
        var schema = description.Follow(reference)!.AsObject();
        if (value is null)
        {
            if (!AllowsNull(schema))
            {
                Report(at, "is null");
            }

            return;
        }

        if (!HasType(schema, value, at))
        {
            return;
        }

        CheckEnum(schema, value, at);
        CheckString(schema, value, at);
        CheckNumber(schema, value, at);
        CheckArray(schema, value, at);
        CheckObject(schema, value, at, strict);
        CheckParts(schema, value, at, strict);
    }

    private bool AllowsNull(JsonObject schema) =>
        IsTrue(schema["nullable"])
        || new[] { "anyOf", "oneOf" }.Any(x => schema[x] is JsonArray parts && parts.Any(part => AllowsNull(description.Follow(part)!.AsObject())));

    private bool HasType(JsonObject schema, JsonNode value, string at)
    {
        var kind = value.GetValueKind();
        var right = (string?)schema["type"] switch
        {
            "object" => kind == JsonValueKind.Object,
            "array" => kind == JsonValueKind.Array,
            "string" => kind == JsonValueKind.String,
            "boolean" => kind is JsonValueKind.True or JsonValueKind.False,
            "number" => kind == JsonValueKind.Number,
            "integer" => kind == JsonValueKind.Number && decimal.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                && decimal.IsInteger(number),
            _ => true,
        };
        if (!right)
        {
            Report(at, $"is {kind}, not {schema["type"]}");
        }

        return right;
    }

    private void CheckEnum(JsonObject schema, JsonNode value, string at)
    {
        if (schema["enum"] is JsonArray words && !words.Any(x => JsonNode.DeepEquals(x, value)))
        {
            Report(at, $"is none of {words.ToJsonString()}: {value.ToJsonString()}");
        }
    }

    private void CheckString(JsonObject schema, JsonNode value, string at)
    {
        if (value.GetValueKind() != JsonValueKind.String)
        {
            return;
        }

        var text = value.GetValue<string>();
        var right = (string?)schema["format"] switch
        {
            "date-time" => IsTime(text),
            "uri" => text.Length == 0 || Uri.TryCreate(text, UriKind.Absolute, out _),
            "email" => text.Contains('@', StringComparison.Ordinal),
            _ => true,
        };
        if (!right)
        {
            Report(at, $"is no {schema["format"]}: {text}");
        }

        CheckSize(schema, text.EnumerateRunes().Count(), "Length", "characters", at);
    }

    private void CheckNumber(JsonObject schema, JsonNode value, string at)
    {
        if (value.GetValueKind() != JsonValueKind.Number || !decimal.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return;
        }

        if (number < (schema["minimum"]?.GetValue<decimal>() ?? decimal.MinValue) || number > (schema["maximum"]?.GetValue<decimal>() ?? decimal.MaxValue))
        {
            Report(at, $"is out of range: {number}");
        }
    }

    private void CheckArray(JsonObject schema, JsonNode value, string at)
    {
        if (value is not JsonArray list)
        {
            return;
        }

        CheckSize(schema, list.Count, "Items", "items", at);
        for (var i = 0; schema["items"] is { } items && i < list.Count; i++)
        {
            Visit(items, list[i], $"{at}/{i}", strict: true);
        }
    }

    private void CheckSize(JsonObject schema, int size, string what, string unit, string at)
    {
        if (size < (schema[$"min{what}"]?.GetValue<int>() ?? 0) || size > (schema[$"max{what}"]?.GetValue<int>() ?? int.MaxValue))
        {
            Report(at, $"has {size} {unit}");
        }
    }

    private void CheckObject(JsonObject schema, JsonNode value, string at, bool strict)
    {
        if (value is not JsonObject json)
        {
            return;
        }

        foreach (var name in (schema["required"] as JsonArray ?? []).Select(x => (string)x!).Where(x => !json.ContainsKey(x)))
        {
            Report($"{at}/{name}", "is missing");
        }

        var properties = schema["properties"] as JsonObject ?? [];
        foreach (var (name, part) in properties.Where(x => json.ContainsKey(x.Key)))
        {
            Visit(part, json[name], $"{at}/{name}", strict: true);
        }

        if (strict && ClosedFields(schema) is { } known)
        {
            foreach (var name in json.Select(x => x.Key).Where(x => !known.Contains(x)))
            {
                Report($"{at}/{name}", "is unknown");
            }
        }
        else if (schema["additionalProperties"] is JsonObject others)
        {
            foreach (var (name, other) in json.Where(x => !properties.ContainsKey(x.Key)).ToList())
            {
                Visit(others, other, $"{at}/{name}", strict: true);
            }
        }
    }

    /// <summary>The fields a whole knows; null when it says nothing of fields or allows any.</summary>
    private HashSet<string>? ClosedFields(JsonObject schema)
    {
        var own = schema["properties"] is JsonObject || schema["allOf"] is JsonArray || schema["additionalProperties"] is JsonValue;
        return own && !IsOpen(schema) ? Fields(schema).ToHashSet() : null;
    }

    private bool IsOpen(JsonObject schema) =>
        schema["additionalProperties"] is JsonObject || IsTrue(schema["additionalProperties"])
        || (schema["allOf"] is JsonArray parts && parts.Any(x => IsOpen(description.Follow(x)!.AsObject())));

    private IEnumerable<string> Fields(JsonObject schema)
    {
        var own = (schema["properties"] as JsonObject ?? []).Select(x => x.Key);
        var parts = new[] { "allOf", "anyOf", "oneOf" }.SelectMany(x => schema[x] as JsonArray ?? []);
        return own.Concat(parts.SelectMany(x => Fields(description.Follow(x)!.AsObject())));
    }

    private void CheckParts(JsonObject schema, JsonNode value, string at, bool strict)
    {
        foreach (var part in schema["allOf"] as JsonArray ?? [])
        {
            Visit(part, value, at, strict: false);
        }

        var alone = strict && schema["properties"] is null;
        Choose(schema["anyOf"] as JsonArray, value, at, alone);

        // GitHub's own choices overlap, so that "one of" means "any of" here
        Choose(schema["oneOf"] as JsonArray, value, at, alone);
    }

    private void Choose(JsonArray? choices, JsonNode value, string at, bool strict)
    {
        if (choices is null)
        {
            return;
        }

        var tries = choices.Select(x => Try(x!, value, at, strict)).ToList();
        if (tries.All(x => x.Count > 0))
        {
            Report(at, $"fits none of {choices.Count} choices");
            _problems.AddRange(tries.MinBy(x => x.Count)!);
        }
    }

    private List<(string Where, string Problem)> Try(JsonNode choice, JsonNode value, string at, bool strict)
    {
        var check = new SchemaCheck(description);
        check.Visit(choice, value, at, strict);
        return check._problems;
    }

    private static bool IsTrue(JsonNode? node) => node?.GetValueKind() == JsonValueKind.True;

    private void Report(string at, string problem) => _problems.Add((at, problem));
}
