using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Octokit;
using Reconciler.Adapters.Forge;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Adapters.GitHub;

/// <summary>Shows the host's deployments as GitHub's, one environment a host.</summary>
internal sealed class Deployments(GitHubApi api, GitHubSettings settings)
{
    private const string Task = "reconciler";
    private const int LongestDescription = 140;
    private const int MostPages = 3;

    /// <summary>Shows how far one has come, making it first when it is not there.</summary>
    public async Task<ForgeAnswer> SetAsync(ForgeMessage.DeploymentProgress progress)
    {
        var deployment = (await api.DeploymentsAsync(progress.Commit, settings.Host.ToString(), Task, MostPages)).FirstOrDefault(found => IsOurs(found, progress));
        if (deployment is null)
        {
            try
            {
                deployment = await MakeAsync(progress);
            }
            catch (ApiException e) when (e.StatusCode is HttpStatusCode.UnprocessableEntity or HttpStatusCode.Conflict)
            {
                return Refusal(GitHubProblem.Of(e), progress.Commit);
            }
        }

        if (deployment.Id == 0)
        {
            // 202: GitHub merges first and makes none. It is told not to; should it do so all the same, the next look finds out.
            return new ForgeAnswer.Later("showing the deployment: GitHub made none yet", null);
        }

        var wanted = new NewDeploymentStatus(State(progress.State))
        {
            Description = PlainText.Line(progress.Description, LongestDescription),
            LogUrl = settings.Page?.Of(progress.Deployment).AbsoluteUri,
            Environment = settings.Host.ToString(),
            AutoInactive = progress.State == Model.DeploymentState.Success ? true : null,
        };
        if (await api.DeploymentStatusAsync(deployment.Id) is { } latest && IsSame(latest, wanted))
        {
            return new ForgeAnswer.Done(null, "the deployment shows it already");
        }

        await api.SetDeploymentStatusAsync(deployment.Id, wanted);
        return new ForgeAnswer.Done(null, null);
    }

    private Task<DeploymentDocument> MakeAsync(ForgeMessage.DeploymentProgress progress) => api.MakeDeploymentAsync(new NewDeployment(progress.Commit.Sha)
    {
        Task = Task,
        AutoMerge = false, // else GitHub would merge the default branch into the commit
        RequiredContexts = [], // else a failed check would forbid it; whether to deploy is not GitHub's to decide
        Environment = settings.Host.ToString(),
        Description = $"{settings.Host} by Reconciler, deployment {progress.Deployment}",
        Payload = new Dictionary<string, string> { ["host"] = settings.Host.ToString(), ["deployment"] = progress.Deployment.ToString() },
    });

    private ForgeAnswer Refusal(GitHubProblem problem, Revision commit) =>
        problem.Says("no ref found") || problem.Says("no commit found")
            ? new ForgeAnswer.Refused($"{settings.FullName} has no commit {commit} to show a deployment of: it was never pushed there, or was thrown away since")
            : problem.Answer("making the deployment", settings);

    // The same commit deployed a second time is a deployment of its own: GitHub retires what is older than the one that succeeds.
    private bool IsOurs(DeploymentDocument found, ForgeMessage.DeploymentProgress progress) =>
        found.Task == Task
        && found.Sha == progress.Commit.Sha
        && string.Equals(found.Environment, settings.Host.ToString(), StringComparison.Ordinal)
        && Payload(found.Payload, "host") == settings.Host.ToString()
        && Payload(found.Payload, "deployment") == progress.Deployment.ToString();

    private static string? Payload(object? payload, string name)
    {
        if (payload is IDictionary<string, object> fields)
        {
            return fields.TryGetValue(name, out var value) ? value as string : null;
        }

        if (payload is not string text)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(name, out var value)
                && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Octokit.DeploymentState State(Model.DeploymentState state) => state switch
    {
        Model.DeploymentState.Queued => Octokit.DeploymentState.Queued,
        Model.DeploymentState.InProgress => Octokit.DeploymentState.InProgress,
        Model.DeploymentState.Success => Octokit.DeploymentState.Success,
        Model.DeploymentState.Failure => Octokit.DeploymentState.Failure,
        Model.DeploymentState.Error => Octokit.DeploymentState.Error,
        Model.DeploymentState.Inactive => Octokit.DeploymentState.Inactive,
        _ => throw new UnreachableException(),
    };

    private static bool IsSame(DeploymentStatusDocument latest, NewDeploymentStatus wanted) =>
        new StringEnum<Octokit.DeploymentState>(latest.State ?? "none").TryParse(out var state) && state == wanted.State
        && (latest.Description ?? "") == wanted.Description
        && (latest.LogUrl ?? "") == (wanted.LogUrl ?? "");
}
