using Octokit;
using Reconciler.Adapters.Forge;

namespace Reconciler.Adapters.GitHub;

/// <summary>Gives pull requests the labels of the settings. That it fails is no more than a remark.</summary>
internal sealed class PullRequestLabels(GitHubApi api, GitHubSettings settings)
{
    private const string Color = "d93f0b";

    /// <summary>Adds what is missing.</summary>
    /// <returns>Why not; null when all are there.</returns>
    public async Task<string?> AddAsync(PullRequestDocument pullRequest)
    {
        var has = pullRequest.Labels?.Select(label => label.Name).ToHashSet(StringComparer.OrdinalIgnoreCase) ?? [];
        var missing = settings.Labels.Where(label => !has.Contains(label)).ToList();
        if (missing.Count == 0)
        {
            return null;
        }

        try
        {
            foreach (var label in missing)
            {
                await MakeAsync(label);
            }

            await api.AddLabelsAsync(pullRequest.Number, missing);
            return null;
        }
        catch (ApiException e)
        {
            return PlainText.Line($"the pull request has no labels: {GitHubProblem.Of(e).Words}", 300);
        }
        catch (GitHubUnavailableException e)
        {
            return PlainText.Line($"the pull request has no labels: {e.Message}", 300);
        }
    }

    private async Task MakeAsync(string label)
    {
        if (await api.LabelAsync(label) is not null)
        {
            return;
        }

        try
        {
            await api.MakeLabelAsync(new NewLabel(label, Color) { Description = "Made by Reconciler" });
        }
        catch (ApiException e) when (GitHubProblem.Of(e).Says("already_exists"))
        {
            // Another host was faster.
        }
    }
}
