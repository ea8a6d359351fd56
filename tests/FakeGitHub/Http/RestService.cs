using System.Text.Json.Nodes;
using FakeGitHub.Api;
using FakeGitHub.Faults;
using FakeGitHub.Repositories;
using FakeGitHub.Webhooks;
using FakeGitHub.World;

namespace FakeGitHub.Http;

/// <summary>Answers requests of the REST API, one at a time.</summary>
internal sealed class RestService(GitHubWorld world, RefWatch watch, WebhookSender webhooks, RateLimits limits, SecondaryLimits? secondary)
{
    public (ApiAnswer Answer, Caller Caller) Answer(RestRequest request)
    {
        var (caller, problem) = Credentials.Read(request.Authorization, world);
        return caller is null
            ? (ApiAnswer.Error(problem == "Integration not found" ? 404 : 401, problem), new Caller.Anonymous())
            : (AnswerTo(request, caller), caller);
    }

    /// <summary><c>/repositories/ID/…</c>, which a rename and the links of pages point at, by its usual name.</summary>
    public RestRequest ByName(RestRequest request)
    {
        var parts = request.Path.Split('/', 4);
        return parts is ["", "repositories", var id, ..] && long.TryParse(id, out var number) && world.Repositories.Find(number) is { } found
            ? request with { Path = parts.Length == 4 ? $"/repos/{found.FullName}/{parts[3]}" : $"/repos/{found.FullName}" }
            : request;
    }

    private ApiAnswer AnswerTo(RestRequest request, Caller caller)
    {
        if (request.UserAgent.Length == 0)
        {
            return new ApiAnswer(403) { Text = "Request forbidden by administrative rules. Please make sure your request has a User-Agent header.", ContentType = "text/plain" };
        }

        if (request.ApiVersion is not ("" or "2022-11-28" or "2026-03-10"))
        {
            return ApiAnswer.Error(400, $"{request.ApiVersion} is not a supported version of the GitHub API.");
        }

        if (request.Path != "/rate_limit" && !limits.TryUse(caller))
        {
            return FaultAnswers.Primary(DateTimeOffset.FromUnixTimeSeconds(limits.Of(caller).Reset));
        }

        if (secondary?.TryUse(caller.LimitKey, request.Method is not ("GET" or "HEAD")) == false)
        {
            return FaultAnswers.Of(new Fault.SecondaryLimit(60), world.Now)!;
        }

        return Renamed(request) ?? Routed(request, caller);
    }

    private ApiAnswer? Renamed(RestRequest request)
    {
        var parts = request.Path.Split('/', 5);
        if (parts is not ["", "repos", var owner, var name, ..] || world.FindRepository($"{owner}/{name}") is not null || world.FindRenamed($"{owner}/{name}") is not { } found)
        {
            return null;
        }

        var place = $"{request.Links.Api}/repositories/{found.Id}{(parts.Length == 5 ? $"/{parts[4]}" : "")}{request.QueryText}";
        var (status, text) = request.Method is "GET" or "HEAD" ? (301, "Moved Permanently") : (307, "Temporary Redirect");
        return new ApiAnswer(status, new JsonObject { ["message"] = text, ["url"] = place, ["documentation_url"] = Json.Wire.Documentation }).With("Location", place);
    }

    private ApiAnswer Routed(RestRequest request, Caller caller)
    {
        if (Routes.All.Find(request.Method, request.Path) is not { } found)
        {
            return ApiAnswer.NotFound();
        }

        var (route, values) = found;
        RepositoryState? repository = null;
        if (values.Groups["owner"].Success)
        {
            repository = world.FindRepository($"{Uri.UnescapeDataString(values.Groups["owner"].Value)}/{Uri.UnescapeDataString(values.Groups["repo"].Value)}");
            var refusal = repository is null ? ApiAnswer.NotFound() : Refusal(route, caller, repository);
            if (refusal is not null)
            {
                return refusal;
            }
        }

        if (BodyProblem(request) is { } problem)
        {
            return problem;
        }

        var call = new ApiCall
        {
            World = world,
            Watch = watch,
            Webhooks = webhooks,
            Limits = limits,
            Caller = caller,
            Links = request.Links,
            Values = values,
            Path = request.Path,
            Query = request.Query,
            Accept = request.Accept,
            Body = Body(request),
            Repository = repository!,
        };
        return route.Answer(call);
    }

    /// <summary>Labels may come as a bare list, the older way.</summary>
    private static JsonObject Body(RestRequest request) => request.Body switch
    {
        JsonObject json => json,
        JsonArray list => new JsonObject { ["labels"] = list.DeepClone() },
        _ => [],
    };

    private static ApiAnswer? BodyProblem(RestRequest request) => request switch
    {
        { TooLarge: true } => ApiAnswer.Error(413, "Request body is too large"),
        { Garbled: true } => ApiAnswer.Error(400, "Problems parsing JSON"),
        { Body: JsonArray } when request.Path.EndsWith("/labels", StringComparison.Ordinal) => null,
        { Body: not (null or JsonObject) } => ApiAnswer.Error(400, "Body should be a JSON object"),
        _ => null,
    };

    /// <summary>What GitHub says to somebody who may not; null when they may.</summary>
    private static ApiAnswer? Refusal(Route route, Caller caller, RepositoryState repository)
    {
        if (caller is Caller.AsApp || route.Need is not { } need)
        {
            return caller is Caller.AsApp && route.Need is not null ? ApiAnswer.Error(401, "A JSON web token could not be used here") : null;
        }

        if (caller.Token is not { } token)
        {
            return repository.Private ? ApiAnswer.NotFound() : need.Write ? ApiAnswer.Error(401, "Requires authentication") : null;
        }

        if (!token.Reaches(repository))
        {
            return repository.Private || need.Write ? ApiAnswer.NotFound() : null;
        }

        if (token.Allows(need.Permission, need.Write) || (need.Permission == "issues" && token.Allows("pull_requests", need.Write)))
        {
            return repository.Archived && need.Write ? ApiAnswer.Error(403, "Repository was archived so is read-only.") : null;
        }

        var refusal = token.Permissions is null
            ? ApiAnswer.NotFound()
            : ApiAnswer.Error(403, token.Installation is null ? "Resource not accessible by personal access token" : "Resource not accessible by integration");
        return refusal.With("X-Accepted-GitHub-Permissions", need.ToString());
    }
}
