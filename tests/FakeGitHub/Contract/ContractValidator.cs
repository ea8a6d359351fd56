using System.Globalization;
using System.Text.Json.Nodes;
using FakeGitHub.Http;

namespace FakeGitHub.Contract;

/// <summary>Checks requests and answers against GitHub's own description of its API, and remembers each difference.</summary>
internal sealed class ContractValidator
{
    /// <summary>Answers that any operation may give, whether or not its description lists them.</summary>
    private static readonly int[] _everywhere = [301, 304, 307, 400, 401, 403, 404, 413, 422, 429, 500, 502, 503];

    private readonly ApiDescription _description = ApiDescription.Embedded;
    private readonly List<Violation> _violations = [];

    public IReadOnlyList<Violation> Violations
    {
        get
        {
            lock (_violations)
            {
                return [.. _violations];
            }
        }
    }

    public void CheckRequest(RestRequest request)
    {
        if (_description.Find(request.Method, request.Path) is not { } operation)
        {
            Report(request, "request", "", "no such operation");
            return;
        }

        foreach (var (where, problem) in ParameterCheck.Check(operation, request, _description))
        {
            Report(request, "request", where, problem);
        }

        CheckBody(request, operation);
    }

    public void CheckAnswer(RestRequest request, ApiAnswer answer)
    {
        if (_description.Find(request.Method, request.Path) is not { } operation)
        {
            return;
        }

        var described = _description.Follow(operation.Node["responses"]?[answer.Status.ToString(CultureInfo.InvariantCulture)]);
        if (described is null)
        {
            CheckCommonError(request, answer);
            return;
        }

        if (answer.Text is null && Schema(described) is { } schema)
        {
            Check(request, "answer", schema, answer.Status >= 400 ? WithoutStatus(answer.Body) : answer.Body);
        }
        else if (answer.Body is not null && answer.Status is >= 200 and < 300 && described["content"] is null)
        {
            Report(request, "answer", "", "has a body where none is described");
        }
    }

    /// <summary>GitHub sends <c>status</c> with every error; not all of its descriptions say so.</summary>
    private static JsonNode? WithoutStatus(JsonNode? body)
    {
        var copy = body?.DeepClone();
        (copy as JsonObject)?.Remove("status");
        return copy;
    }

    private static JsonNode? Schema(JsonNode described) => described["content"]?["application/json"]?["schema"];

    private void CheckBody(RestRequest request, ApiOperation operation)
    {
        var body = operation.Node["requestBody"];
        if (request.Body is null)
        {
            if (request.Garbled || body?["required"]?.GetValue<bool>() == true)
            {
                Report(request, "request", "", request.Garbled ? "the body is no JSON" : "a body is required");
            }

            return;
        }

        if (body is null)
        {
            Report(request, "request", "", "has a body where none is described");
            return;
        }

        Check(request, "request", Schema(body)!, request.Body);
    }

    private void CheckCommonError(RestRequest request, ApiAnswer answer)
    {
        if (!_everywhere.Contains(answer.Status))
        {
            Report(request, "answer", "", $"status {answer.Status} is not described");
        }
        else if (answer.Body is not null)
        {
            Check(request, "answer", _description.Schema(answer.Status == 422 ? "validation-error" : "basic-error"), WithoutStatus(answer.Body));
        }
    }

    private void Check(RestRequest request, string side, JsonNode schema, JsonNode? body)
    {
        foreach (var (where, problem) in new SchemaCheck(_description).Check(schema, body))
        {
            Report(request, side, where, problem);
        }
    }

    private void Report(RestRequest request, string side, string where, string problem)
    {
        lock (_violations)
        {
            _violations.Add(new Violation(request.Method, request.Path, side, where, problem));
        }
    }
}
