using System.Text.Json.Nodes;
using FakeGitHub.World;

namespace FakeGitHub.Json;

/// <summary>Check runs and suites.</summary>
internal static class CheckRunJson
{
    public static JsonObject Run(CheckRun run, RepositoryState repository, Links links)
    {
        var url = $"{links.Repo(repository)}/check-runs/{run.Id}";
        return new JsonObject
        {
            ["id"] = run.Id,
            ["name"] = run.Name,
            ["node_id"] = Wire.NodeId("CheckRun", run.Id),
            ["head_sha"] = run.HeadSha,
            ["external_id"] = run.ExternalId ?? "",
            ["url"] = url,
            ["html_url"] = $"{links.Page(repository)}/runs/{run.Id}",
            ["details_url"] = run.DetailsUrl ?? links.Html,
            ["status"] = run.Status,
            ["conclusion"] = run.Conclusion,
            ["started_at"] = run.StartedAt,
            ["completed_at"] = run.CompletedAt,
            ["output"] = Output(run, url),
            ["check_suite"] = new JsonObject { ["id"] = run.SuiteId },
            ["app"] = AppJson.App(run.App, links),
            ["pull_requests"] = new JsonArray(),
        };
    }

    private static JsonObject Output(CheckRun run, string url) => new()
    {
        ["title"] = run.Output["title"]?.DeepClone(),
        ["summary"] = run.Output["summary"]?.DeepClone(),
        ["text"] = run.Output["text"]?.DeepClone(),
        ["annotations_count"] = run.Annotations,
        ["annotations_url"] = $"{url}/annotations",
    };
}
