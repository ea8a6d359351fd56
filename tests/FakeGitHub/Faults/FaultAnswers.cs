using System.Globalization;
using System.Text.Json.Nodes;
using FakeGitHub.Http;

namespace FakeGitHub.Faults;

/// <summary>The answers of faults that answer without doing anything.</summary>
internal static class FaultAnswers
{
    private const string SecondaryText = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again. If you reach out to GitHub Support "
        + "for help, please include the request ID.";

    /// <summary>Null when the fault has none of its own.</summary>
    public static ApiAnswer? Of(Fault fault, DateTimeOffset now) => fault switch
    {
        Fault.TooManyRequests x => Retry(ApiAnswer.Error(429, SecondaryText), x.RetryAfterSeconds),
        Fault.SecondaryLimit x => Retry(ApiAnswer.Error(403, SecondaryText), x.RetryAfterSeconds),
        Fault.PrimaryLimit x => Primary(now + x.UntilReset),
        Fault.BadGateway => Page(502, "<html><head><title>502 Bad Gateway</title></head><body>Unicorn!</body></html>"),
        Fault.Unavailable => Page(503, "<html><body>We are having a problem</body></html>"),
        Fault.LoginPage => Page(200, "<html><body>Sign in to the network</body></html>"),
        Fault.BadCredentials => ApiAnswer.Error(401, "Bad credentials"),
        Fault.Hidden => ApiAnswer.NotFound(),
        Fault.Forbidden => ApiAnswer.Error(403, "Resource not accessible by integration"),
        Fault.Unprocessable x => ApiAnswer.Unprocessable(x.Message),
        Fault.Conflict x => ApiAnswer.Error(409, x.Message),
        Fault.Accepted x => new ApiAnswer(202, new JsonObject { ["message"] = x.Message }),
        _ => null,
    };

    /// <summary>Turns every field of that name into a word nobody knows.</summary>
    public static JsonNode? WithUnknown(JsonNode? node, string field)
    {
        switch (node)
        {
            case JsonObject json:
                return new JsonObject(json.Select(x => KeyValuePair.Create(x.Key,
                    x.Key == field && x.Value is JsonValue ? JsonValue.Create("something_new") : WithUnknown(x.Value, field))));
            case JsonArray list:
                return new JsonArray([.. list.Select(x => WithUnknown(x, field))]);
            default:
                return node?.DeepClone();
        }
    }

    public static ApiAnswer Primary(DateTimeOffset reset) => ApiAnswer.Error(403, "API rate limit exceeded for installation ID 1. If you reach out to GitHub Support for "
        + "help, please include the request ID and timestamp.")
        .With("x-ratelimit-remaining", "0").With("x-ratelimit-reset", reset.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));

    private static ApiAnswer Retry(ApiAnswer answer, int? seconds) =>
        seconds is { } wait ? answer.With("Retry-After", wait.ToString(CultureInfo.InvariantCulture)) : answer;

    private static ApiAnswer Page(int status, string html) => new(status) { Text = html, ContentType = "text/html; charset=utf-8" };
}
