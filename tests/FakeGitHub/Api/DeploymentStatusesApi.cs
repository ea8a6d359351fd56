using FakeGitHub.Http;
using FakeGitHub.Json;
using FakeGitHub.World;

namespace FakeGitHub.Api;

/// <summary>Statuses of deployments.</summary>
internal static class DeploymentStatusesApi
{
    private static readonly string[] _states = ["error", "failure", "inactive", "in_progress", "queued", "pending", "success"];

    public static void Add(RouteTable routes)
    {
        routes.AddRepo("GET", "/deployments/{id}/statuses", "deployments:read", List);
        routes.AddRepo("POST", "/deployments/{id}/statuses", "deployments:write", Create);
        routes.AddRepo("GET", "/deployments/{id}/statuses/{status}", "deployments:read", Get);
    }

    public static DeploymentStatus? Latest(RepositoryState repository, Deployment deployment) =>
        repository.StatusesOfDeployment(deployment.Id) is [.., var last] ? last : null;

    private static ApiAnswer List(ApiCall call) => DeploymentsApi.Find(call) is { } found
        ? Paging.Page(call, [.. call.Repository.StatusesOfDeployment(found.Id).Reverse()], x => DeploymentJson.Status(x, call.Repository, call.Links))
        : ApiAnswer.NotFound();

    private static ApiAnswer Get(ApiCall call) => call.Repository.StatusesOfDeployment(call.Number("id")).FirstOrDefault(x => x.Id == call.Number("status")) is { } found
        ? ApiAnswer.Ok(DeploymentJson.Status(found, call.Repository, call.Links))
        : ApiAnswer.NotFound();

    private static ApiAnswer Create(ApiCall call)
    {
        if (DeploymentsApi.Find(call) is not { } deployment)
        {
            return ApiAnswer.NotFound();
        }

        if (!_states.Contains(call.Text("state")))
        {
            return ApiAnswer.Invalid(new FieldError("DeploymentStatus", "state", "custom", "state is not included in the list"));
        }

        if (call.Text("description") is { } description && Wire.Length(description) > 140)
        {
            return ApiAnswer.Invalid(new FieldError("DeploymentStatus", "description", "custom", "description is too long (maximum is 140 characters)"));
        }

        var status = Add(call, deployment, call.Text("state")!);
        if (status.State == "success" && call.Flag("auto_inactive") != false)
        {
            Retire(call, deployment);
        }

        return ApiAnswer.Created(DeploymentJson.Status(status, call.Repository, call.Links));
    }

    /// <summary>A success ends older successful deployments of the same environment, save transient and production ones.</summary>
    private static void Retire(ApiCall call, Deployment newest)
    {
        foreach (var older in call.Repository.Deployments.Where(x =>
            x.Id < newest.Id && x.Environment == newest.Environment && !x.Transient && !x.Production && Latest(call.Repository, x)?.State == "success"))
        {
            call.Repository.DeploymentStatuses.Add(
                new DeploymentStatus(call.World.NextId(), older.Id, "inactive", older.Environment, call.Actor, call.Now) { ViaApp = call.ViaApp });
        }
    }

    private static DeploymentStatus Add(ApiCall call, Deployment deployment, string state)
    {
        call.Repository.DeploymentTable.Put(deployment with { UpdatedAt = call.Now });
        return call.Repository.DeploymentStatuses.Add(
            new DeploymentStatus(call.World.NextId(), deployment.Id, state, call.Text("environment") ?? deployment.Environment, call.Actor, call.Now)
            {
                Description = call.Text("description") ?? "",
                LogUrl = call.Text("log_url") ?? call.Text("target_url") ?? "",
                EnvironmentUrl = call.Text("environment_url") ?? "",
                ViaApp = call.ViaApp,
            });
    }
}
