using System.Text.Json.Nodes;
using FakeGitHub.World;

namespace FakeGitHub.Json;

/// <summary>Deployments, their statuses and their environments.</summary>
internal static class DeploymentJson
{
    public static JsonObject Deployment(Deployment deployment, RepositoryState repository, Links links)
    {
        var url = $"{links.Repo(repository)}/deployments/{deployment.Id}";
        return new JsonObject
        {
            ["url"] = url,
            ["id"] = deployment.Id,
            ["node_id"] = Wire.NodeId("Deployment", deployment.Id),
            ["sha"] = deployment.Sha,
            ["ref"] = deployment.Ref,
            ["task"] = deployment.Task,
            ["payload"] = deployment.Payload.DeepClone(),
            ["original_environment"] = deployment.Environment,
            ["environment"] = deployment.Environment,
            ["description"] = deployment.Description,
            ["creator"] = UserJson.Simple(deployment.Creator, links),
            ["created_at"] = Wire.Time(deployment.CreatedAt),
            ["updated_at"] = Wire.Time(deployment.UpdatedAt),
            ["statuses_url"] = $"{url}/statuses",
            ["repository_url"] = links.Repo(repository),
            ["transient_environment"] = deployment.Transient,
            ["production_environment"] = deployment.Production,
            ["performed_via_github_app"] = AppJson.Maybe(deployment.ViaApp, links),
        };
    }

    public static JsonObject Status(DeploymentStatus status, RepositoryState repository, Links links)
    {
        var url = $"{links.Repo(repository)}/deployments/{status.DeploymentId}";
        return new JsonObject
        {
            ["url"] = $"{url}/statuses/{status.Id}",
            ["id"] = status.Id,
            ["node_id"] = Wire.NodeId("DeploymentStatus", status.Id),
            ["state"] = status.State,
            ["creator"] = UserJson.Simple(status.Creator, links),
            ["description"] = status.Description,
            ["environment"] = status.Environment,
            ["target_url"] = status.LogUrl,
            ["log_url"] = status.LogUrl,
            ["environment_url"] = status.EnvironmentUrl,
            ["created_at"] = Wire.Time(status.CreatedAt),
            ["updated_at"] = Wire.Time(status.CreatedAt),
            ["deployment_url"] = url,
            ["repository_url"] = links.Repo(repository),
            ["performed_via_github_app"] = AppJson.Maybe(status.ViaApp, links),
        };
    }

    public static JsonObject Environment(DeployEnvironment environment, RepositoryState repository, Links links) => new()
    {
        ["id"] = environment.Id,
        ["node_id"] = Wire.NodeId("Environment", environment.Id),
        ["name"] = environment.Name,
        ["url"] = $"{links.Repo(repository)}/environments/{Uri.EscapeDataString(environment.Name)}",
        ["html_url"] = $"{links.Page(repository)}/deployments/activity_log?environments_filter={Uri.EscapeDataString(environment.Name)}",
        ["created_at"] = Wire.Time(environment.CreatedAt),
        ["updated_at"] = Wire.Time(environment.CreatedAt),
        ["protection_rules"] = new JsonArray(),
        ["deployment_branch_policy"] = null,
    };
}
