using System.Diagnostics;
using Reconciler.Adapters.Forge.Http;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Adapters.GitLab;

/// <summary>A host's deployments at GitLab: the host is an environment, and each attempt at a commit a deployment in it.</summary>
/// <remarks>
/// After <c>doc/api/deployments.md</c>. A deployment there holds no text of ours, so it is known by environment and commit, the newest first; one that has ended never
/// changes again, and GitLab itself marks older ones as replaced.
/// </remarks>
internal sealed class GitLabDeployments(ForgeHttp http, GitLabSettings settings)
{
    private const int MostLookedAt = 50;

    /// <summary>Shows how far a deployment has come.</summary>
    public async Task<ForgeAnswer> SetAsync(ForgeMessage.DeploymentProgress progress, CancellationToken cancellationToken)
    {
        var environment = settings.Host.ToString();
        var known = await http.ListAsync(
            $"{settings.Path}/deployments?environment={Uri.EscapeDataString(environment)}&order_by=id&sort=desc&per_page={MostLookedAt}",
            MostLookedAt,
            MostLookedAt,
            GitLabJson.Default.DeploymentDocumentArray,
            cancellationToken);
        var latest = known.Find(deployment => deployment.Sha == progress.Commit.Sha);
        var wanted = State(progress.State);
        if (latest?.Status == wanted)
        {
            return new ForgeAnswer.Done(null, "the environment shows so already");
        }

        if (latest is { Status: "created" or "running" })
        {
            http.Well(
                await http.SendAsync(HttpMethod.Put, $"{settings.Path}/deployments/{latest.Id}", new DeploymentEdit(wanted), GitLabJson.Default.DeploymentEdit, cancellationToken),
                "change a deployment");
            return new ForgeAnswer.Done(null, null);
        }

        if (progress.State == DeploymentState.Inactive)
        {
            return new ForgeAnswer.Done(null, "GitLab marks by itself what was replaced");
        }

        http.Well(
            await http.SendAsync(
                HttpMethod.Post,
                $"{settings.Path}/deployments",
                new NewDeployment(environment, progress.Commit.Sha, settings.Branch, Tag: false, wanted),
                GitLabJson.Default.NewDeployment,
                cancellationToken),
            "tell of a deployment");
        return new ForgeAnswer.Done(null, null);
    }

    private static string State(DeploymentState state) => state switch
    {
        DeploymentState.Queued or DeploymentState.InProgress => "running",
        DeploymentState.Success => "success",
        DeploymentState.Failure or DeploymentState.Error => "failed",
        DeploymentState.Inactive => "canceled",
        _ => throw new UnreachableException(),
    };
}
