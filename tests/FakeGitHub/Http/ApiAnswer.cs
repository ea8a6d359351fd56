using System.Globalization;
using System.Text.Json.Nodes;
using FakeGitHub.Json;

namespace FakeGitHub.Http;

/// <summary>An answer before it is sent.</summary>
internal sealed record ApiAnswer(int Status, JsonNode? Body = null)
{
    /// <summary>When set, sent in place of <see cref="Body"/>.</summary>
    public string? Text { get; init; }

    public string ContentType { get; init; } = "application/json; charset=utf-8";

    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    public static ApiAnswer Ok(JsonNode body) => new(200, body);

    public static ApiAnswer Created(JsonObject body) =>
        new(201, body) { Headers = body["url"]?.GetValue<string>() is { } place ? [("Location", place)] : [] };

    public static ApiAnswer NoContent() => new(204);

    public static ApiAnswer NotFound() => Error(404, "Not Found");

    public static ApiAnswer Error(int status, string message) => new(status, new JsonObject
    {
        ["message"] = message,
        ["documentation_url"] = Wire.Documentation,
        ["status"] = status.ToString(CultureInfo.InvariantCulture),
    });

    /// <summary>A 422 with nothing but a message.</summary>
    public static ApiAnswer Unprocessable(string message) => Error(422, message);

    /// <summary>A 422 that names fields.</summary>
    public static ApiAnswer Invalid(params FieldError[] errors) => new(422, new JsonObject
    {
        ["message"] = "Validation Failed",
        ["errors"] = Wire.Array(errors, x => x.ToJson()),
        ["documentation_url"] = Wire.Documentation,
        ["status"] = "422",
    });

    public ApiAnswer With(string name, string value) => this with { Headers = [.. Headers, (name, value)] };
}
