using FakeGitHub.Http;

namespace FakeGitHub.Api;

/// <summary>Every route there is.</summary>
internal static class Routes
{
    public static RouteTable All { get; } = Make();

    private static RouteTable Make()
    {
        var routes = new RouteTable();
        MetaApi.Add(routes);
        AppsApi.Add(routes);
        StatusesApi.Add(routes);
        CommitsApi.Add(routes);
        DeploymentsApi.Add(routes);
        DeploymentStatusesApi.Add(routes);
        EnvironmentsApi.Add(routes);
        PullsApi.Add(routes);
        PullMergeApi.Add(routes);
        CommentsApi.Add(routes);
        LabelsApi.Add(routes);
        RefsApi.Add(routes);
        GitObjectsApi.Add(routes);
        TreesApi.Add(routes);
        ContentsApi.Add(routes);
        BranchesApi.Add(routes);
        CheckRunsApi.Add(routes);
        HooksApi.Add(routes);
        HookDeliveriesApi.Add(routes);
        return routes;
    }
}
