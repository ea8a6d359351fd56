using System.Text.Json.Nodes;
using FakeGitHub.Api;
using FakeGitHub.Json;
using FakeGitHub.Repositories;
using FakeGitHub.World;

namespace FakeGitHub.Control;

/// <summary>All that is on the fake, for people and scripts; no secrets.</summary>
internal static class StateJson
{
    public static JsonObject Of(FakeGitHubServer server)
    {
        var links = new Links(server.Address, server.Address);
        return new JsonObject
        {
            ["address"] = server.Address,
            ["repositories"] = Wire.Array(server.World.Repositories.All, x => Repository(x, links)),
            ["requests"] = Wire.Array(server.Requests, x => new JsonObject
            {
                ["at"] = x.At.ToString("O"),
                ["method"] = x.Method,
                ["path"] = x.Path,
                ["auth"] = x.Auth,
                ["status"] = x.Status,
                ["fault"] = x.Fault,
            }),
            ["faults"] = Wire.Array(server.Faults.Rules, x => x.ToString()),
            ["violations"] = Violations(server),
        };
    }

    public static JsonArray Violations(FakeGitHubServer server) => Wire.Array(server.Violations, x => x.ToString());

    private static JsonObject Repository(RepositoryState repository, Links links) => new()
    {
        ["id"] = repository.Id,
        ["full_name"] = repository.FullName,
        ["refs"] = Refs(repository),
        ["statuses"] = Wire.Array(repository.Statuses.All, x => With(StatusJson.Simple(x, repository, links), "sha", x.Sha)),
        ["deployments"] = Wire.Array(repository.Deployments, x => Deployment(x, repository, links)),
        ["pull_requests"] = Wire.Array(repository.PullRequests, x => Pull(x, repository)),
        ["check_runs"] = Wire.Array(repository.CheckRuns.All, x => CheckRunJson.Run(x, repository, links)),
        ["deliveries"] = Wire.Array(repository.Deliveries.All, x => HookJson.Delivery(x, repository)),
    };

    private static JsonObject Refs(RepositoryState repository)
    {
        using var git = new GitStore(repository.Folder);
        return new JsonObject(git.Refs().Select(x => KeyValuePair.Create<string, JsonNode?>(x.Key, x.Value)));
    }

    private static JsonObject Deployment(Deployment deployment, RepositoryState repository, Links links)
    {
        var json = DeploymentJson.Deployment(deployment, repository, links);
        json["state"] = DeploymentStatusesApi.Latest(repository, deployment)?.State;
        json["statuses"] = Wire.Array(repository.StatusesOfDeployment(deployment.Id), x => DeploymentJson.Status(x, repository, links));
        return json;
    }

    private static JsonObject Pull(PullRequest pull, RepositoryState repository) => new()
    {
        ["number"] = pull.Number,
        ["title"] = pull.Title,
        ["body"] = pull.Body,
        ["head"] = pull.HeadLabel,
        ["head_sha"] = pull.HeadSha,
        ["base"] = pull.BaseRef,
        ["state"] = pull.Merged ? "merged" : pull.Open ? "open" : "closed",
        ["author"] = pull.Author.Login,
        ["labels"] = Wire.Array(pull.Labels, x => x),
        ["comments"] = Wire.Array(repository.CommentsOf(pull.Number), x => new JsonObject { ["id"] = x.Id, ["author"] = x.Author.Login, ["body"] = x.Body }),
    };

    private static JsonObject With(JsonObject json, string name, string value)
    {
        json[name] = value;
        return json;
    }
}
