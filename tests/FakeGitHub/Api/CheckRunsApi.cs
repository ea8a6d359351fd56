using System.Text.Json.Nodes;
using FakeGitHub.Http;
using FakeGitHub.Json;
using FakeGitHub.World;

namespace FakeGitHub.Api;

/// <summary>Check runs; only Apps make them.</summary>
internal static class CheckRunsApi
{
    private static readonly string[] _conclusions = ["action_required", "cancelled", "failure", "neutral", "success", "skipped", "stale", "timed_out"];

    public static void Add(RouteTable routes)
    {
        routes.AddRepo("POST", "/check-runs", "checks:write", Create);
        routes.AddRepo("PATCH", "/check-runs/{id}", "checks:write", Update);
        routes.AddRepo("GET", "/check-runs/{id}", "checks:read", call =>
            call.Repository.CheckRuns.Find(call.Number("id")) is { } found ? ApiAnswer.Ok(CheckRunJson.Run(found, call.Repository, call.Links)) : ApiAnswer.NotFound());
    }

    /// <summary>The latest run of each name, or all with <c>filter=all</c>.</summary>
    public static ApiAnswer OfCommit(ApiCall call)
    {
        using var git = call.Open();
        if (git.Resolve(call.Value("ref")) is not { } commit)
        {
            return ApiAnswer.Unprocessable($"No commit found for SHA: {call.Value("ref")}");
        }

        var runs = call.Repository.CheckRuns.All.Where(x => x.HeadSha == commit.Sha);
        runs = call.Asked("filter") == "all" ? runs : runs.GroupBy(x => (x.Name, x.App.Id)).Select(x => x.Last());
        var found = runs.Where(x => (call.Asked("check_name") ?? x.Name) == x.Name && (call.Asked("status") ?? x.Status) == x.Status).Reverse();
        return Paging.Counted(call, "check_runs", [.. found], x => CheckRunJson.Run(x, call.Repository, call.Links));
    }

    private static ApiAnswer Create(ApiCall call)
    {
        using var git = call.Open();
        if (call.ViaApp is not { } app)
        {
            return ApiAnswer.Error(403, "You must authenticate via a GitHub App.");
        }

        if (call.Text("name") is not { Length: > 0 } name)
        {
            return ApiAnswer.Invalid(new FieldError("CheckRun", "name", "missing_field"));
        }

        if (git.CommitOf(call.Text("head_sha") ?? "") is not { } commit)
        {
            return ApiAnswer.Unprocessable($"No commit found for SHA: {call.Text("head_sha")}");
        }

        var suite = call.Repository.CheckRuns.All.FirstOrDefault(x => x.HeadSha == commit.Sha && x.App == app)?.SuiteId ?? call.World.NextId();
        var run = With(call, new CheckRun(call.World.NextId(), suite, commit.Sha, name, app));
        return Problem(call, run) is { } problem
            ? ApiAnswer.Invalid(problem)
            : ApiAnswer.Created(CheckRunJson.Run(call.Repository.CheckRuns.Add(run), call.Repository, call.Links));
    }

    private static ApiAnswer Update(ApiCall call)
    {
        if (call.Repository.CheckRuns.Find(call.Number("id")) is not { } old)
        {
            return ApiAnswer.NotFound();
        }

        if (call.ViaApp != old.App)
        {
            return ApiAnswer.Error(403, $"Invalid app_id `{call.ViaApp?.Id}` - check run can only be modified by the GitHub App that created it.");
        }

        var run = With(call, old);
        return Problem(call, run) is { } problem
            ? ApiAnswer.Invalid(problem)
            : ApiAnswer.Ok(CheckRunJson.Run(call.Repository.CheckRuns.Put(run), call.Repository, call.Links));
    }

    private static CheckRun With(ApiCall call, CheckRun run)
    {
        var conclusion = call.Text("conclusion");
        var status = conclusion is not null ? "completed" : call.Text("status") ?? run.Status;
        return run with
        {
            Name = call.Text("name") ?? run.Name,
            Status = status,
            Conclusion = conclusion ?? (status == "completed" ? run.Conclusion : null),
            DetailsUrl = call.Text("details_url") ?? run.DetailsUrl,
            ExternalId = call.Text("external_id") ?? run.ExternalId,
            StartedAt = call.Text("started_at") ?? run.StartedAt ?? Wire.Time(call.Now),
            CompletedAt = call.Text("completed_at") ?? run.CompletedAt ?? (status == "completed" ? Wire.Time(call.Now) : null),
            Output = call.Body["output"]?.DeepClone() as JsonObject ?? run.Output,
            Annotations = run.Annotations + ((call.Body["output"]?["annotations"] as JsonArray)?.Count ?? 0),
        };
    }

    private static FieldError? Problem(ApiCall call, CheckRun run)
    {
        if (run.Status is not ("queued" or "in_progress" or "completed"))
        {
            return new FieldError("CheckRun", "status", "invalid");
        }

        if ((run.Status == "completed" && run.Conclusion is null) || (run.Conclusion is { } conclusion && !_conclusions.Contains(conclusion)))
        {
            return new FieldError("CheckRun", "conclusion", run.Conclusion is null ? "missing_field" : "invalid");
        }

        if (call.Body["output"] is not JsonObject output)
        {
            return null;
        }

        if (output["annotations"] is JsonArray { Count: > 50 })
        {
            return new FieldError("CheckRun", "annotations", "custom", "No more than 50 annotations at a time");
        }

        return new[] { "summary", "text" }.FirstOrDefault(x => Wire.Length((string?)output[x] ?? "") > 65_535) is { } tooLong
            ? new FieldError("CheckRun", tooLong, "custom", "Only 65535 characters are allowed")
            : null;
    }
}
