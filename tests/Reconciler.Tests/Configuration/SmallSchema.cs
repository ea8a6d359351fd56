using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Reconciler.Tests.Configuration;

/// <summary>As much of JSON Schema 2020-12 as the project's own schemas use. A keyword it does not know is an error, never passed over.</summary>
internal sealed class SmallSchema(JsonObject root)
{
    private static readonly HashSet<string> Annotations = ["$schema", "title", "description", "default", "$defs", "format", "components"];

    /// <summary>Whether a document fits.</summary>
    public bool Fits(JsonNode? document) => Fits(root, document, []);

    // Notes in `seen` the members that some part of the schema spoke of.
    private bool Fits(JsonNode schema, JsonNode? value, HashSet<string> seen)
    {
        if (schema is JsonValue flag)
        {
            return flag.GetValue<bool>();
        }

        var fits = true;
        foreach (var (keyword, rule) in schema.AsObject().Where(pair => !Annotations.Contains(pair.Key) && pair.Key != "unevaluatedProperties"))
        {
            fits &= Holds(schema.AsObject(), keyword, rule!, value, seen);
        }

        return fits && (schema["unevaluatedProperties"] is null || Members(value).All(seen.Contains));
    }

    private bool Holds(JsonObject schema, string keyword, JsonNode rule, JsonNode? value, HashSet<string> seen) => keyword switch
    {
        "$ref" => Fits(At((string)rule!), value, seen),
        "type" => rule is JsonArray types ? types.Any(type => IsOf((string)type!, value)) : IsOf((string)rule!, value),
        "enum" => rule.AsArray().Any(option => JsonNode.DeepEquals(option, value)),
        "const" => JsonNode.DeepEquals(rule, value),
        "oneOf" => One([.. rule.AsArray().Select(option => Try(option!, value))], seen),
        "required" => value is not JsonObject o || rule.AsArray().All(name => o.ContainsKey((string)name!)),
        "properties" => Known(rule, value, seen).All(member => Fits(rule[member.Key]!, member.Value, [])),
        "additionalProperties" => Members(value).All(name => schema["properties"]![name] is not null),
        "prefixItems" => value is not JsonArray a || a.Zip(rule.AsArray()).All(pair => Fits(pair.Second!, pair.First, [])),
        "items" => value is not JsonArray a || a.Skip(schema["prefixItems"]?.AsArray().Count ?? 0).All(item => Fits(rule, item, [])),
        "minItems" => value is not JsonArray a || a.Count >= (int)rule,
        "maxItems" => value is not JsonArray a || a.Count <= (int)rule,
        "minLength" => Text(value) is not { } text || text.EnumerateRunes().Count() >= (int)rule,
        "maxLength" => Text(value) is not { } text || text.EnumerateRunes().Count() <= (int)rule,
        "pattern" => Text(value) is not { } text || Regex.IsMatch(text, (string)rule!, RegexOptions.ECMAScript),
        "minimum" => !IsOf("number", value) || (double)value! >= (double)rule,
        "maximum" => !IsOf("number", value) || (double)value! <= (double)rule,
        _ => throw new NotSupportedException($"The keyword '{keyword}' is not known here."),
    };

    private static List<KeyValuePair<string, JsonNode?>> Known(JsonNode rule, JsonNode? value, HashSet<string> seen)
    {
        var known = value is JsonObject o ? o.Where(member => rule[member.Key] is not null).ToList() : [];
        seen.UnionWith(known.Select(member => member.Key));
        return known;
    }

    private (bool Fits, HashSet<string> Seen) Try(JsonNode schema, JsonNode? value)
    {
        HashSet<string> seen = [];
        return (Fits(schema, value, seen), seen);
    }

    private static bool One(List<(bool Fits, HashSet<string> Seen)> options, HashSet<string> seen)
    {
        var fitting = options.Where(option => option.Fits).ToList();
        seen.UnionWith(fitting.SelectMany(option => option.Seen));
        return fitting.Count == 1;
    }

    private JsonNode At(string reference) =>
        reference.TrimStart('#').Split('/', StringSplitOptions.RemoveEmptyEntries).Aggregate((JsonNode)root, (node, name) => node[name]!);

    private static bool IsOf(string type, JsonNode? value) => (type, value?.GetValueKind()) switch
    {
        ("object", System.Text.Json.JsonValueKind.Object) => true,
        ("array", System.Text.Json.JsonValueKind.Array) => true,
        ("string", System.Text.Json.JsonValueKind.String) => true,
        ("boolean", System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False) => true,
        ("number", System.Text.Json.JsonValueKind.Number) => true,
        ("integer", System.Text.Json.JsonValueKind.Number) => double.IsInteger((double)value!),
        ("null", null or System.Text.Json.JsonValueKind.Null) => true,
        _ => false,
    };

    private static IEnumerable<string> Members(JsonNode? value) => value is JsonObject o ? o.Select(member => member.Key) : [];

    private static string? Text(JsonNode? value) => IsOf("string", value) ? (string)value! : null;
}
