using System.Text.Json;
using System.Text.Json.Nodes;
using FakeGitHub.Faults;
using FakeGitHub.World;
using Microsoft.AspNetCore.Http;

namespace FakeGitHub.Control;

/// <summary>The fake's own address, <c>/_fake/…</c>: look at its state and make faults from outside the process.</summary>
internal sealed class ControlApi(FakeGitHubServer server)
{
    public async Task ServeAsync(HttpContext context)
    {
        var answer = await AnswerAsync(context.Request);
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer.Body.ToJsonString(), context.RequestAborted);
    }

    private async Task<(int Status, JsonNode Body)> AnswerAsync(HttpRequest request)
    {
        switch (request.Method, request.Path.Value)
        {
            case ("GET", "/_fake/state"):
                return (200, StateJson.Of(server));
            case ("GET", "/_fake/violations"):
                return (200, StateJson.Violations(server));
            case ("POST", "/_fake/faults"):
                return await AddFaultAsync(request);
            case ("DELETE", "/_fake/faults"):
                server.Faults.Clear();
                return (200, new JsonObject { ["faults"] = 0 });
            case ("POST", "/_fake/outage"):
                server.Faults.Outage();
                return (200, new JsonObject { ["faults"] = server.Faults.Rules.Count });
            case ("POST", "/_fake/rename"):
                return Rename(request);
            default:
                return (404, new JsonObject { ["message"] = $"There is no {request.Method} {request.Path} here." });
        }
    }

    private async Task<(int Status, JsonNode Body)> AddFaultAsync(HttpRequest request)
    {
        try
        {
            if (await JsonNode.ParseAsync(request.Body) is JsonObject json && FaultJson.Read(json) is { } rule)
            {
                server.Faults.Add(rule);
                return (200, new JsonObject { ["faults"] = server.Faults.Rules.Count });
            }
        }
        catch (JsonException)
        {
            // said below
        }

        return (400, new JsonObject { ["message"] = $"Wanted an object with \"fault\", one of: {string.Join(", ", FaultJson.Names)}." });
    }

    private (int Status, JsonNode Body) Rename(HttpRequest request)
    {
        if (server.World.FindRepository(request.Query["from"].ToString()) is not { } repository || request.Query["to"].ToString() is not { Length: > 0 } name)
        {
            return (400, new JsonObject { ["message"] = "Wanted ?from=owner/name&to=newname." });
        }

        server.World.Rename(repository, name);
        return (200, new JsonObject { ["full_name"] = repository.FullName });
    }
}
