using System.Text.Json.Nodes;

namespace FakeGitHub.Http;

/// <summary>One entry of <c>errors</c> in a 422.</summary>
/// <param name="Code">GitHub's word: <c>missing</c>, <c>missing_field</c>, <c>invalid</c>, <c>already_exists</c>, <c>unprocessable</c>, <c>custom</c>.</param>
internal sealed record FieldError(string Resource, string? Field, string Code, string? Message = null)
{
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["resource"] = Resource, ["code"] = Code };
        if (Field is not null)
        {
            json["field"] = Field;
        }

        if (Message is not null)
        {
            json["message"] = Message;
        }

        return json;
    }
}
