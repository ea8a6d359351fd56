using FakeGitHub.Http;
using FakeGitHub.Json;
using FakeGitHub.World;

namespace FakeGitHub.Api;

/// <summary>Deployment environments.</summary>
internal static class EnvironmentsApi
{
    public static void Add(RouteTable routes)
    {
        routes.AddRepo("GET", "/environments", "actions:read", call =>
            Paging.Counted(call, "environments", call.Repository.Environments.All, x => DeploymentJson.Environment(x, call.Repository, call.Links)));
        routes.AddRepo("GET", "/environments/{name}", "actions:read", call => Find(call.Repository, call.Value("name")) is { } found
            ? ApiAnswer.Ok(DeploymentJson.Environment(found, call.Repository, call.Links))
            : ApiAnswer.NotFound());
        routes.AddRepo("PUT", "/environments/{name}", "administration:write", call =>
            ApiAnswer.Ok(DeploymentJson.Environment(Ensure(call, call.Value("name")), call.Repository, call.Links)));
    }

    public static DeployEnvironment Ensure(ApiCall call, string name) =>
        Find(call.Repository, name) ?? call.Repository.Environments.Add(new DeployEnvironment(call.World.NextId(), name, call.Now));

    private static DeployEnvironment? Find(RepositoryState repository, string name) =>
        repository.Environments.All.FirstOrDefault(x => string.Equals(x.Name, name, StringComparison.OrdinalIgnoreCase));
}
